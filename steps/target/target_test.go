package target_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
)

func open(t *testing.T, text string) (*target.Target, error) {
	t.Helper()
	p, err := target.Load(profile(t, text))
	if err != nil {
		t.Fatal(err)
	}
	m, err := target.Open(t.Context(), p, target.Sandbox{URL: "http://127.0.0.1:9/"})
	if err == nil {
		t.Cleanup(func() {
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return m, err
}

// serve is a merchant whose status address answers this.
func serve(t *testing.T, status int, body string) string {
	t.Helper()
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/status/") {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}))
	t.Cleanup(shop.Close)
	return "app: {app_code: A, client_key: B, mchid: M}\nmerchant: " + shop.URL + "\norder: {url: \"{merchant}/buy/{out_trade_no}?a={txamt}&m={mchid}\"}\n"
}

func TestAddresses(t *testing.T) {
	text := serve(t, 200, "")
	m, err := open(t, text+"notify_url: \"{merchant}/n?s={sandbox}\"\nhosts: [cdn.test]\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.OrderURL("A/1", 300), m.Base+"/buy/A%2F1?a=300&m=M"; got != want {
		t.Errorf("got order address %s, want %s", got, want)
	}
	if got, want := m.NotifyURL(), m.Base+"/n?s=http://127.0.0.1:9"; got != want {
		t.Errorf("got notify address %s, want %s", got, want)
	}
	if got := m.Hosts(); len(got) != 2 || got[0] != "127.0.0.1" || got[1] != "cdn.test" {
		t.Errorf("got hosts %v, want the merchant's and the profile's", got)
	}
}

func TestAsk(t *testing.T) {
	const status = "status:\n  url: \"{merchant}/status/{out_trade_no}\"\n"
	byPath := status + "  paid: {path: order.state, equals: PAID}\n  shipments: order.shipped\n"
	for _, c := range []struct {
		name    string
		code    int
		body    string
		profile string
		paid    bool
		shipped int
		says    string
	}{
		{"paid", 200, `{"order": {"state": "PAID", "shipped": 1}}`, byPath, true, 1, ""},
		{"not paid", 200, `{"order": {"state": "NEW", "shipped": 0}}`, byPath, false, 0, ""},
		{"no such order", 404, "", byPath, false, 0, ""},
		{"no such order, no shipments", 404, "", status + "  paid: {contains: x}\n", false, -1, ""},
		{"a number", 200, `{"p": 1}`, status + "  paid: {path: p, equals: \"1\"}\n", true, -1, ""},
		{"a truth", 200, `{"p": true}`, status + "  paid: {path: p, equals: \"true\"}\n", true, -1, ""},
		{"in a list", 200, `[{"p": "y"}]`, status + "  paid: {path: 0.p, equals: y}\n", true, -1, ""},
		{"a text", 200, "<b>已支付</b>", status + "  paid: {contains: 已支付}\n", true, -1, ""},
		{"another text", 200, "<b>未付</b>", status + "  paid: {contains: 已支付}\n", false, -1, ""},
		{"server error", 500, "boom", byPath, false, 0, "HTTP 500 boom"},
		{"redirect", 302, "", byPath, false, 0, "HTTP 302"},
		{"no JSON", 200, "<html>", byPath, false, 0, "no JSON"},
		{"nothing at the path", 200, `{"order": {}}`, byPath, false, 0, `nothing at "state"`},
		{"path to a list", 200, `{"order": {"state": []}}`, byPath, false, 0, "leads to no single value"},
		{"shipments no number", 200, `{"order": {"state": "PAID", "shipped": "many"}}`, byPath, true, 0, "status.shipments"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := open(t, serve(t, c.code, c.body)+c.profile)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Ask(t.Context(), "N1", 300)
			if c.says != "" {
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("got %v, want an error that says %q", err, c.says)
				}
				return
			}
			if err != nil || got.Paid != c.paid || got.Shipments != c.shipped {
				t.Errorf("got %+v and %v, want paid %v and %d shipments", got, err, c.paid, c.shipped)
			}
		})
	}
}

func TestAskWithoutWitness(t *testing.T) {
	m, err := open(t, serve(t, 200, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Ask(t.Context(), "N1", 1); !errors.Is(err, target.ErrNoWitness) {
		t.Errorf("got %v, want ErrNoWitness", err)
	}
}

// A merchant that ignores SIGTERM is ended all the same, and what it started with it.
func TestStubbornMerchantEnds(t *testing.T) {
	dir := t.TempDir()
	script := `trap "" TERM; sleep 600 & echo $! > ` + dir + `/child; echo $$ > ` + dir + `/self; exec python3 -m http.server {port} --bind 127.0.0.1`
	p, err := target.Load(profile(t, "app: {app_code: A, client_key: B}\norder: {url: \"{merchant}/\"}\nstart:\n  command: [sh, -c, '"+script+"']\n"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := target.Open(t.Context(), p, target.Sandbox{URL: "http://127.0.0.1:9"})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	for _, who := range []string{"self", "child"} {
		raw, err := os.ReadFile(dir + "/" + who)
		if err != nil {
			t.Fatal(err)
		}
		var pid int
		if _, err := fmt.Sscan(string(raw), &pid); err != nil {
			t.Fatal(err)
		}
		if state := stateOf(pid); state != "" && state != "Z" {
			t.Errorf("%s (%d) still runs, state %s", who, pid, state)
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// stateOf is a process's state letter, empty when it is gone.
func stateOf(pid int) string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	return rest[:1]
}

func TestMerchantThatEndsSaysWhy(t *testing.T) {
	_, err := open(t, "app: {app_code: A, client_key: B}\norder: {url: \"{merchant}/\"}\nstart: {command: [sh, -c, \"echo no database on {port}; exit 7\"]}\n")
	if !errors.Is(err, target.ErrUnreachable) || !strings.Contains(err.Error(), "exit status 7") || !strings.Contains(err.Error(), "no database on ") {
		t.Errorf("got %v, want ErrUnreachable with the exit status and its last words", err)
	}
}

// What leads a merchant to its vendors, and what its own account is registered with.
func TestFillsThePlaceholders(t *testing.T) {
	p, err := target.Load(profile(t, `
unchanged: true
app:
  app_code: A
  client_key: B
  official_account: {appid: wx0123456789abcdef, secret: s, oauth_domains: ["{merchant_host}", shop.test], pay_directories: ["{merchant}/pay/"]}
order: {url: "{merchant}/"}
start:
  command: [sh, -c, 'echo "$HTTPS_PROXY $CA $0" >&2; exit 1', "{merchant_host}"]
  env: {HTTPS_PROXY: "{proxy}", CA: "{ca_file}"}
`))
	if err != nil {
		t.Fatal(err)
	}
	at := target.Sandbox{URL: "http://127.0.0.1:9", Proxy: "http://127.0.0.1:8", CAFile: "/ca.pem"}
	_, err = target.Open(t.Context(), p, at)
	if err == nil || !strings.Contains(err.Error(), "http://127.0.0.1:8 /ca.pem 127.0.0.1:") {
		t.Errorf("got %v, want what the merchant was started with", err)
	}

	p.Start, p.Merchant = nil, merchantOf(t)
	m, err := target.Open(t.Context(), p, at)
	if err != nil {
		t.Fatal(err)
	}
	o := m.OfficialAccount()
	host := strings.TrimPrefix(m.Base, "http://")
	if o == nil || !slices.Equal(o.OAuthDomains, []string{host, "shop.test"}) || !slices.Equal(o.PayDirectories, []string{m.Base + "/pay/"}) || o.AppID != "wx0123456789abcdef" {
		t.Errorf("got %+v, want the addresses of %s", o, m.Base)
	}
}

func merchantOf(t *testing.T) string {
	srv := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	return srv.URL
}
