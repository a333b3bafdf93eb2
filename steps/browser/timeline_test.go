package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestTimelineTellsWhatHappened(t *testing.T) {
	s := newSite(t, pages{"/": `<title>shop</title><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><img src=/missing.png><script>
console.log('paid', 3, {a: 1}, null, true); console.error(new Error('broken'));
fetch('/api', {method: 'POST', body: 'x'}).then(() => fetch('http://example.com/collect')).catch(() => { setTimeout(() => { document.title = 'over'; throw new TypeError('oops\nsecond line') }) });
</script>`}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api" {
			http.NotFound(w, r)
		}
	})
	tab := visit(t, "ios", s.URL)
	_, err := tab.WaitText(t.Context(), "title", "over")
	must(t, err)
	eval(t, tab, `new Promise(done => setTimeout(done))`) // the exception is reported behind its task
	for kind, want := range map[EventKind][]string{
		Request:    {"GET " + s.URL + "/ 0 Document", "GET " + s.URL + "/missing.png 0 Image", "POST " + s.URL + "/api 0 Fetch", "GET http://example.com/collect 0 Fetch"},
		Response:   {"GET " + s.URL + "/ 200 text/html", "GET " + s.URL + "/missing.png 404 text/plain", "POST " + s.URL + "/api 200"},
		Failed:     {"GET http://example.com/collect 0 net::ERR_NAME_NOT_RESOLVED"},
		Console:    {"0 log: paid 3 Object null true", "0 error: Error: broken"},
		Exception:  {s.URL + "/ 0 Uncaught TypeError: oops"},
		Navigation: {s.URL + "/ 0"},
	} {
		got := events(tab, kind)
		for _, line := range want {
			if !strings.Contains(got+"\n", line) {
				t.Errorf("%s: got\n%s\nwant a line %q", kind, got, line)
			}
		}
		if strings.Contains(got, "data:") {
			t.Errorf("%s: got %s, want no data: address", kind, got)
		}
	}
	list := tab.Timeline()
	for i := 1; i < len(list); i++ {
		if list[i].At.Before(list[i-1].At) {
			t.Errorf("event %d is older than the one before it", i)
		}
	}
}

func TestTimelineIsBounded(t *testing.T) {
	s := newSite(t, pages{"/": `<title>shop</title>`}, nil)
	tab := visit(t, "ios", s.URL)
	if got := tab.Dropped(); got != 0 {
		t.Errorf("dropped: got %d, want 0", got)
	}
	before := len(tab.Timeline())
	eval(t, tab, fmt.Sprintf(`for (let i = 1; i <= %d; i++) console.log(i)`, timelineSize+50))
	eval(t, tab, `console.log('x'.repeat(1e6))`)
	list := tab.Timeline()
	if len(list) != timelineSize || tab.Dropped() != before+51 {
		t.Errorf("got %d events, %d dropped, want %d and %d", len(list), tab.Dropped(), timelineSize, before+51)
	}
	if got, want := list[0].Text, "log: 52"; got != want {
		t.Errorf("oldest: got %q, want %q", got, want)
	}
	if got := len(list[len(list)-1].Text); got > maxText+5 {
		t.Errorf("newest: got %d bytes, want it shortened", got)
	}
}

func TestDialogsAreAcceptedAndRecorded(t *testing.T) {
	s := newSite(t, pages{"/": `<title>shop</title><iframe src=/frame></iframe><script>alert('hello')</script><p id=p></p>
<script>p.textContent = confirm('sure?') + ' ' + prompt('how many?', '3')</script><button id=b onclick="alert('tapped'); document.title = 'tapped'">b</button>`,
		"/frame": `<script>onload = () => alert('from the frame')</script>`, "/next": `<title>next</title>`}, nil)
	tab := visit(t, "ios", s.URL)
	if got := text(t, tab, "#p"); got != "true 3" {
		t.Errorf("got %q, want true 3", got)
	}
	must(t, tab.Click(t.Context(), "#b"))
	_, err := tab.WaitText(t.Context(), "title", "tapped")
	must(t, err)
	_, err = tab.Screenshot(t.Context())
	must(t, err)
	eval(t, tab, `window.onbeforeunload = () => 'stay?'`)
	must(t, tab.Goto(t.Context(), s.URL+"/next"))
	var got []string
	for _, d := range tab.Dialogs() {
		got = append(got, d.Type+" "+d.Message+" "+strings.TrimPrefix(d.URL, s.URL))
	}
	for _, want := range []string{"alert hello /", "confirm sure? /", "prompt how many? /", "alert from the frame /frame", "alert tapped /", "beforeunload  /"} {
		if !strings.Contains("\n"+strings.Join(got, "\n")+"\n", "\n"+want+"\n") {
			t.Errorf("got dialogs %q, want %q", got, want)
		}
	}
	if got := events(tab, Dialogue); !strings.Contains(got, s.URL+"/ 0 confirm: sure?") {
		t.Errorf("timeline: got %s, want the dialogs", got)
	}
}
