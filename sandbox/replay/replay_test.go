package replay_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/replay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func parsed(t *testing.T, raw []byte) bundle.Bundle {
	t.Helper()
	b, err := bundle.Parse(bytes.NewReader(raw))
	must(t, err)
	return b
}

func play(t *testing.T, s *server.Server, notifyURL string, b bundle.Bundle) replay.Result {
	t.Helper()
	r, err := replay.Player{Client: control.NewClient(s.ControlURL(), ""), NotifyURL: notifyURL}.Play(t.Context(), b)
	must(t, err)
	return r
}

// told is a result as people read it.
func told(r replay.Result) string {
	var lines []string
	for _, s := range r.Steps {
		lines = append(lines, strings.Join(append([]string{string(s.Verdict), s.Call, s.Recorded, s.Now, s.Note}, s.Differences...), " | "))
	}
	return strings.Join(lines, "\n")
}

func wantSame(t *testing.T, r replay.Result, calls int) {
	t.Helper()
	if !r.AllSame() || r.Same != calls {
		t.Errorf("%d same, %d different, %d not played, want %d same:\n%s", r.Same, r.Different, r.NotPlayed, calls, told(r))
	}
}

// at is another time than the life's.
func at(now time.Time) func(*server.Config) {
	return func(c *server.Config) { c.Clock = hands{now} }
}

// Another seed gives other ids everywhere, and another day other times; they are no difference.
func TestAWholeLifeIsPlayedAgain(t *testing.T) {
	b := parsed(t, wholeLife(t, "then").bundle("T1"))
	for _, now := range []time.Time{morning, morning.AddDate(1, 0, 0), morning.AddDate(-1, 0, 0)} {
		s := start(t, "now", at(now))
		r := play(t, s, "", b)
		wantSame(t, r, 22)
		clock, err := control.NewClient(s.ControlURL(), "").Clock(t.Context(), r.App)
		must(t, err)
		if last := b.Exchanges[len(b.Exchanges)-1].At; !clock.Frozen || !clock.Now.Equal(last) {
			t.Errorf("the App's clock is at %s, frozen %v, want it to stand at the last call's %s", clock.Now, clock.Frozen, last)
		}
	}
}

// step finds the one of an exchange.
func step(t *testing.T, r replay.Result, seq uint64) replay.Step {
	t.Helper()
	for _, s := range r.Steps {
		if s.Seq == seq {
			return s
		}
	}
	t.Fatalf("the result lacks exchange %d:\n%s", seq, told(r))
	return replay.Step{}
}

// first finds the first exchange of a path with this respcd.
func first(t *testing.T, b bundle.Bundle, path, respcd string) *bundle.Exchange {
	t.Helper()
	for i, e := range b.Exchanges {
		if strings.HasPrefix(e.URL, path) && e.Fact(bundle.FactRespcd) == respcd {
			return &b.Exchanges[i]
		}
	}
	t.Fatalf("the bundle has no %s with respcd %s", path, respcd)
	return nil
}

// profile changes the part replay.
func profile(t *testing.T, b *bundle.Bundle, change func(p map[string]any)) {
	t.Helper()
	var p map[string]any
	must(t, json.Unmarshal(b.Replay, &p))
	change(p)
	raw, err := json.Marshal(p)
	must(t, err)
	b.Replay = raw
}

func app(p map[string]any) map[string]any { return p["app"].(map[string]any) }

