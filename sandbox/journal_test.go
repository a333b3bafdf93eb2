package sandbox_test

import (
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// recorded authenticates as the App, lets it say what passed, and reads it back from the journal.
func (w *world) recorded(say func(*sandbox.Exchange)) sandbox.Exchange {
	w.t.Helper()
	ctx, e := w.noted()
	_, _ = w.Authenticate(ctx, sandbox.Credentials{AppCode: w.app.Code, Sign: "00"}, qfpay.Params{{Name: "client_key", Value: w.app.ClientKey}})
	say(e)
	w.must(w.Record(w.t.Context(), *e))
	return w.last()
}

func (w *world) last() sandbox.Exchange {
	w.t.Helper()
	page, err := w.Store.Journal(w.t.Context(), w.app.Code, 0, 100)
	w.must(err)
	return page.Exchanges[len(page.Exchanges)-1]
}

// A merchant that sends its client_key does not find it in the journal, wherever it sent it and
// wherever we repeated it.
func TestJournalMasksTheClientKey(t *testing.T) {
	for _, key := range []string{"SANDBOXCLIENTKEY0123456789ABCDEF", "k/y+ with ü&=%"} {
		t.Run(key, func(t *testing.T) {
			w := newWorld(t, func(a *sandbox.App) { a.ClientKey = key })
			once := url.QueryEscape(key)
			e := w.recorded(func(e *sandbox.Exchange) {
				e.URL = "/trade/v1/query?client_key=" + once + "&next=" + url.QueryEscape("http://h/?k="+once)
				e.RequestHeader = textproto.MIMEHeader{"X-Key": {"a", "b " + key}, "Referer": {"http://h/?k=" + once}, "Accept": {"*/*"}}
				e.RequestBody = []byte("a=1&key=" + once + "&raw=" + key)
				e.AnswerHeader = textproto.MIMEHeader{"Location": {"http://h/?client_key=" + once}, "Server": {"nginx"}}
				e.AnswerBody = []byte(`{"echo": "` + key + `"}`)
				e.Error = "cannot reach http://h/?k=" + once
				e.OutTradeNo, e.Payer = sandbox.OutTradeNo(key), sandbox.PayerID(key)
			})
			kept := strings.Join([]string{e.URL, string(e.RequestBody), string(e.AnswerBody), e.Error, string(e.OutTradeNo), string(e.Payer), headerText(e.RequestHeader), headerText(e.AnswerHeader), findingText(e)}, "\n")
			for _, form := range []string{key, once, url.QueryEscape(once)} {
				if strings.Contains(kept, form) {
					t.Errorf("the journal tells the key as %s:\n%s", form, kept)
				}
			}
			if n := strings.Count(kept, "(client_key)"); n < 10 {
				t.Errorf("the journal shows %d masked places, want at least 10:\n%s", n, kept)
			}
			if e.RequestHeader.Get("Accept") != "*/*" || e.AnswerHeader.Get("Server") != "nginx" || !strings.HasPrefix(string(e.RequestBody), "a=1&key=") {
				t.Errorf("what holds no key was masked too:\n%s", kept)
			}
		})
	}
}

// What notify sends is recorded without the request's own context, and masked all the same.
func TestJournalMasksOutgoingExchanges(t *testing.T) {
	w := newWorld(t)
	w.must(w.Record(t.Context(), sandbox.Exchange{App: "APPCODE", Surface: "notify", URL: "http://m.test/notify?k=CLIENTKEY"}))
	if got := w.last().URL; got != "http://m.test/notify?k=(client_key)" {
		t.Errorf("the journal keeps %s, want the key masked", got)
	}
}

// A merchant that takes its client_key for its app code is nobody, and its key is masked all the same.
func TestJournalMasksASwappedKey(t *testing.T) {
	w := newWorld(t)
	for code, want := range map[string]string{"CLIENTKEY": "(client_key)", "NOBODY": "NOBODY"} {
		w.must(w.Record(t.Context(), sandbox.Exchange{
			Surface: "openapi", RequestHeader: textproto.MIMEHeader{"X-Qf-Appcode": {code}}, Findings: []sandbox.Finding{{ID: "x", Detail: "app code " + code}},
		}))
		page, err := w.Store.Journal(t.Context(), "", 0, 100)
		w.must(err)
		e := page.Exchanges[len(page.Exchanges)-1]
		if e.RequestHeader.Get("X-QF-APPCODE") != want || e.Findings[0].Detail != "app code "+want {
			t.Errorf("the journal keeps %v and %v, want %s in both", e.RequestHeader, e.Findings, want)
		}
	}
}

func headerText(h textproto.MIMEHeader) string {
	var b strings.Builder
	for name, values := range h {
		b.WriteString(name + ": " + strings.Join(values, ",") + "\n")
	}
	return b.String()
}

func findingText(e sandbox.Exchange) string {
	var b strings.Builder
	for _, f := range e.Findings {
		b.WriteString(f.ID + ": " + f.Detail + "\n")
	}
	return b.String()
}

// Words of ours are cut where somebody's value makes them long, and say so.
func TestJournalCutsLongWords(t *testing.T) {
	w := newWorld(t)
	ctx, e := w.noted()
	r := w.request()
	r.Txamt = strings.Repeat("狗", 100_000)
	_, _, err := w.Pay(ctx, w.app, r)
	wantRefusal(t, err, parameterRefusal("txamt", "digits only"))
	sandbox.Note(ctx, func(e *sandbox.Exchange) {
		e.App, e.OutTradeNo = "APPCODE", sandbox.OutTradeNo(strings.Repeat("9", 100_000))
	})
	sandbox.Find(ctx, "parameter-txamt", "parameter-txamt"+r.Txamt)
	w.must(w.Record(t.Context(), *e))
	got := w.last()
	if detail := got.Findings[0].Detail; len(detail) > 3000 || !strings.HasSuffix(detail, "more bytes)") || !strings.HasPrefix(detail, "parameter-txamt") {
		t.Errorf("the detail has %d bytes and ends in %q, want a cut one that says so", len(detail), detail[max(0, len(detail)-40):])
	}
	if len(got.OutTradeNo) > 300 {
		t.Errorf("the order number kept has %d bytes, want it cut", len(got.OutTradeNo))
	}
}

func TestNotesWithoutAnExchangeDoNothing(t *testing.T) {
	sandbox.Find(t.Context(), "id", "detail")
	sandbox.NoteRefusal(t.Context(), &sandbox.Refusal{})
	sandbox.Note(t.Context(), func(*sandbox.Exchange) { t.Error("there is no exchange to change") })
}

func TestRefusalsAreNoted(t *testing.T) {
	w := newWorld(t)
	ctx, e := w.noted()
	sandbox.NoteRefusal(ctx, &sandbox.Refusal{Rule: "r", Code: "1108", Fidelity: sandbox.Observed, Detail: "why"})
	if e.Respcd != "1108" || e.Fidelity != sandbox.Observed || len(e.Findings) != 1 || e.Findings[0] != (sandbox.Finding{ID: "r", Detail: "why"}) {
		t.Errorf("the exchange is %+v, want 1108, observed, r: why", e)
	}
}
