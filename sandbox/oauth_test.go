package sandbox_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

func TestCheckRedirectURI(t *testing.T) {
	for _, c := range []struct {
		name, uri string
		want      *sandbox.Refusal
	}{
		{"http", "http://m.test/cb", nil},
		{"https with port, query and fragment", "https://m.test:8443/cb?a=1&b=2#/x", nil},
		{"512 characters", "http://h/" + strings.Repeat("店", 503), nil},
		{"513 characters", "http://h/" + strings.Repeat("店", 504), new(parameterRefusal("redirect_uri", "has 513 characters, want at most 512"))},
		{"empty", "", new(missingRefusal("redirect_uri"))},
		{"no scheme", "m.test/cb", new(parameterRefusal("redirect_uri", `is "m.test/cb", want an absolute address`))},
		{"path", "/cb", new(parameterRefusal("redirect_uri", "want an absolute address"))},
		{"no host", "http:///cb", new(parameterRefusal("redirect_uri", "want an absolute address"))},
		{"markup for a host", "http://<script>/", new(parameterRefusal("redirect_uri", "want an absolute address"))},
		{"port without host", "http://:80/cb", new(parameterRefusal("redirect_uri", "want an absolute address"))},
		{"javascript", "javascript:alert(1)", new(parameterRefusal("redirect_uri", "want an absolute address"))},
		{"javascript with slashes", "javascript://m.test/%0aalert(1)", new(parameterRefusal("redirect_uri", "want an absolute address"))},
		{"line break", "http://m.test/cb\r\nSet-Cookie: a=b", new(parameterRefusal("redirect_uri", "want an absolute address"))},
		{"encoded twice", "http%3A%2F%2Fm.test%2Fcb", new(parameterRefusal("redirect_uri", "want an absolute address"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := sandbox.CheckRedirectURI(c.uri)
			if c.want != nil {
				wantRefusal(t, err, *c.want)
			} else if err != nil {
				t.Errorf("got %v, want nil", err)
			}
		})
	}
}

func TestCodesAreWeChats(t *testing.T) {
	w := newWorld(t)
	ctx, e := w.noted()
	code, err := w.IssueCode(ctx, w.app, w.payer)
	w.must(err)
	if !regexp.MustCompile(`^0[0-9]{2}[0-9A-Za-z]{29}$`).MatchString(code.Code) {
		t.Errorf("code is %q, want 32 letters and digits, the first three digits, the very first 0", code.Code)
	}
	if code.App != "APPCODE" || code.Payer != "alice" || !code.ExpiresAt.Equal(morning.Add(5*time.Minute)) {
		t.Errorf("code is %+v, want APPCODE's for alice until 10:05", code)
	}
	if e.Payer != "alice" || e.OpenID != code.OpenID {
		t.Errorf("the exchange is of payer %q and openid %q, want alice and %s", e.Payer, e.OpenID, code.OpenID)
	}
	next, err := w.IssueCode(ctx, w.app, w.payer)
	w.must(err)
	if next.Code == code.Code {
		t.Error("two logins got the same code")
	}
}

func TestOpenIDBelongsToPayerAndAccount(t *testing.T) {
	w := newWorld(t)
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "OTHER"})
	w.must(err)
	bob, err := w.CreatePayer(t.Context(), sandbox.Payer{ID: "bob"})
	w.must(err)
	ids := map[sandbox.OpenID]string{}
	for _, c := range []struct {
		what  string
		app   sandbox.App
		payer sandbox.Payer
	}{{"alice at APPCODE", w.app, w.payer}, {"alice at OTHER", other, w.payer}, {"bob at APPCODE", w.app, bob}} {
		first, err := w.IssueCode(t.Context(), c.app, c.payer)
		w.must(err)
		again, err := w.IssueCode(t.Context(), c.app, c.payer)
		w.must(err)
		if first.OpenID != again.OpenID {
			t.Errorf("%s is %s, then %s, want the same", c.what, first.OpenID, again.OpenID)
		}
		if whose, taken := ids[first.OpenID]; taken {
			t.Errorf("%s and %s share the openid %s", c.what, whose, first.OpenID)
		}
		ids[first.OpenID] = c.what
	}
}

