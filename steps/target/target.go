package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Target is a merchant that runs and can be asked.
type Target struct {
	Profile Profile
	// Base is the merchant's address.
	Base string

	values  *strings.Replacer
	process *process
	client  *http.Client
}

// ErrUnreachable means that the merchant could not be reached, so it was not judged.
var ErrUnreachable = errors.New("merchant unreachable")

// Sandbox is where a merchant finds its vendors.
type Sandbox struct {
	// URL is the vendor surface.
	URL string
	// Proxy takes CONNECT for the vendors' hosts, CAFile holds the certificate of the CA that signs for them; both
	// for a merchant that runs unchanged.
	Proxy, CAFile string
}

// Open starts the merchant if its profile says how, and waits until it answers. The caller closes it. Errors:
// ErrUnreachable, ErrProfile.
func Open(ctx context.Context, p Profile, at Sandbox) (*Target, error) {
	t := &Target{Profile: p, client: &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	port := ""
	if p.Start != nil {
		var err error
		if port, err = freePort(); err != nil {
			return nil, fmt.Errorf("%w: no free port for it: %w", ErrUnreachable, err)
		}
	}
	pairs := []string{"{port}", port, "{sandbox}", strings.TrimSuffix(at.URL, "/"), "{proxy}", at.Proxy, "{ca_file}", at.CAFile,
		"{app_code}", p.App.AppCode, "{client_key}", p.App.ClientKey, "{mchid}", p.App.Mchid}
	t.Base = strings.TrimSuffix(strings.NewReplacer(pairs...).Replace(p.Merchant), "/")
	t.values = strings.NewReplacer(append(pairs, "{merchant}", t.Base, "{merchant_host}", bareHost(t.Base))...)
	if err := t.checkAddresses(); err != nil {
		return nil, err
	}
	if p.Start != nil {
		process, err := t.start(ctx)
		if err != nil {
			return nil, err
		}
		t.process = process
	}
	if err := t.waitReady(ctx); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// checkAddresses checks what the placeholders have made of the profile's addresses.
func (t *Target) checkAddresses() error {
	err := errors.Join(webAddress("merchant", t.Base), webAddress("order.url", t.OrderURL("1", 1)))
	if notify := t.NotifyURL(); notify != "" {
		err = errors.Join(err, webAddress("notify_url", notify))
	}
	if s := t.Profile.Status; s != nil {
		err = errors.Join(err, webAddress("status.url", t.ofOrder(s.URL, "1", 1)))
	}
	return err
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// waitReady asks until an answer below 500 comes, the process ends, or the time is over. A
// merchant that we did not start has to be there already.
func (t *Target) waitReady(ctx context.Context) error {
	address, within := t.Base+"/", 3*time.Second
	if s := t.Profile.Start; s != nil {
		within = 20 * time.Second
		if s.Ready != "" {
			address = t.values.Replace(s.Ready)
			if strings.HasPrefix(address, "/") {
				address = t.Base + address
			}
		}
		if s.Within != "" {
			within, _ = time.ParseDuration(s.Within) // checked when the profile was read
		}
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		status, err := t.probe(ctx, address)
		switch {
		case err == nil && status < 500:
			return nil
		case err == nil:
			last = fmt.Errorf("it answered HTTP %d", status)
		case last == nil || ctx.Err() == nil: // the end of our patience is no news of the merchant
			last = err
		}
		select {
		case <-t.process.ended():
			return fmt.Errorf("%w: %s ended before it answered: %w", ErrUnreachable, t.Profile.Name, t.process.failure())
		case <-ctx.Done():
			return fmt.Errorf("%w: %s did not answer within %s: %w%s", ErrUnreachable, address, within, last, t.process.tail())
		case <-tick.C:
		}
	}
}

func (t *Target) probe(ctx context.Context, address string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// Gone says why the merchant can no longer be reached: its process has ended, or nothing listens
// at its address. The error wraps ErrUnreachable; nil while it is there.
func (t *Target) Gone(ctx context.Context) error {
	select {
	case <-t.process.ended():
		return fmt.Errorf("%w: %s has ended: %w", ErrUnreachable, t.Profile.Name, t.process.failure())
	default:
	}
	u, err := url.Parse(t.Base)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	dialer := net.Dialer{Timeout: 2 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: %s: %w", ErrUnreachable, t.Base, err)
	}
	if err == nil {
		_ = conn.Close() // it answered, which was the question
	}
	return nil
}

// OrderURL is the address a payer opens for this order.
func (t *Target) OrderURL(outTradeNo string, txamt int64) string {
	return t.ofOrder(t.Profile.Order.URL, outTradeNo, txamt)
}

func (t *Target) ofOrder(address, outTradeNo string, txamt int64) string {
	return strings.NewReplacer("{out_trade_no}", url.PathEscape(outTradeNo), "{txamt}", fmt.Sprint(txamt)).Replace(t.values.Replace(address))
}

// NotifyURL is what is registered with QFPay for this merchant, empty for nothing.
func (t *Target) NotifyURL() string { return t.values.Replace(t.Profile.NotifyURL) }

// OfficialAccount is the merchant's own with its addresses filled in, nil where it has none.
func (t *Target) OfficialAccount() *OfficialAccount {
	o := t.Profile.App.OfficialAccount
	if o == nil {
		return nil
	}
	filled := *o
	filled.OAuthDomains, filled.PayDirectories = t.fill(o.OAuthDomains), t.fill(o.PayDirectories)
	return &filled
}

func (t *Target) fill(texts []string) []string {
	filled := make([]string, len(texts))
	for i, text := range texts {
		filled[i] = t.values.Replace(text)
	}
	return filled
}

// Hosts are the host names a payer's browser must reach, besides the sandbox's.
func (t *Target) Hosts() []string {
	return append([]string{hostOf(t.Base)}, t.Profile.Hosts...)
}

// Close ends the merchant if we started it.
func (t *Target) Close() error { return t.process.stop() }
