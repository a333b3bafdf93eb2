package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// identityPage fetches what a page may: a frame, a script's request, an XHR that sets its own header.
const identityPage = `<title>shop</title><p id=p>here</p><iframe id=f src="/frame"></iframe><script>
fetch('/fetched').then(() => fetch('/own', {headers: {'X-Requested-With': 'XMLHttpRequest'}})).then(() => { document.title = 'done' })
</script>`

func TestServerSeesTheKind(t *testing.T) {
	for _, kind := range wechat.Browsers() {
		t.Run(kind.Kind, func(t *testing.T) {
			s := newSite(t, pages{"/": identityPage, "/frame": `<p>frame`}, func(w http.ResponseWriter, r *http.Request) {})
			tab := visit(t, kind.Kind, s.URL)
			_, err := tab.WaitText(t.Context(), "title", "done")
			must(t, err)
			for _, path := range []string{"/", "/frame", "/fetched", "/own"} {
				header := s.got(t, path).Header
				if got := header.Get("User-Agent"); got != kind.UserAgent {
					t.Errorf("%s: User-Agent: got %q, want %q", path, got, kind.UserAgent)
				}
				for name := range header {
					if strings.HasPrefix(name, "Sec-Ch-Ua") {
						t.Errorf("%s: got %s: %q, want no client hints", path, name, header.Get(name))
					}
				}
				first, _, _ := strings.Cut(kind.AcceptLanguage, ",")
				if got := header.Get("Accept-Language"); !strings.HasPrefix(got, first+",") || strings.Contains(got, ";q=0.9;") {
					t.Errorf("%s: Accept-Language: got %q, want it to start with %s", path, got, first)
				}
				if got := header.Get("Accept"); (path == "/" || path == "/frame") && kind.Accept != "" && got != kind.Accept {
					t.Errorf("%s: Accept: got %q, want %q", path, got, kind.Accept)
				} else if path == "/fetched" && got != "*/*" {
					t.Errorf("%s: Accept: got %q, want */*", path, got)
				}
				want := map[string]string{"/": kind.XRequestedWith, "/frame": kind.XRequestedWith, "/own": "XMLHttpRequest"}[path]
				if got := header.Get("X-Requested-With"); got != want {
					t.Errorf("%s: X-Requested-With: got %q, want %q", path, got, want)
				}
			}
			if got, want := eval(t, tab, `[navigator.userAgent, navigator.platform, navigator.webdriver, innerWidth, innerHeight, devicePixelRatio, navigator.maxTouchPoints > 1, navigator.languages.join()]`),
				fmt.Sprintf("[%q,%q,false,%d,%d,%v,%t,%q]", kind.UserAgent, kind.Platform, kind.Width, kind.Height, kind.Scale, kind.Touch, kind.AcceptLanguage); got != want {
				t.Errorf("page sees %s, want %s", got, want)
			}
		})
	}
}

// A real Chrome sends the same headers whether or not we add one; what Fetch replaces must be complete.
func TestAddingAHeaderLosesNone(t *testing.T) {
	s := newSite(t, pages{"/": `<a id=next href="/next">next</a><form method=post action=/posted><input name=a value="1 &amp; 2"><button id=send>send</button></form>`},
		func(w http.ResponseWriter, r *http.Request) {
			must(t, r.ParseForm())
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			if r.URL.Path == "/posted" {
				http.Redirect(w, r, "/hop?"+r.PostForm.Encode(), http.StatusFound)
			}
		})
	names := map[string][]string{}
	for _, kind := range []string{"ios", "android"} {
		tab := visit(t, kind, s.URL)
		must(t, tab.Click(t.Context(), "#send"))
		_, err := tab.WaitURL(t.Context(), func(u string) bool { return strings.HasSuffix(u, "/hop?a=1+%26+2") })
		must(t, err)
		for _, path := range []string{"/", "/posted", "/hop"} {
			for name := range s.got(t, path).Header {
				names[kind+path] = append(names[kind+path], name)
			}
		}
	}
	for _, path := range []string{"/", "/posted", "/hop"} {
		if ios, android := len(names["ios"+path]), len(names["android"+path]); android != ios+1 {
			t.Errorf("%s: got %d headers on android %v, %d on ios %v; want one more", path, android, names["android"+path], ios, names["ios"+path])
		}
	}
	if got := s.got(t, "/hop").Header.Get("X-Requested-With"); got != "com.tencent.mm" {
		t.Errorf("after a redirect: got X-Requested-With %q, want com.tencent.mm", got)
	}
	if got := s.got(t, "/hop").Header.Get("Cookie"); got != "seen=1" {
		t.Errorf("after a redirect: got Cookie %q, want seen=1", got)
	}
}