func codeRefusal(rule, respmsg, detail string) sandbox.Refusal {
	return sandbox.Refusal{Rule: rule, Code: "1104", Resperr: "获取openid失败(1104)", Respmsg: respmsg, Fidelity: sandbox.Assumed, Detail: detail}
}

func TestExchangeCodeRefuses(t *testing.T) {
	w := newWorld(t)
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "OTHER"})
	w.must(err)
	code, err := w.IssueCode(t.Context(), w.app, w.payer)
	w.must(err)
	exchange := func(a sandbox.App, code string) error {
		_, err := w.ExchangeCode(t.Context(), a, code)
		return err
	}
	wantRefusal(t, exchange(w.app, ""), missingRefusal("code"))
	wantRefusal(t, exchange(w.app, "x"), codeRefusal("code-unknown", "invalid code, 40029", `code "x" was never issued to this App`))
	wantRefusal(t, exchange(w.app, strings.ToLower(code.Code)), codeRefusal("code-unknown", "invalid code, 40029", "byte for byte"))
	wantRefusal(t, exchange(w.app, " "+code.Code), codeRefusal("code-unknown", "invalid code, 40029", "byte for byte"))
	wantRefusal(t, exchange(other, code.Code), codeRefusal("code-unknown", "invalid code, 40029", "never issued to this App"))
	w.must(exchange(w.app, code.Code)) // none of the refusals burnt it
	wantRefusal(t, exchange(w.app, code.Code), codeRefusal("code-used", "code been used, 40163", "exchanged at 2026-03-14 10:00:00"))
	w.clock.now = morning.Add(time.Hour)
	wantRefusal(t, exchange(w.app, code.Code), codeRefusal("code-used", "code been used, 40163", "exchanged at 2026-03-14 10:00:00"))
}

// WeChat calls a redirect_uri twice at times, and both visits exchange the code at once.
func TestExchangeIsOvertaken(t *testing.T) {
	w := newWorld(t)
	code, err := w.IssueCode(t.Context(), w.app, w.payer)
	w.must(err)
	w.Store = &overtaken{w.Store.(*memstore.Store), func() {
		_, err := w.ExchangeCode(t.Context(), w.app, code.Code)
		w.must(err)
	}}
	_, err = w.ExchangeCode(t.Context(), w.app, code.Code)
	wantRefusal(t, err, codeRefusal("code-used", "code been used, 40163", "exchanged at 2026-03-14 10:00:00"))
}

func TestCodeLivesFiveMinutes(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		live  bool
	}{{0, true}, {4*time.Minute + 59*time.Second, true}, {5*time.Minute - 1, true}, {5 * time.Minute, false}, {5*time.Minute + 1, false}} {
		t.Run(fmt.Sprint(c.after), func(t *testing.T) {
			w := newWorld(t)
			code, err := w.IssueCode(t.Context(), w.app, w.payer)
			w.must(err)
			w.clock.now = morning.Add(c.after)
			id, err := w.ExchangeCode(t.Context(), w.app, code.Code)
			if c.live {
				if err != nil || id != code.OpenID {
					t.Errorf("got openid %q and error %v, want %s", id, err, code.OpenID)
				}
				return
			}
			wantRefusal(t, err, codeRefusal("code-expired", "code expired, 42003", "issued at 2026-03-14 10:00:00 and lived until 2026-03-14 10:05:00; it is 2026-03-14 10:05:00 now"))
		})
	}
}

// The five minutes are the App's own: a moved clock of one App ends no code of another.
func TestCodeLivesOnItsAppsClock(t *testing.T) {
	w := newWorld(t)
	other, err := w.CreateApp(t.Context(), sandbox.App{Code: "OTHER"})
	w.must(err)
	own, err := w.IssueCode(t.Context(), w.app, w.payer)
	w.must(err)
	others, err := w.IssueCode(t.Context(), other, w.payer)
	w.must(err)
	w.app, err = w.MoveClock(t.Context(), w.app.Code, morning.Add(5*time.Minute))
	w.must(err)
	_, err = w.ExchangeCode(t.Context(), w.app, own.Code)
	wantRefusal(t, err, codeRefusal("code-expired", "code expired, 42003", ""))
	_, err = w.ExchangeCode(t.Context(), other, others.Code)
	w.must(err)
}
