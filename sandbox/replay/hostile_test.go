package replay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/replay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// A part replay that nobody's qfsandbox wrote is refused before anything is made for it.
func TestDamagedProfiles(t *testing.T) {
	raw := wholeLife(t, "then").bundle("T1")
	payers := make([]map[string]any, 101)
	for i := range payers {
		payers[i] = map[string]any{"id": fmt.Sprintf("p%d", i), "openid": "the same"}
	}
	for _, c := range []struct {
		name   string
		change func(b *bundle.Bundle)
		want   string
		made   bool
	}{
		{"no JSON", func(b *bundle.Bundle) { b.Replay = []byte("{") }, "its part replay: ", false},
		{"a list", func(b *bundle.Bundle) { b.Replay = []byte("[]") }, "its part replay: ", false},
		{"nothing", func(b *bundle.Bundle) { b.Replay = []byte("null") }, "names no out_trade_no", false},
		{"of something else", func(b *bundle.Bundle) { b.Replay = []byte(`{"log": {"version": "1.2"}}`) }, "names no out_trade_no", false},
		{"a number for a word", func(b *bundle.Bundle) { profile(t, b, func(p map[string]any) { p["out_trade_no"] = 7 }) }, "out_trade_no", false},
		{"too many payers", func(b *bundle.Bundle) { profile(t, b, func(p map[string]any) { p["payers"] = payers }) }, "102 payers, want at most 100", false},
		{"too many openids", func(b *bundle.Bundle) {
			for i := range 120 {
				e := b.Exchanges[len(b.Exchanges)-1]
				e.Seq, e.Facts = e.Seq+1, []bundle.Fact{{Name: bundle.FactOpenID, Value: fmt.Sprintf("openid%d", i)}}
				b.Exchanges = append(b.Exchanges, e)
			}
		}, "payers, want at most 100", false},
		{"an unknown deed", func(b *bundle.Bundle) {
			profile(t, b, func(p map[string]any) { p["deeds"] = []any{map[string]any{"does": "steal\x1b[31m"}} })
		}, `it has a deed "steal\x1b[31m", want pay`, false},
		{"an unknown lever", func(b *bundle.Bundle) {
			b.Exchanges[3].Facts = append(b.Exchanges[3].Facts, bundle.Fact{Name: bundle.FactLever, Value: "explode"})
		}, `has the lever "explode"`, false},
		{"an unknown currency", func(b *bundle.Bundle) {
			profile(t, b, func(p map[string]any) { app(p)["currencies"] = []string{"GOLD"} })
		}, "the sandbox refuses what it asks for: ", false},
		{"an unknown behaviour", func(b *bundle.Bundle) {
			profile(t, b, func(p map[string]any) { p["payers"].([]any)[0].(map[string]any)["behaviour"] = "steal" })
		}, "the sandbox refuses what it asks for: ", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := parsed(t, raw)
			c.change(&b)
			s := start(t, "now")
			client := control.NewClient(s.ControlURL(), "")
			_, err := replay.Player{Client: client}.Play(t.Context(), b)
			if !errors.Is(err, replay.ErrBundle) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			apps, err := client.Apps(t.Context())
			must(t, err)
			if (len(apps) > 0) != c.made {
				t.Errorf("%d Apps were made, want some: %v", len(apps), c.made)
			}
		})
	}
}

// stranger counts who connects, and answers nothing.
type stranger struct {
	net.Listener
	visits atomic.Int32
}

func newStranger(t *testing.T) *stranger {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s := &stranger{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // ends with the listener
			}
			s.visits.Add(1)
			c.Close()
		}
	}()
	return s
}

