package steps

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
)

// payerSeesPage wants words, and no server error, wherever the payer has ended up.
func (w *world) payerSeesPage(ctx context.Context) error {
	if err := w.waitLoaded(ctx); err != nil {
		return w.explain(ctx, err)
	}
	seen, err := w.watch(ctx, wordless, func(ctx context.Context) (bool, error) {
		text, err := w.tab.BodyText(ctx)
		return strings.TrimSpace(text) != "", err
	})
	if err != nil {
		return err
	}
	if address, status := w.serverError(); status != 0 {
		return w.explain(ctx, fmt.Errorf("%s answered HTTP %d", address, status))
	}
	if !seen {
		return w.explain(ctx, fmt.Errorf("the page at %s is empty", w.tab.URL()))
	}
	w.screenshot(ctx, "page")
	return nil
}

// pageSays waits for words wherever the payer is, for pages whose words are known.
func (w *world) pageSays(ctx context.Context, want string) error {
	if _, err := w.tab.WaitText(ctx, "body", want); err != nil {
		return w.explain(ctx, ofBrowser(err))
	}
	w.screenshot(ctx, "page")
	return nil
}

// wordless is how long a page that has loaded may be without words and do nothing about it.
const wordless = 2 * time.Second

// serverError is the first page of the scenario that was one, also where a redirect hid it. What a
// page loads besides, such as its icon, is not the payer's concern.
func (w *world) serverError() (address string, status int) {
	documents := map[string]bool{}
	for _, e := range w.tab.Timeline() {
		switch {
		case e.Kind == browser.Request && e.Text == "Document":
			documents[e.URL] = true
		case e.Kind == browser.Response && e.Status >= 500 && documents[e.URL]:
			return e.URL, e.Status
		}
	}
	return "", 0
}

// atSandbox reports whether an address is QFPay's or WeChat's rather than the merchant's, by
// whichever name of this machine or of the vendors'.
func (w *world) atSandbox(address string) bool {
	if u, err := url.Parse(address); err == nil {
		_, isQFPay := qfpay.HostNamed(u.Hostname())
		_, isWeChat := wechat.HostNamed(u.Hostname())
		if isQFPay || isWeChat {
			return true
		}
	}
	under, own := within(address, w.suite.Vendor), w.suite.Target != nil && within(address, w.suite.Target.Base)
	return under && !(own && len(w.suite.Target.Base) > len(w.suite.Vendor))
}

func (w *world) atCashier(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host, known := qfpay.HostNamed(u.Hostname())
	return known && host.Surface == qfpay.SurfaceCashier || within(address, w.suite.Vendor+"/q")
}

// within reports whether an address is at or below another one.
func within(address, base string) bool {
	a, err := url.Parse(address)
	if err != nil {
		return false
	}
	b, err := url.Parse(base)
	if err != nil || a.Scheme != b.Scheme || a.Port() != b.Port() || machine(a.Hostname()) != machine(b.Hostname()) {
		return false
	}
	root := strings.TrimSuffix(b.Path, "/")
	return a.Path == root || strings.HasPrefix(a.Path, root+"/")
}

// machine is a host name, one for all names of this machine.
func machine(host string) string {
	if host == "localhost" || host == "::1" {
		return "127.0.0.1"
	}
	return strings.ToLower(host)
}
