package browser

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestGotoFollowsRedirects(t *testing.T) {
	s := newSite(t, pages{"/page": `<p id=p>here`}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, map[string]string{"/": "/hop", "/hop": "/page?code=1"}[r.URL.Path], http.StatusFound)
	})
	tab := visit(t, "ios", s.URL+"/#top")
	if got, want := tab.URL(), s.URL+"/page?code=1#top"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := events(tab, Response), fmt.Sprintf("GET %[1]s/ 302 text/html\nGET %[1]s/hop 302 text/html\nGET %[1]s/page?code=1 200 text/html", s.URL); got != want {
		t.Errorf("got responses\n%s\nwant\n%s", got, want)
	}
}

func TestNavigationErrors(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	refused := "http://" + closed.Addr().String() + "/"
	closed.Close()
	s := newSite(t, pages{"/ok": `<p id=p>ok`}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/app":
			http.Redirect(w, r, "weixin://wap/pay?prepayid=wx1", http.StatusFound)
		case "/away":
			http.Redirect(w, r, "http://example.com/page", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/file":
			w.Header().Set("Content-Disposition", "attachment")
			fmt.Fprint(w, "bytes")
		case "/hangup":
			panic(http.ErrAbortHandler)
		}
	})
	tab := open(t, "ios", TabOptions{})
	for _, c := range []struct {
		address, ended string // "" the same
		reason         Reason
	}{
		{s.URL + "/app", "weixin://wap/pay?prepayid=wx1", AppScheme},
		{"weixin://dl/business", "", AppScheme},
		{"http://example.com/", "", NotFound},
		{"https://api.weixin.qq.com/", "", NotFound},
		{"http://203.0.113.7/", "", NotFound},
		{"http://10.0.0.1:8080/", "", NotFound},
		{s.URL + "/away", "http://example.com/page", NotFound},
		{refused, "", Refused},
		{s.URL + "/hangup", "", Refused},
		{s.URL + "/loop", "", Unreadable},
		{s.URL + "/empty", "", Cancelled},
		{s.URL + "/file", "", Cancelled},
	} {
		err := tab.Goto(t.Context(), c.address)
		var nav *NavigationError
		if !errors.As(err, &nav) {
			t.Errorf("%s: got %v, want a *NavigationError", c.address, err)
			continue
		}
		if c.ended == "" {
			c.ended = c.address
		}
		if nav.URL != c.address || nav.Ended != c.ended || nav.Reason != c.reason {
			t.Errorf("%s: got %+v, want ended %s, reason %s", c.address, *nav, c.ended, c.reason)
		}
		must(t, tab.Goto(t.Context(), s.URL+"/ok"))
		if got := text(t, tab, "#p"); got != "ok" {
			t.Errorf("after %s: got %q, want ok", c.address, got)
		}
	}
	proxied.Lock()
	defer proxied.Unlock()
	if len(proxied.urls) > 0 {
		t.Errorf("got requests at the environment's proxy: %q, want none", proxied.urls)
	}
}

func TestErrorPageIsNamedLater(t *testing.T) {
	s := newSite(t, pages{"/": `<a id=a href="http://example.com/pay">pay</a>`}, nil)
	tab := visit(t, "ios", s.URL)
	must(t, tab.Click(t.Context(), "#a"))
	_, err := tab.WaitURL(t.Context(), func(u string) bool { return u == "http://example.com/pay" })
	must(t, err)
	err = tab.WaitVisible(brief(t), "#paid")
	var nav *NavigationError
	if !errors.As(err, &nav) || nav.Reason != NotFound {
		t.Fatalf("got %v, want it to wrap a *NavigationError", err)
	}
	if got := err.Error(); !strings.Contains(got, "on http://example.com/pay ") || !strings.Contains(got, "ERR_NAME_NOT_RESOLVED") {
		t.Errorf("got %s, want the address and the net error", got)
	}
	must(t, tab.Back(t.Context()))
	must(t, tab.WaitVisible(t.Context(), "#a"))
}

func TestScriptedAppLinkIsRecorded(t *testing.T) {
	s := newSite(t, pages{"/": `<button id=b onclick="location.href = 'weixin://wap/pay?p=1'">pay</button>`}, nil)
	tab := visit(t, "ios", s.URL)
	must(t, tab.Click(t.Context(), "#b"))
	must(t, tab.WaitVisible(t.Context(), "#b"))
	if got := events(tab, Navigation); !strings.HasSuffix(got, "\nweixin://wap/pay?p=1 0 asked") {
		t.Errorf("got navigations\n%s\nwant the app link asked for", got)
	}
}