// Whatever a bundle names, requests go to the sandbox's QFPay and WeChat, and to nothing else: not to
// another host, and not to the controls, which a sandbox with one port has beside them.
func TestNothingIsSentElsewhere(t *testing.T) {
	l := wholeLife(t, "then")
	b := parsed(t, l.bundle("T1"))
	evil := newStranger(t)
	host := evil.Addr().String()
	heard := len(l.shop.all())
	profile(t, &b, func(p map[string]any) {
		p["sandbox"] = map[string]any{"url": "http://" + host}
		app(p)["notify_url"] = "http://" + host + "/notify"
		app(p)["delivery"] = []any{map[string]any{"on": "paid"}, map[string]any{"on": "refunded"}}
		p["order_plan"] = map[string]any{"out_trade_no": "T1", "delivery": []any{map[string]any{"on": "paid"}}}
	})
	for i := range b.Exchanges {
		e := &b.Exchanges[i]
		e.RequestHeader["Host"] = []string{host}
		e.RequestHeader["Forwarded"] = []string{"host=" + host}
		e.RequestHeader["X-Forwarded-Host"] = []string{host}
		if e.AnswerHeader["Location"] != nil {
			e.AnswerHeader["Location"] = []string{"http://" + host + "/connect/oauth2/authorize"}
		}
		e.RequestBody = []byte(strings.ReplaceAll(string(e.RequestBody), strings.TrimPrefix(l.notifyURL, "http://"), host))
	}
	for i, address := range []string{
		"http://" + host + "/trade/v1/query", "//" + host + "/trade/v1/query", "/_sandbox/v1/reset", "/trade/../_sandbox/v1/reset", "/trade/%2e%2e/_sandbox/v1/reset",
		"/trade/..%2f_sandbox/v1/reset", "/%74rade/v1/query", "@" + host + "/trade/v1/query", "trade/v1/query", "*", "", "/trade/v1/query\x00", "/", "/healthz",
	} {
		e := *first(t, b, "/trade/v1/query", "0000")
		e.Seq, e.URL = uint64(1000+i), address
		b.Exchanges = append(b.Exchanges, e)
	}
	for i, method := range []string{"CONNECT", "TRACE", "GET http://" + host, "", "post"} {
		e := *first(t, b, "/trade/v1/query", "0000")
		e.Seq, e.Method = uint64(1100+i), method
		b.Exchanges = append(b.Exchanges, e)
	}
	for i, header := range [][2]string{{"A B", "x"}, {"X", "a\r\nX-Evil: 1"}, {"", "x"}} {
		e := *first(t, b, "/trade/v1/query", "0000")
		e.Seq, e.RequestHeader = uint64(1200+i), map[string][]string{header[0]: {header[1]}}
		b.Exchanges = append(b.Exchanges, e)
	}
	for _, notifyURL := range []string{"", l.notifyURL} {
		s := start(t, "now", func(c *server.Config) { c.SinglePort = true })
		r := play(t, s, notifyURL, b)
		for _, step := range r.Steps {
			if step.Seq >= 1000 && step.Verdict != replay.NotPlayed {
				t.Errorf("%s is %s, want not played", step.Call, step.Verdict)
			}
		}
		if r.NotPlayed != 22 {
			t.Errorf("%d not played, want the 22 that go elsewhere:\n%s", r.NotPlayed, told(r))
		}
		apps, err := control.NewClient(s.ControlURL(), "").Apps(t.Context())
		must(t, err)
		if len(apps) != 1 {
			t.Errorf("the sandbox has %d Apps, want the replay's", len(apps))
		}
	}
	if n := evil.visits.Load(); n != 0 {
		t.Errorf("somebody else was visited %d times, want never", n)
	}
	if n := len(l.shop.all()); n <= heard {
		t.Errorf("who was named with -notify-url heard nothing")
	}
}