// What comes out otherwise is told with the place. The bundle is changed here instead of the sandbox,
// which comes to the same.
func TestWhatDiffersIsTold(t *testing.T) {
	raw := wholeLife(t, "then").bundle("T1")
	for _, c := range []struct {
		name   string
		change func(t *testing.T, b *bundle.Bundle)
		path   string
		respcd string
		want   []string
	}{
		{"a fault that is gone", func(t *testing.T, b *bundle.Bundle) {
			e := first(t, *b, "/trade/v1/query", "1143")
			for i := range b.Exchanges { // the second of them, behind the payment
				if x := &b.Exchanges[i]; x.Fact(bundle.FactLever) != "" {
					e = x
				}
			}
			e.Facts = nil
			e.Facts = append(e.Facts, bundle.Fact{Name: bundle.FactCredentials, Value: bundle.CredentialsRight}, bundle.Fact{Name: bundle.FactRespcd, Value: "gone"})
		}, "/trade/v1/query", "gone", []string{`respcd was "1143", is "0000"`, `data was "absent", is "there"`}},
		{"a fault that is new", func(t *testing.T, b *bundle.Bundle) {
			e := first(t, *b, "/trade/v1/refund", "0000")
			e.Facts = append(e.Facts, bundle.Fact{Name: bundle.FactLever, Value: "http=502"})
		}, "/trade/v1/refund", "0000", []string{`HTTP status was "200", is "502"`}},
		{"a fault that closes the connection", func(t *testing.T, b *bundle.Bundle) {
			e := first(t, *b, "/trade/v1/refund", "0000")
			e.Facts = append(e.Facts, bundle.Fact{Name: bundle.FactLever, Value: "cut=before"})
		}, "/trade/v1/refund", "0000", []string{`HTTP status was "200", is "no answer"`}},
		{"a setting", func(t *testing.T, b *bundle.Bundle) {
			profile(t, b, func(p map[string]any) { app(p)["currencies"] = []string{"AUD"} })
		}, "/trade/v1/payment", "0000", []string{`respcd was "0000", is "1`, "pay_params was"}},
		{"another amount", func(_ *testing.T, b *bundle.Bundle) {
			e := first(t, *b, "/trade/v1/payment", "0000")
			e.RequestBody = bytes.Replace(e.RequestBody, []byte("txamt=300"), []byte("txamt=301"), 1)
		}, "/trade/v1/payment", "0000", []string{`txamt was "300", is "301"`}},
		{"another answer then", func(_ *testing.T, b *bundle.Bundle) {
			e := first(t, *b, "/trade/v1/payment", "0000")
			e.AnswerHeader["Content-Type"] = []string{"text/plain"}
			e.AnswerBody = append([]byte(nil), "{\"respcd\": \"0000\"}"...)
		}, "/trade/v1/payment", "0000", []string{`header Content-Type was "text/plain", is "application/json`, `pay_params was "absent", is "there"`, "and 5 more"}},
		{"another page then", func(_ *testing.T, b *bundle.Bundle) {
			e := first(t, *b, "/q/direct", "")
			e.AnswerBody = bytes.Replace(e.AnswerBody, []byte("Pets"), []byte("Cats"), 1)
		}, "/q/direct", "", []string{`the body from byte `, `was "Cats`, `is "Pets`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := parsed(t, raw)
			c.change(t, &b)
			r := play(t, start(t, "now"), "", b)
			s := step(t, r, first(t, b, c.path, c.respcd).Seq)
			differences := strings.Join(s.Differences, "\n")
			if s.Verdict != replay.Different || r.AllSame() || r.Different == 0 {
				t.Errorf("exchange %d is %s, want different:\n%s", s.Seq, s.Verdict, told(r))
			}
			for _, want := range c.want {
				if !strings.Contains(differences, want) {
					t.Errorf("it tells %s\nwant %s", differences, want)
				}
			}
		})
	}
}

