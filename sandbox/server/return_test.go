package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// counter is a shop that is told of its orders, with one open order of alice's.
type counter struct {
	*server.Server
	t      *testing.T
	app    sandbox.App
	order  sandbox.Transaction
	params sandbox.PayParams
	// asked gets a value for each notification, which is answered when answer gives one.
	asked, answer chan struct{}
}

func openCounter(t *testing.T, payType string, plan ...sandbox.Delivery) *counter {
	t.Helper()
	c := &counter{t: t, asked: make(chan struct{}, 10), answer: make(chan struct{}, 10)}
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.asked <- struct{}{}
		select {
		case <-c.answer:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, "SUCCESS")
	}))
	t.Cleanup(shop.Close)
	c.Server = start(t, server.Config{Apps: []sandbox.App{{Code: demoCode, ClientKey: demoKey, NotifyURL: shop.URL, Delivery: sandbox.DeliveryPlan{Deliveries: plan}}}})
	g := c.Gateway()
	_, err := g.CreatePayer(t.Context(), sandbox.Payer{ID: "alice"})
	must(t, err)
	c.app, err = g.Store.App(t.Context(), demoCode)
	must(t, err)
	c.order, c.params, err = g.Pay(t.Context(), c.app, sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: payType, OutTradeNo: "T1",
		Txdtm: sandbox.FormatTime(g.Now(c.app)), SubOpenID: wechat.OpenIDFor("alice", c.app.Account.AppID)})
	must(t, err)
	return c
}

// handed is what the bridge sends of these parameters.
func (c *counter) handed(p sandbox.PayParams) string {
	body, err := json.Marshal(map[string]any{"page": c.URL() + "/q/direct", "params": map[string]string{
		"appId": p.AppID, "timeStamp": p.TimeStamp, "nonceStr": p.NonceStr, "package": p.Package, "signType": p.SignType, "paySign": p.PaySign}})
	must(c.t, err)
	return string(body)
}

// send is a request of alice's iPhone.
func (c *counter) send(ctx context.Context, path, contentType, body string) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL()+path, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	phone, _ := wechat.BrowserNamed("ios")
	req.Header = http.Header{"User-Agent": {phone.UserAgent}, "Content-Type": {contentType}, "Cookie": {"sandbox_payer=alice"}}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp, string(answer), err
}

// notification is the only one the order brought forth.
func (c *counter) notification() sandbox.Notification {
	c.t.Helper()
	list, err := c.Gateway().Store.Notifications(c.t.Context(), demoCode, "T1")
	must(c.t, err)
	if len(list) != 1 {
		c.t.Fatalf("%d notifications are there, want one", len(list))
	}
	return list[0]
}

// A return is what the page tells; it pays nothing, says nothing, and counts once the order is paid.
func TestReturnMakesDue(t *testing.T) {
	c := openCounter(t, "800207", sandbox.Delivery{On: sandbox.OnReturned, Variant: sandbox.VariantGood})
	close(c.answer)
	returns := func(name, body string) {
		t.Helper()
		resp, answer, err := c.send(t.Context(), "/wallet/returned", "text/plain;charset=UTF-8", body)
		must(t, err)
		if resp.StatusCode != http.StatusNoContent || answer != "" || resp.Header.Get("X-Sandbox-Decided-By") != "default" || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: HTTP %d, %v and %q, want 204 and nothing else", name, resp.StatusCode, resp.Header, answer)
		}
	}
	returns("before it is paid", c.handed(c.params))
	o, _, err := c.Gateway().FindOrder(t.Context(), demoCode, "", "T1")
	must(t, err)
	if o.Transaction.State != sandbox.StateCreated {
		t.Fatalf("a return made the order %s", o.Transaction.State)
	}
	_, answer, err := c.send(t.Context(), "/wallet/pay", "application/json", c.handed(c.params))
	must(t, err)
	if !strings.Contains(answer, "get_brand_wcpay_request:ok") {
		t.Fatalf("the wallet answers %s, want ok", answer)
	}
	change := func(of func(*sandbox.PayParams)) string {
		p := c.params
		of(&p)
		return c.handed(p)
	}
	for name, body := range map[string]string{
		"nothing": "", "null": "null", "a list": "[]", "no params": "{}", "huge": `{"page": "` + strings.Repeat("x", 20_000) + `"}`,
		"another paySign":    change(func(p *sandbox.PayParams) { p.PaySign = strings.Repeat("0", 32) }),
		"no paySign":         change(func(p *sandbox.PayParams) { p.PaySign = "" }),
		"another nonceStr":   change(func(p *sandbox.PayParams) { p.NonceStr += "0" }),
		"another prepay_id":  change(func(p *sandbox.PayParams) { p.Package += "0" }),
		"an unknown account": change(func(p *sandbox.PayParams) { p.AppID = "wx0" }),
	} {
		returns(name, body)
		if n := c.notification(); n.Waiting != sandbox.OnReturned || len(n.Attempts) != 0 {
			t.Errorf("after %s it %s, want it to wait for the return", name, n.Describe())
		}
	}
	returns("the page's own", c.handed(c.params))
	<-c.asked
	if e := lastOf(t, c.Server, demoCode); e.URL == "/wallet/returned" && (e.DecidedBy != "default" || e.OutTradeNo != "T1") {
		t.Errorf("recorded of %q, decided by %q, want T1 and default", e.OutTradeNo, e.DecidedBy)
	}
	returns("a second time", c.handed(c.params))
}

// Whichever way the order is paid, the payer gets the answer after the merchant was told.
func TestBeforeReturnHoldsThePayerBack(t *testing.T) {
	for _, w := range []struct {
		name, payType string
		pays          func(*counter) error
	}{
		{"in the wallet", "800207", func(c *counter) error {
			_, answer, err := c.send(c.t.Context(), "/wallet/pay", "application/json", c.handed(c.params))
			if err == nil && !strings.Contains(answer, "get_brand_wcpay_request:ok") {
				err = fmt.Errorf("the wallet answers %s", answer)
			}
			return err
		}},
		{"at the page", "800201", func(c *counter) error {
			_, answer, err := c.send(c.t.Context(), sandbox.PayPageTarget(c.app, c.order), "application/x-www-form-urlencoded", "decision=pay")
			if err == nil && !strings.Contains(answer, `data-state="paid"`) {
				err = fmt.Errorf("the page answers %s", answer)
			}
			return err
		}},
		{"from the controls", "800201", func(c *counter) error {
			_, err := control.NewClient(c.ControlURL(), "").PayOrder(c.t.Context(), demoCode, "T1", control.OrderPayer{Payer: "alice"})
			return err
		}},
	} {
		t.Run(w.name, func(t *testing.T) {
			c := openCounter(t, w.payType, sandbox.Delivery{On: sandbox.OnPaid, Variant: sandbox.VariantGood, BeforeReturn: true})
			paid := make(chan error, 1)
			go func() { paid <- w.pays(c) }()
			select {
			case <-c.asked:
			case err := <-paid:
				t.Fatalf("the payer was answered before the merchant was told, error %v", err)
			}
			select {
			case err := <-paid:
				t.Fatalf("the payer was answered before the merchant had, error %v", err)
			default:
			}
			c.answer <- struct{}{}
			must(t, <-paid)
			if n := c.notification(); len(n.Attempts) != 1 || !n.Attempts[0].Acknowledged {
				t.Errorf("when the payer is answered the notification is %s, want it acknowledged", n.Describe())
			}
		})
	}
}
