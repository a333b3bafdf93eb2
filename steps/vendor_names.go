package steps

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) vendorNameSteps(sc *godog.ScenarioContext) {
	sc.When(`^a payer logs in at "([^"]*)"$`, w.logInAt)
	sc.Then(`^the payer comes by "([^"]*)"$`, w.cameBy)
}

// logInAt is the login of method 2 with the sandbox under another name: every host name leads there, as
// a resolver would have it.
func (w *world) logInAt(ctx context.Context, host string) error {
	u, err := url.Parse(w.suite.Vendor)
	if err != nil {
		return broke(err)
	}
	client := http.Client{
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, u.Host)
		}},
	}
	p := qfpay.Params{{Name: "app_code", Value: string(w.own.AppCode)}, {Name: "redirect_uri", Value: merchantCallback}}
	next := u.Scheme + "://" + host + "/tool/v1/get_weixin_oauth_code?" + append(p, qfpay.Param{Name: "sign", Value: w.signed(p)}).Encode()
	w.passed, w.code = nil, ""
	for range 5 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, next, nil)
		if err != nil {
			return broke(err)
		}
		req.Header = w.phone("")
		w.passed = append(w.passed, req.URL.Hostname())
		resp, err := client.Do(req)
		if err != nil {
			return broke(err)
		}
		next = resp.Header.Get("Location")
		if err := resp.Body.Close(); err != nil {
			return broke(err)
		}
		to, err := url.Parse(next)
		if err != nil || next == "" {
			return fmt.Errorf("%s answered HTTP %d with the address %q", req.URL.Hostname(), resp.StatusCode, next)
		}
		if strings.HasPrefix(next, merchantCallback) {
			w.code = to.Query().Get("code")
			return nil
		}
	}
	return fmt.Errorf("the login did not end after five redirects, last to %s", next)
}

func (w *world) cameBy(want string) error {
	if !slices.Equal(w.passed, split[string](want)) {
		return fmt.Errorf("the payer came by %s, want %s", strings.Join(w.passed, ", "), want)
	}
	return nil
}