// The commonest case of somebody in trouble: QFPay never took the payment.
func TestAnOrderThatWasNeverAccepted(t *testing.T) {
	l := begin(t, "then")
	pay := []string{"txamt", "300", "txcurrcd", "HKD", "pay_type", "800201", "out_trade_no", "T1", "txdtm", "2026-03-14 10:00:00"}
	l.signed("/trade/v1/payment", "another key", pay...)
	l.call("/trade/v1/payment", append([]string{"txcurrcd", "XXX"}, append(pay[:2:2], pay[4:]...)...)...)
	l.send("POST", "/trade/v1/payment", `{"out_trade_no": "T1"}`, "Content-Type", "application/json", "X-QF-APPCODE", appCode, "X-QF-SIGN", "0")
	l.call("/trade/v1/query", "out_trade_no", "T1")
	r := play(t, start(t, "now"), "", parsed(t, l.bundle("T1")))
	wantSame(t, r, 4)
	for i, want := range []string{"it was wrong, and cannot be made again without the key", "", "it was wrong", ""} {
		if note := r.Steps[i].Note; (note == "") != (want == "") || !strings.Contains(note, want) {
			t.Errorf("step %d has the note %q, want %q", i+1, note, want)
		}
		if s := r.Steps[i]; i < 3 && strings.HasSuffix(s.Now, "0000") {
			t.Errorf("step %d is answered %q, want a refusal", i+1, s.Now)
		}
	}
}

// A request whose body is not whole is not sent, an answer that is not whole is compared as far as
// that goes.
func TestBodiesThatWereNotKept(t *testing.T) {
	b := parsed(t, wholeLife(t, "then").bundle("T1"))
	query := first(t, b, "/trade/v1/query", "0000")
	query.RequestCut = 7
	page := first(t, b, "/q/direct", "")
	page.AnswerBody, page.AnswerCut = page.AnswerBody[:100], 5000
	r := play(t, start(t, "now"), "", b)
	if s := step(t, r, query.Seq); s.Verdict != replay.NotPlayed || s.Note != "7 bytes of its body were not kept" || s.Now != "" {
		t.Errorf("got %+v, want it not played", s)
	}
	if s := step(t, r, page.Seq); s.Verdict != replay.Same || !strings.Contains(s.Note, "5000 bytes of the recorded answer were not kept") {
		t.Errorf("got %+v, want the same, with a note", s)
	}
	if r.AllSame() || r.NotPlayed != 1 || r.Different != 0 || r.Same != 21 {
		t.Errorf("%d same, %d different, %d not played, want 21, 0 and 1:\n%s", r.Same, r.Different, r.NotPlayed, told(r))
	}
}

// A bundle without room for all exchanges cannot come out the same.
func TestWhatWasLeftOut(t *testing.T) {
	b := parsed(t, wholeLife(t, "then").bundle("T1"))
	profile(t, &b, func(p map[string]any) { p["left_out"] = 3 })
	if r := play(t, start(t, "now"), "", b); r.AllSame() || r.LeftOut != 3 {
		t.Errorf("%d left out and all the same is %v, want 3 and false", r.LeftOut, r.AllSame())
	}
	b.Exchanges = nil
	if r := play(t, start(t, "now"), "", b); r.AllSame() || len(r.Steps) != 0 {
		t.Errorf("a bundle without exchanges gives %d steps and all the same is %v, want none", len(r.Steps), r.AllSame())
	}
}

// Neither the key of then nor the one of now is told, in any spelling.
func TestNoKeyIsTold(t *testing.T) {
	l := wholeLife(t, "then")
	raw := l.bundle("T1")
	s := start(t, "now")
	b := parsed(t, raw)
	e := first(t, b, "/trade/v1/query", "0000")
	e.AnswerBody = []byte("(client_key)") // the difference shows what stood there
	r := play(t, s, "", b)
	result, err := json.Marshal(r)
	must(t, err)
	now, err := control.NewClient(s.ControlURL(), "").App(t.Context(), r.App)
	must(t, err)
	if step(t, r, e.Seq).Verdict != replay.Different {
		t.Errorf("the changed answer is no difference:\n%s", told(r))
	}
	for _, k := range []string{key, now.ClientKey} {
		inJSON, _ := json.Marshal(k)
		for _, form := range []string{k, url.QueryEscape(k), url.QueryEscape(url.QueryEscape(k)), strings.Trim(string(inJSON), `"`), strings.ReplaceAll(k, `"`, `\"`), strings.ReplaceAll(k, "/", `\/`)} {
			if bytes.Contains(raw, []byte(form)) {
				t.Errorf("the bundle tells %q", form)
			}
			if bytes.Contains(result, []byte(form)) || strings.Contains(told(r), form) {
				t.Errorf("the result tells %q", form)
			}
		}
	}
	if !bytes.Contains(raw, []byte("(client_key)")) {
		t.Error("the bundle does not say where a key stood")
	}
}

