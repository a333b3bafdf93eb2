package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// spellings are how languages write a key into addresses, forms and JSON.
func spellings(key string) map[string]string {
	quoted, _ := json.Marshal(key)
	once := url.QueryEscape(key)
	ascii := strings.NewReplacer("ü", `\u00fc`, "&", `\u0026`, "/", `\/`).Replace(key)
	each, units := "", ""
	for i, b := range []byte(key) {
		if each += fmt.Sprintf("%%%02X", b); i%2 > 0 && b < 128 && strings.IndexByte("%&+ /=", b) < 0 {
			each = each[:len(each)-3] + string(b)
		}
	}
	for _, r := range utf16.Encode([]rune(key)) {
		units += fmt.Sprintf(`\u%04x`, r)
	}
	return map[string]string{
		"every other byte": each, "each byte, twice": url.QueryEscape(each), "JSON of numbers": units,
		"as it is": key, "a form": once, "twice": url.QueryEscape(once), "a path": url.PathEscape(key), "lower case hex": strings.NewReplacer("%2F", "%2f", "%2B", "%2b", "%C3", "%c3", "%BC", "%bc", "%3D", "%3d").Replace(once),
		"slashes kept, as in Python": strings.ReplaceAll(url.PathEscape(key), "%2F", "/"), "JSON": strings.Trim(string(quoted), `"`), "JSON of PHP and Python": ascii,
	}
}

func TestAKeyIsMaskedInAnySpelling(t *testing.T) {
	for _, key := range []string{"SANDBOXCLIENTKEY0123456789ABCDEF", "k/y+ with ü&=%\"'", "a.b-c_d~e", "100%2Bpercent"} {
		for how, written := range spellings(key) {
			t.Run(key+" as "+how, func(t *testing.T) {
				w := newWorld(t, func(a *sandbox.App) { a.ClientKey = key })
				e := w.recorded(func(e *sandbox.Exchange) {
					e.URL, e.RequestBody, e.AnswerBody = "/x?k="+written+"&b=1", []byte("a=1&k="+written), []byte(`{"k": "`+written+`"}`)
					e.RequestHeader = textproto.MIMEHeader{"X-Key": {written}}
				})
				if e.URL != "/x?k=(client_key)&b=1" || string(e.RequestBody) != "a=1&k=(client_key)" || string(e.AnswerBody) != `{"k": "(client_key)"}` || e.RequestHeader.Get("X-Key") != "(client_key)" {
					t.Errorf("the journal keeps %s, %s, %s and %v, want the key masked and nothing else", e.URL, e.RequestBody, e.AnswerBody, e.RequestHeader)
				}
			})
		}
	}
}

// A body that is cut within the key keeps no beginning of it.
func TestABodyCutWithinAKey(t *testing.T) {
	for _, key := range []string{"SANDBOXCLIENTKEY0123456789ABCDEF", "my/key+of great length"} {
		w := newWorld(t, func(a *sandbox.App) { a.ClientKey = key })
		for n := 6; n < len(key); n++ {
			e := w.recorded(func(e *sandbox.Exchange) {
				e.RequestBody, e.RequestCut = []byte("k="+key[:n]), 100
				e.AnswerBody, e.AnswerCut = []byte("k="+key[:n]), 0
			})
			if string(e.RequestBody) != "k=(client_key)" || string(e.AnswerBody) != "k="+key[:n] {
				t.Errorf("the journal keeps %s and %s, want the beginning masked where the body was cut", e.RequestBody, e.AnswerBody)
			}
		}
	}
}