func TestMappedHostKeepsItsName(t *testing.T) {
	tab := visit(t, "ios", "http://mapped.example/a")
	if got := text(t, tab, "#host"); got != "mapped.example" || tab.URL() != "http://mapped.example/a" {
		t.Errorf("got host %s at %s, want mapped.example", got, tab.URL())
	}
}

func TestBackAndReloadLoadAgain(t *testing.T) {
	s := newSite(t, pages{"/one": `<title>one</title><a id=a href=/two>two</a>`, "/two": `<title>two</title>`}, nil)
	tab := visit(t, "ios", s.URL+"/one")
	eval(t, tab, `window.mark = 1`)
	must(t, tab.Click(t.Context(), "#a"))
	_, err := tab.WaitText(t.Context(), "title", "two")
	must(t, err)
	must(t, tab.Reload(t.Context()))
	if got := s.count("/two"); got != 2 {
		t.Errorf("reload: got %d requests, want 2", got)
	}
	must(t, tab.Back(t.Context()))
	if got := eval(t, tab, `typeof window.mark`); got != `"undefined"` {
		t.Errorf("back: got the page as it was left (mark is %s), want it loaded again", got)
	}
	if title, err := tab.Title(t.Context()); err != nil || title != "one" || tab.URL() != s.URL+"/one" {
		t.Errorf("back: got %q at %s, %v, want one", title, tab.URL(), err)
	}
	if err := tab.Back(t.Context()); !errors.Is(err, ErrNoHistory) {
		t.Errorf("back from the first page: got %v, want ErrNoHistory", err)
	}
}

func TestBackWithinThePage(t *testing.T) {
	s := newSite(t, pages{"/": `<p id=p>x</p>`}, nil)
	tab := visit(t, "ios", s.URL)
	eval(t, tab, `history.pushState({}, '', '/step2?x=1#y')`)
	if got, want := tab.URL(), s.URL+"/step2?x=1#y"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	must(t, tab.Back(t.Context()))
	if got, want := tab.URL(), s.URL+"/"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	must(t, tab.Goto(t.Context(), s.URL+"/#end"))
	if got := s.count("/"); got != 1 {
		t.Errorf("got %d requests, want 1: a fragment loads nothing", got)
	}
}

func TestGotoDoesNotWaitForAHangingImage(t *testing.T) {
	release := make(chan struct{})
	s := newSite(t, pages{"/": `<p id=p>shop<img src=/slow>`, "/other": `<p>other`}, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	defer close(release)
	tab := open(t, "ios", TabOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
	defer cancel()
	must(t, tab.Goto(ctx, s.URL))
	must(t, ctx.Err())
	if got := text(t, tab, "#p"); got != "shop" {
		t.Errorf("got %q, want shop", got)
	}
	must(t, tab.Goto(t.Context(), s.URL+"/other"))
}

func TestGotoGivesUpOnAHangingServer(t *testing.T) {
	s := newSite(t, pages{"/ok": `<p id=p>ok`}, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	tab := open(t, "ios", TabOptions{})
	err := tab.Goto(brief(t), s.URL+"/never")
	if !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "go to "+s.URL+"/never: gave up after ") {
		t.Errorf("got %v, want it to give up", err)
	}
	must(t, tab.Goto(t.Context(), s.URL+"/ok"))
}

func TestPageThatReplacesItselfIsFollowed(t *testing.T) {
	s := newSite(t, pages{"/": `<script>location.replace('/two')</script><img src=/pixel>`, "/two": `<script>setTimeout(() => location.replace('/three'), 20)</script>`, "/three": `<p id=p>three`}, nil)
	tab := visit(t, "ios", s.URL)
	if got := text(t, tab, "#p"); got != "three" {
		t.Errorf("got %q, want three", got)
	}
	got, err := tab.WaitURL(t.Context(), func(u string) bool { return strings.HasSuffix(u, "/three") })
	if err != nil || got != s.URL+"/three" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestWaitURLNamesWhereItIs(t *testing.T) {
	s := newSite(t, pages{"/stuck": `<p>x`}, nil)
	tab := visit(t, "ios", s.URL+"/stuck")
	_, err := tab.WaitURL(brief(t), func(u string) bool { return false })
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), s.URL+"/stuck") {
		t.Errorf("got %v, want the address and context.DeadlineExceeded", err)
	}
}

func TestAddressThatIsNone(t *testing.T) {
	tab := open(t, "ios", TabOptions{})
	if err := tab.Goto(t.Context(), "shop"); err == nil || !strings.HasPrefix(err.Error(), "go to shop: ") {
		t.Errorf("got %v, want an error that names the address", err)
	}
}