// What payers did through the controls left no exchange, and is done again.
func TestDeedsOfPayers(t *testing.T) {
	order := func(l *life, respcd string, p ...string) {
		l.call("/trade/v1/payment", append([]string{"txamt", "300", "txcurrcd", "HKD", "out_trade_no", "T1", "txdtm", "2026-03-14 10:00:00"}, p...)...)
		l.wantAnswer(`"respcd": "` + respcd + `"`)
	}
	pays := func(l *life) {
		must(t, second(l.client.PayOrder(t.Context(), appCode, "T1", control.OrderPayer{})))
		l.call("/trade/v1/query", "out_trade_no", "T1")
		l.wantAnswer(`"paydtm": "2026`)
	}
	for _, c := range []struct {
		name string
		live func(l *life)
		call string
		same int
	}{
		{"pay, and an enquiry later", func(l *life) {
			order(l, "0000", "pay_type", "800201")
			l.later(time.Minute)
			must(t, second(l.client.PayOrder(t.Context(), appCode, "T1", control.OrderPayer{Payer: "alice"})))
			l.later(time.Minute)
			l.call("/trade/v1/query", "out_trade_no", "T1")
		}, "the payer pays (controls)", 3},
		{"pay last, by the payer the order is for", func(l *life) {
			l.logIn()
			l.order()
			must(t, second(l.client.PayOrder(t.Context(), appCode, "T1", control.OrderPayer{})))
		}, "the payer pays (controls)", 6},
		{"a code at the till", func(l *life) {
			code, err := l.client.IssueAuthCode(t.Context(), "alice", control.NewAuthCode{App: appCode})
			must(t, err)
			order(l, "1143", "pay_type", "800208", "auth_code", code.AuthCode)
			pays(l)
		}, "the payer pays (controls)", 3},
		{"a code of Alipay at the till", func(l *life) {
			code, err := l.client.IssueAuthCode(t.Context(), "alice", control.NewAuthCode{App: appCode, Wallet: "alipay"})
			must(t, err)
			order(l, "1143", "pay_type", "800108", "auth_code", code.AuthCode)
			pays(l)
		}, "the payer pays (controls)", 3},
		{"a code at the till that pays by itself", func(l *life) {
			pay := sandbox.BehavePay
			must(t, second(l.client.ChangePayer(t.Context(), "alice", control.PayerChange{Behaviour: &pay})))
			code, err := l.client.IssueAuthCode(t.Context(), "alice", control.NewAuthCode{App: appCode})
			must(t, err)
			order(l, "0000", "pay_type", "800208", "auth_code", code.AuthCode)
			l.later(time.Minute)
			l.call("/trade/v1/query", "out_trade_no", "T1")
			l.wantAnswer(`"paydtm": "2026`)
		}, "POST /trade/v1/payment", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := begin(t, "then")
			l.t = t
			c.live(l)
			r := play(t, start(t, "now"), "", parsed(t, l.bundle("T1")))
			wantSame(t, r, c.same)
			if !strings.Contains(told(r), c.call) {
				t.Errorf("it lacks %q:\n%s", c.call, told(r))
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

// A deed that is refused now is a difference.
func TestADeedThatIsRefused(t *testing.T) {
	l := begin(t, "then")
	l.call("/trade/v1/payment", "txamt", "300", "txcurrcd", "HKD", "pay_type", "800201", "out_trade_no", "T1", "txdtm", "2026-03-14 10:00:00")
	must(t, second(l.client.PayOrder(t.Context(), appCode, "T1", control.OrderPayer{Payer: "alice"})))
	b := parsed(t, l.bundle("T1"))
	b.Exchanges = nil
	r := play(t, start(t, "now"), "", b)
	if r.Different != 1 || !strings.Contains(told(r), "it was paid, and is refused now: ") {
		t.Errorf("got\n%s\nwant a difference", told(r))
	}
}

// The merchant of then hears nothing; one that is named hears it all.
func TestNotifications(t *testing.T) {
	l := wholeLife(t, "then")
	b, before := parsed(t, l.bundle("T1")), len(l.shop.all())
	if before != 3 {
		t.Fatalf("the merchant heard %d notifications, want a payment's two and a refund's: %s", before, l.shop.all())
	}
	s := start(t, "now")
	wantSame(t, play(t, s, "", b), 22)

	other := &shop{}
	listening := httptest.NewServer(other)
	t.Cleanup(listening.Close)
	wantSame(t, play(t, s, listening.URL+"/other", b), 22)
	if len(other.all()) != before {
		t.Errorf("who was named heard %d notifications, want %d: %s", len(other.all()), before, other.all())
	}
	if len(l.shop.all()) != before {
		t.Errorf("the merchant of then heard %d notifications more, want none", len(l.shop.all())-before)
	}
}

// A shop of an App has its orders again, also in the sandbox it happened in.
func TestAShopBesideItself(t *testing.T) {
	l := begin(t, "then", func(in *control.NewApp) { in.Mchids = []sandbox.Mchid{"M1", "M2"} })
	for _, m := range []string{"M1", "M2"} {
		l.call("/trade/v1/payment", "txamt", "300", "txcurrcd", "HKD", "pay_type", "800201", "out_trade_no", "T1", "txdtm", "2026-03-14 10:00:00", "mchid", m)
		l.wantAnswer(`"respcd": "0000"`)
	}
	must(t, second(l.client.PayOrder(t.Context(), appCode, "T1", control.OrderPayer{Payer: "alice", Mchid: "M2"})))
	l.call("/trade/v1/query", "out_trade_no", "T1", "mchid", "M2")
	raw, err := l.client.Bundle(t.Context(), appCode, "M2", "T1")
	must(t, err)
	wantSame(t, play(t, l.s, "", parsed(t, raw)), 3)
}

// What fell due behind the last call falls due in a replay too, and an order without a notify_url of
// its own is told where the replay says, not where its App was told then.
func TestNotificationsBehindTheLastCall(t *testing.T) {
	then := &shop{}
	listening := httptest.NewServer(then)
	t.Cleanup(listening.Close)
	l := begin(t, "then", func(in *control.NewApp) { in.NotifyURL = listening.URL })
	l.call("/trade/v1/payment", "txamt", "300", "txcurrcd", "HKD", "pay_type", "800201", "out_trade_no", "T1", "txdtm", "2026-03-14 10:00:00")
	must(t, second(l.client.PayOrder(t.Context(), appCode, "T1", control.OrderPayer{Payer: "alice"})))
	l.later(5 * time.Minute)
	r := play(t, start(t, "now"), l.notifyURL, parsed(t, l.bundle("T1")))
	wantSame(t, r, 2)
	if len(then.all()) != 2 || len(l.shop.all()) != 2 {
		t.Errorf("%d notifications then and %d in the replay, want 2 and 2", len(then.all()), len(l.shop.all()))
	}
}

// A fault that did not come to pass harms no later call.
func TestAFaultIsArmedForOneCall(t *testing.T) {
	b := parsed(t, wholeLife(t, "then").bundle("T1"))
	refused := first(t, b, "/trade/v1/payment", "1108")
	refused.Facts = append(refused.Facts, bundle.Fact{Name: bundle.FactLever, Value: "1143"})
	wantSame(t, play(t, start(t, "now"), "", b), 22)
}