// Keys of other Apps stand in what is nobody's and in what is refused; what is accepted is not looked at.
func TestKeysOfOtherAppsAreMasked(t *testing.T) {
	w := newWorld(t)
	const key, previous, odd, short = "OTHERKEY0123456789", "PREVIOUSKEY0123456789", "odd key/of+another", "KEY"
	for _, a := range []sandbox.App{{Code: "B", ClientKey: key, PreviousKey: previous}, {Code: "C", ClientKey: odd}, {Code: "D", ClientKey: short}} {
		_, err := w.CreateApp(t.Context(), a)
		w.must(err)
	}
	if a, err := w.Store.App(t.Context(), "B"); err != nil || a.PreviousKey != previous {
		t.Fatalf("the App has the previous key %q, %v", a.PreviousKey, err)
	}
	sent := "/x?a=1" + key + "&b=" + previous + "&c=" + url.QueryEscape(odd) + "&d=monKEY"
	const masked = "/x?a=1(client_key)&b=(client_key)&c=(client_key)&d=monKEY"
	for what, c := range map[string]struct {
		app    sandbox.AppCode
		respcd qfpay.Respcd
		want   string
	}{
		"nobody's": {"", "", masked}, "nobody's, refused": {"", "1108", masked}, "refused": {"APPCODE", "1104", masked}, "accepted": {"APPCODE", "0000", sent}, "going out": {"APPCODE", "", sent},
	} {
		e := sandbox.Exchange{App: c.app, URL: sent, Respcd: c.respcd, Findings: []sandbox.Finding{{ID: "x", Detail: "got " + key}}}
		w.must(w.Record(t.Context(), e))
		page, err := w.Store.JournalBefore(t.Context(), "", 0, 1)
		w.must(err)
		if got := page.Exchanges[0]; got.URL != c.want || strings.Contains(got.Findings[0].Detail, key) != (c.want == sent) {
			t.Errorf("%s: the journal keeps %s and %q, want %s", what, got.URL, got.Findings[0].Detail, c.want)
		}
	}
}

// Who sends the controls' token to QFPay's address does not find it in the journal.
func TestTokensAreMasked(t *testing.T) {
	w := newWorld(t)
	w.Tokens = []string{"control-token/1"}
	w.must(w.Record(t.Context(), sandbox.Exchange{App: "APPCODE", RequestHeader: textproto.MIMEHeader{"Authorization": {"Bearer control-token/1"}}, URL: "/?t=control-token%2F1"}))
	if e := w.last(); e.RequestHeader.Get("Authorization") != "Bearer (control token)" || e.URL != "/?t=(control token)" {
		t.Errorf("the journal keeps %v and %s, want the token masked", e.RequestHeader, e.URL)
	}
}

// Nearly no key is looked for in what did not pass; one that did is found in any spelling.
func TestKeysOfOtherAppsAreMaskedInAnySpelling(t *testing.T) {
	w := newWorld(t)
	keys := []string{"OTHERKEY0123456789", "odd key/of+another&one", "ends with ü", "ends with \\", "100%2B of another", `a"quoted"key`, "clef😀clef😀"}
	for i, key := range keys {
		_, err := w.CreateApp(t.Context(), sandbox.App{Code: sandbox.AppCode(fmt.Sprintf("B%d", i)), ClientKey: key})
		w.must(err)
	}
	for _, key := range keys {
		for how, written := range spellings(key) {
			w.must(w.Record(t.Context(), sandbox.Exchange{App: "APPCODE", Respcd: "1108", URL: "/x?k=" + written + "&41"}))
			page, err := w.Store.JournalBefore(t.Context(), "", 0, 1)
			w.must(err)
			if got := page.Exchanges[0].URL; got != "/x?k=(client_key)&41" {
				t.Errorf("%s as %s: the journal keeps %s, want the key masked", key, how, got)
			}
		}
	}
}

// A form that was not encoded shows a + as a blank.
func TestAKeyWhosePlusWasReadAsABlankIsMasked(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.ClientKey = "Zm9v+YmFy+base64" })
	e := w.recorded(func(e *sandbox.Exchange) {
		e.Findings = []sandbox.Finding{{ID: "x", Detail: "it has key=Zm9v YmFy base64"}}
	})
	if e.Findings[0].Detail != "it has key=(client_key)" {
		t.Errorf("the journal keeps %s, want the key masked", e.Findings[0].Detail)
	}
}

func FuzzSpelledKey(f *testing.F) {
	f.Add("a+b%20c&d", "k=a%2Bb%2520c%26d&x")
	f.Add("SANDBOXKEY", `{"k":"\u0053AN\\u0044BOXKEY"}`)
	f.Add(`\\\\`, `\\\\\\\\`)
	f.Fuzz(func(t *testing.T, key, text string) {
		if key == "" || len(key) > 64 {
			return
		}
		masked := sandbox.HideKey(text, key)
		if strings.Contains(sandbox.HideKey(key, key), key) && !strings.Contains("(client_key)", key) {
			t.Errorf("%q is not masked", key)
		}
		if masked != text && !strings.Contains(masked, "(client_key)") {
			t.Errorf("%q became %q, without a mask", text, masked)
		}
	})
}