// A notify_url that is spelt so that it is not found is not sent where notifications are.
func TestANotifyURLInDisguise(t *testing.T) {
	l := wholeLife(t, "then")
	b := parsed(t, l.bundle("T1"))
	evil := newStranger(t)
	e := first(t, b, "/trade/v1/payment", "0000")
	spelt := strings.ReplaceAll("http://"+evil.Addr().String()+"/x", ".", "%2e")
	body, found := "", false
	for _, pair := range strings.Split(string(e.RequestBody), "&") {
		if strings.HasPrefix(pair, "notify_url=") {
			pair, found = "notify_url="+spelt, true
		}
		body += "&" + pair
	}
	if !found {
		t.Fatalf("the payment has no notify_url: %s", e.RequestBody)
	}
	e.RequestBody = []byte(body[1:])
	r := play(t, start(t, "now"), l.notifyURL, b)
	if s := step(t, r, e.Seq); s.Verdict != replay.NotPlayed || !strings.Contains(s.Note, "notify_url") {
		t.Errorf("got %+v, want it not played", s)
	}
	r = play(t, start(t, "now"), "", b) // nothing is sent, so nothing needs to be found
	if s := step(t, r, e.Seq); s.Verdict != replay.Same {
		t.Errorf("got %+v, want the same", s)
	}
	if n := evil.visits.Load(); n != 0 {
		t.Errorf("somebody else was visited %d times, want never", n)
	}
}

// Whatever a bundle says, it is played or refused, and what is told of it is text.
func FuzzPlay(f *testing.F) {
	f.Add(`{"out_trade_no": "T1"}`, "/trade/v1/query", "POST", "out_trade_no=T1", "right", "", "{}")
	f.Add(`{"out_trade_no": "T1", "sandbox": {"url": "http://x:1"}, "app": {"app_code": "A", "appid": "wx12345678"}}`, "/tool/v1/get_weixin_oauth_code?relay=a%3D1&sign=00000000", "GET", "", "right", "delay=2s", "")
	f.Add(`{"out_trade_no": "T1", "payers": [{"id": "a", "openid": "o12345678"}], "deeds": [{"does": "pay", "openid": "o12345678"}]}`, "/wallet/sheet?p=AAAA", "GET", "\xff", "wrong", "1143", `{"data": [{"respcd": 1}, 2]}`)
	f.Add(`{"out_trade_no": "T1", "numbers": null}`, "/trade/../x", "PUT", "", "of no app", "", `{"respcd": "0000", "data": [{"out_trade_no": 3}]}`)
	f.Add("{}", "//x", "", "", "", "boom", "")
	f.Fuzz(func(t *testing.T, part, address, method, body, credentials, lever, answer string) {
		if !json.Valid([]byte(part)) {
			return // no bundle has such a part
		}
		s := start(t, "now")
		b := bundle.Bundle{Replay: []byte(part), Exchanges: []bundle.Exchange{{
			Seq: 1, At: morning, Method: method, URL: address, RequestHeader: map[string][]string{"Cookie": {body}, "X-Qf-Sign": {body}}, RequestBody: []byte(body),
			Facts:  []bundle.Fact{{Name: bundle.FactCredentials, Value: credentials}, {Name: bundle.FactLever, Value: lever}},
			Status: 200, AnswerHeader: map[string][]string{"Location": {address}}, AnswerBody: []byte(answer),
		}}}
		r, err := replay.Player{Client: control.NewClient(s.ControlURL(), "")}.Play(t.Context(), b)
		if errors.Is(err, replay.ErrBundle) {
			return
		}
		must(t, err)
		if n := r.Same + r.Different + r.NotPlayed; n != len(r.Steps) {
			t.Errorf("%d steps, and %d are counted", len(r.Steps), n)
		}
	})
}

// The names a bundle brings turn no address into another one.
func TestNamesMakeNoAddress(t *testing.T) {
	l := wholeLife(t, "then")
	b := parsed(t, l.bundle("T1"))
	profile(t, &b, func(p map[string]any) { app(p)["notify_url"] = "/trade/" })
	r := play(t, start(t, "now"), l.notifyURL, b)
	s := step(t, r, first(t, b, "/trade/v1/query", "1143").Seq)
	if s.Verdict != replay.NotPlayed || s.Note != "its address is not a path of the sandbox" {
		t.Errorf("got %+v, want it not played", s)
	}
}