func TestNewWindowsOpenInTheSameTab(t *testing.T) {
	for name, html := range map[string]string{
		"link":           `<a id=go target=_blank href="/next?a=1#f">go</a>`,
		"link's child":   `<a target=_blank href="/next?a=1#f"><b id=go>go</b></a>`,
		"named":          `<a id=go target=shop href="/next?a=1#f">go</a>`,
		"base":           `<base target=_blank><a id=go href="/next?a=1#f">go</a>`,
		"window.open":    `<button id=go onclick="window.open('/next?a=1#f')">go</button>`,
		"named open":     `<button id=go onclick="open('next?a=1#f', 'shop', 'width=300')">go</button>`,
		"detached link":  `<button id=go onclick="const a = document.createElement('a'); a.href = '/next?a=1#f'; a.target = '_blank'; a.click()">go</button>`,
		"late address":   `<button id=go onclick="const w = window.open('', '_blank'); setTimeout(() => { w.location.href = '/next?a=1#f' }, 30)">go</button>`,
		"form":           `<form target=_blank action="/next#f"><input type=hidden name=a value=1><button id=go>go</button></form>`,
		"form by script": `<form target=_blank action="/next#f"><input type=hidden name=a value=1></form><button id=go onclick="document.forms[0].submit()">go</button>`,
		"button's own":   `<form action="/next#f"><input type=hidden name=a value=1><button id=go formtarget=_blank>go</button></form>`,
		"iframe's link":  `<iframe srcdoc="<a target=_blank href='/next?a=1#f' style='position:fixed;inset:0'>go</a>" id=go></iframe>`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, pages{"/": html, "/next": `<title>next</title>`}, nil)
			tab := visit(t, "ios", s.URL)
			if name == "iframe's link" {
				must(t, tab.Frame("#go").Click(t.Context(), "a"))
			} else {
				must(t, tab.Click(t.Context(), "#go"))
			}
			_, err := tab.WaitURL(t.Context(), func(u string) bool { return u == s.URL+"/next?a=1#f" })
			must(t, err)
			if got, want := s.got(t, "/next").UserAgent(), tab.Kind().UserAgent; got != want {
				t.Errorf("User-Agent: got %q, want %q", got, want)
			}
		})
	}
}

func TestWindowThatSlipsThroughIsRefused(t *testing.T) {
	s := newSite(t, pages{"/": `<p>shop`, "/next": `<p>next`}, nil)
	tab := visit(t, "ios", s.URL)
	// No event of a link outside the page comes by window.js; the launch flag is the second fence.
	eval(t, tab, `(() => { const a = document.createElement('a'); a.href = '/next'; a.target = '_blank'; a.dispatchEvent(new MouseEvent('click')); })()`)
	must(t, tab.WaitVisible(t.Context(), "p"))
	if got := events(tab, Window); got != s.URL+"/next 0 refused" {
		t.Errorf("got window events %q, want one refused", got)
	}
	if got := s.count("/next"); got != 0 {
		t.Errorf("got %d requests from a refused window, want none", got)
	}
}

func TestNamedIframeIsNoWindow(t *testing.T) {
	s := newSite(t, pages{"/": `<iframe name=inside id=f></iframe><a id=go target=inside href=/next>go</a>`, "/next": `<p id=in>next`}, nil)
	tab := visit(t, "ios", s.URL)
	must(t, tab.Click(t.Context(), "#go"))
	must(t, tab.Frame("#f").WaitVisible(t.Context(), "#in"))
	if got := tab.URL(); got != s.URL+"/" {
		t.Errorf("page: got %s, want it unmoved", got)
	}
}

func TestScriptRunsInPagesBeforeTheirOwn(t *testing.T) {
	s := newSite(t, pages{"/": `<iframe id=f src=/frame></iframe><p id=p></p><script>document.querySelector('#p').textContent = typeof window.bridge</script>`,
		"/frame": `<p id=p></p><script>document.querySelector('#p').textContent = typeof window.bridge</script>`}, nil)
	tab := open(t, "ios", TabOptions{Script: "window.bridge = {} // no newline at the end"})
	for _, address := range []string{s.URL, s.URL + "/?again", strings.Replace(s.URL, "127.0.0.1", "localhost", 1)} {
		must(t, tab.Goto(t.Context(), address))
		if got := text(t, tab, "#p"); got != "object" {
			t.Errorf("%s: page sees %s, want object", address, got)
		}
		if got, err := tab.Frame("#f").Text(t.Context(), "#p"); err != nil || got != "undefined" {
			t.Errorf("%s: iframe sees %s, %v, want undefined", address, got, err)
		}
	}
}

func TestServiceWorkerDoesNotSayHeadless(t *testing.T) {
	s := newSite(t, pages{"/": `<p>shop<script>navigator.serviceWorker.register('/sw.js').then(() => { document.title = 'registered' })</script>`},
		func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, `self.addEventListener('install', e => e.waitUntil(fetch('/from-worker')))`)
		})
	tab := visit(t, "ios", s.URL)
	_, err := tab.WaitText(t.Context(), "title", "registered")
	must(t, err)
	eval(t, tab, `navigator.serviceWorker.ready.then(() => 1)`)
	for _, path := range []string{"/sw.js", "/from-worker"} {
		if got := s.got(t, path).UserAgent(); got != tab.Kind().UserAgent {
			t.Errorf("%s: User-Agent: got %q, want the tab's", path, got)
		}
	}
}
