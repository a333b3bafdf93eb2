package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"math"
	"strings"
	"testing"
)

func TestClickWaitsForWhatItNeeds(t *testing.T) {
	const report = `<script>document.addEventListener('click', e => {
document.title = e.target.id + e.target.getAnimations().map(a => a.effect.getComputedTiming().endTime < 9999 ? ' too early' : '') })</script>`
	for name, html := range map[string]string{
		"at once":             `<button id=b>b</button>`,
		"appears late":        `<script>setTimeout(() => { document.body.insertAdjacentHTML('beforeend', '<button id=b>b</button>') }, 120)</script>`,
		"hidden first":        `<button id=b style="display:none">b</button><script>setTimeout(() => { b.style.display = '' }, 120)</script>`,
		"disabled first":      `<button id=b disabled>b</button><script>setTimeout(() => { b.disabled = false }, 120)</script>`,
		"covered first":       `<button id=b>b</button><div id=m style="position:fixed;inset:0"></div><script>setTimeout(() => m.remove(), 120)</script>`,
		"rises from below":    `<style>@keyframes up{from{transform:translateY(500px)}}</style><button id=b style="position:fixed;bottom:0;height:40px;animation:up .3s">b</button>`,
		"far below":           `<div style="height:3000px"></div><button id=b>b</button>`,
		"far right":           `<div style="width:3000px"><button id=b style="margin-left:2000px">b</button></div>`,
		"scrolls in a box":    `<div style="height:100px;overflow:auto"><div style="height:900px"></div><button id=b>b</button></div>`,
		"smooth scrolling":    `<style>html{scroll-behavior:smooth}</style><div style="height:3000px"></div><button id=b>b</button>`,
		"jumps at the end":    `<style>@keyframes up{from{transform:translateY(200px)}}</style><button id=b style="animation:up .3s steps(1)">b</button>`,
		"pulses for ever":     `<style>@keyframes p{to{opacity:.5}}</style><button id=b style="animation:p .4s infinite alternate">b</button>`,
		"its child is on top": `<button id=b><span style="pointer-events:none">b</span></button>`,
		"a link of two lines": `<div style="width:200px">xxxxxxxxxxxxxxxx <a id=b href="#x">wwwwww wwwwwww wwwwwwwwww wwwwww</a></div>`,
	} {
		for _, kind := range []string{"ios", "windows"} { // a finger, a mouse
			t.Run(name+" "+kind, func(t *testing.T) {
				s := newSite(t, pages{"/": report + "<body>" + html}, nil)
				tab := visit(t, kind, s.URL)
				must(t, tab.Click(t.Context(), "#b"))
				if got, err := tab.WaitText(t.Context(), "title", "b"); err != nil || got != "b" {
					t.Errorf("got %q, %v, want b", got, err)
				}
			})
		}
	}
}

func TestClickWithoutViewportMeta(t *testing.T) { // laid out 980 wide, shown at 0.4
	s := newSite(t, nil, nil)
	tab := visit(t, "ios", s.URL) // 404, plain text
	eval(t, tab, `document.body.innerHTML = '<button id=b style="position:absolute;left:800px;top:1200px" onclick="document.title=innerWidth">b</button>'`)
	must(t, tab.Click(t.Context(), "#b"))
	if got, err := tab.WaitText(t.Context(), "title", "980"); err != nil {
		t.Errorf("got title %q, %v, want 980", got, err)
	}
}

func TestTwoQuickTapsAreTwoClicks(t *testing.T) {
	s := newSite(t, pages{"/": `<button id=b onclick="document.title = n++" style="width:200px;height:60px">pay</button><script>n = 1</script>`}, nil)
	tab := visit(t, "ios", s.URL)
	must(t, tab.Click(t.Context(), "#b"))
	must(t, tab.Click(t.Context(), "#b"))
	_, err := tab.WaitText(t.Context(), "title", "2")
	must(t, err)
}

func TestInputIsTouchOrMouse(t *testing.T) {
	s := newSite(t, pages{"/": `<button id=b style="width:99px;height:99px">b</button><script>seen = [];
for (const n of ['touchstart', 'mousedown', 'click']) b.addEventListener(n, e => { seen.push(n + ' ' + e.isTrusted + (e.pointerType || '')); if (n == 'click') document.title = seen.join() })</script>`}, nil)
	for kind, want := range map[string]string{
		"android": "touchstart true,mousedown true,click truetouch",
		"mac":     "mousedown true,click truemouse",
	} {
		tab := visit(t, kind, s.URL)
		must(t, tab.Click(t.Context(), "#b"))
		got, err := tab.WaitText(t.Context(), "title", "click")
		must(t, err)
		if got != want {
			t.Errorf("%s: got %s, want %s", kind, got, want)
		}
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	s := newSite(t, pages{"/shop": `<title>Pet shop</title><body><p id=p>hello</p><p id=hidden hidden>x</p><button id=off disabled>x</button>
<button id=under>x</button><div class="mask grey" style="position:fixed;inset:0"></div><div id=div></div><div style="position:absolute;left:-999px"><i id=left>x</i></div>
<iframe id=empty></iframe><iframe id=gone hidden></iframe>`}, nil)
	tab := visit(t, "ios", s.URL+"/shop")
	in := func(frame string) Frame { return tab.Frame(frame) }
	for _, c := range []struct {
		want string
		do   func(context.Context) error
	}{
		{`click "#pay": no such element after`, func(ctx context.Context) error { return tab.Click(ctx, "#pay") }},
		{`click "#hidden": not visible after`, func(ctx context.Context) error { return tab.Click(ctx, "#hidden") }},
		{`click "#off": disabled after`, func(ctx context.Context) error { return tab.Click(ctx, "#off") }},
		{`click "#under": covered by div.mask.grey after`, func(ctx context.Context) error { return tab.Click(ctx, "#under") }},
		{`click "#left": outside the screen after`, func(ctx context.Context) error { return tab.Click(ctx, "#left") }},
		{`wait for "#hidden": not visible after`, func(ctx context.Context) error { return tab.WaitVisible(ctx, "#hidden") }},
		{`read "#no": no such element after`, func(ctx context.Context) error { _, err := tab.Text(ctx, "#no"); return err }},
		{`wait for "paid" in "#p": the text is "hello" after`, func(ctx context.Context) error { _, err := tab.WaitText(ctx, "#p", "paid"); return err }},
		{`click "#pay" in iframe "#no": no such iframe after`, func(ctx context.Context) error { return in("#no").Click(ctx, "#pay") }},
		{`click "#pay" in iframe "#gone": the iframe is not visible after`, func(ctx context.Context) error { return in("#gone").Click(ctx, "#pay") }},
		{`wait for "#pay" in iframe "#empty": no such element after`, func(ctx context.Context) error { return in("#empty").WaitVisible(ctx, "#pay") }},
		{`wait for "#pay" in iframe "#p": "#p" is a p, not an iframe after`, func(ctx context.Context) error { return in("#p").WaitVisible(ctx, "#pay") }},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel() // they only wait
			err := c.do(brief(t))
			if err == nil {
				t.Fatal("got no error")
			}
			if got := err.Error(); !strings.HasPrefix(got, c.want) || !strings.HasSuffix(got, fmt.Sprintf(` on %s/shop (title "Pet shop")`, s.URL)) {
				t.Errorf("got  %s\nwant %s … on %s/shop (title …)", got, c.want, s.URL)
			}
			var missed *ElementError
			if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &missed) {
				t.Errorf("%v: want it to be an *ElementError and context.DeadlineExceeded", err)
			}
		})
	}
}

func TestTabSurvivesAFailedAction(t *testing.T) {
	s := newSite(t, pages{"/": `<p id=p>hello`}, nil)
	tab := visit(t, "ios", s.URL)
	if err := tab.Click(brief(t), "#pay"); err == nil {
		t.Error("got no error, want one")
	}
	if got := text(t, tab, "#p"); got != "hello" {
		t.Errorf("got %q, want hello", got)
	}
	_, err := tab.Screenshot(t.Context())
	must(t, err)
}

func TestSelectorThatIsNone(t *testing.T) {
	tab := open(t, "ios", TabOptions{})
	if err := tab.Click(t.Context(), "##"); !errors.Is(err, ErrSelector) {
		t.Errorf("got %v, want ErrSelector", err)
	}
}

func TestVisibleDoesNotWait(t *testing.T) {
	s := newSite(t, pages{"/": `<p id=p>x</p><p id=h hidden>x</p>`}, nil)
	tab := visit(t, "ios", s.URL)
	for selector, want := range map[string]bool{"#p": true, "#h": false, "#none": false} {
		if got, err := tab.Visible(t.Context(), selector); err != nil || got != want {
			t.Errorf("%s: got %t, %v, want %t", selector, got, err, want)
		}
	}
	if got, err := tab.Frame("#none").Visible(t.Context(), "#p"); err != nil || got {
		t.Errorf("in no iframe: got %t, %v, want false", got, err)
	}
}

func TestTextAsDisplayed(t *testing.T) {
	s := newSite(t, pages{"/": `<title>Pet shop</title><body><div id=d> a <b>b</b><i hidden>secret</i> </div><input id=i value=v><select id=s><option value=1>one</select><svg><text id=t>svg</text></svg>`}, nil)
	tab := visit(t, "ios", s.URL)
	for selector, want := range map[string]string{"#d": "a b", "#i": "v", "#s": "1", "#t": "svg"} {
		if got := text(t, tab, selector); got != want {
			t.Errorf("%s: got %q, want %q", selector, got, want)
		}
	}
	if got, err := tab.BodyText(t.Context()); err != nil || !strings.Contains(got, "a b") || strings.Contains(got, "secret") {
		t.Errorf("body: got %q, %v", got, err)
	}
	if got, err := tab.Title(t.Context()); err != nil || got != "Pet shop" {
		t.Errorf("title: got %q, %v, want Pet shop", got, err)
	}
}

// A page may replace the very functions we look with.
func TestPageCannotFoolTheProbe(t *testing.T) {
	s := newSite(t, pages{"/": `<p id=p>true</p><script>document.querySelector = () => null; JSON.stringify = JSON.parse = () => 'x';
Object.defineProperty(HTMLElement.prototype, 'innerText', {get: () => 'lie'}); Array.prototype.toJSON = () => 'x'</script>`}, nil)
	tab := visit(t, "ios", s.URL)
	if got := text(t, tab, "#p"); got != "true" {
		t.Errorf("got %q, want true", got)
	}
}

func TestIframe(t *testing.T) {
	sheet := `<style>@keyframes up{from{transform:translateY(300px)}}</style><body style="margin:0"><div style="height:1500px"></div>
<button id=pay style="animation:up .2s" onclick="this.textContent = 'paid'; parent.postMessage('paid', '*')">pay</button>`
	for name, style := range map[string]string{
		"in the flow":            "width:300px;height:200px;border:9px solid;padding:5px;margin-top:2500px",
		"wallet sheet":           "position:fixed;left:0;bottom:0;width:100%;height:60%;border:0",
		"higher than the screen": "width:300px;height:2000px",
	} {
		for _, host := range []string{"127.0.0.1", "localhost"} { // the same site; another one
			for _, kind := range []string{"ios", "windows"} {
				t.Run(name+" "+host+" "+kind, func(t *testing.T) {
					vendor := newSite(t, pages{"/sheet": sheet}, nil)
					address := strings.Replace(vendor.URL, "127.0.0.1", host, 1) + "/sheet"
					s := newSite(t, pages{"/": fmt.Sprintf(`<title>shop</title><script>onmessage = e => { document.title = e.data };
setTimeout(() => { document.body.insertAdjacentHTML('beforeend', '<iframe id=wx-wallet style="%s" src="%s"></iframe>') }, 60)</script><body>`, style, address)}, nil)
					tab := visit(t, kind, s.URL)
					wallet := tab.Frame("#wx-wallet")
					must(t, wallet.WaitVisible(t.Context(), "#pay"))
					must(t, wallet.Click(t.Context(), "#pay"))
					_, err := wallet.WaitText(t.Context(), "#pay", "paid")
					must(t, err)
					_, err = tab.WaitText(t.Context(), "title", "paid")
					must(t, err)
					if got := vendor.got(t, "/sheet").UserAgent(); got != tab.Kind().UserAgent {
						t.Errorf("User-Agent: got %q, want the tab's", got)
					}
				})
			}
		}
	}
}

func TestCoveredIframe(t *testing.T) {
	s := newSite(t, pages{"/": `<iframe id=f src=/in style="width:300px;height:200px"></iframe><div id=mask style="position:fixed;inset:0"></div>`, "/in": `<button id=b>b</button>`}, nil)
	tab := visit(t, "ios", s.URL)
	if err := tab.Frame("#f").Click(brief(t), "#b"); err == nil || !strings.Contains(err.Error(), "covered by div#mask") {
		t.Errorf("got %v, want it covered by div#mask", err)
	}
}

func TestScreenshotHasThePhonesSize(t *testing.T) {
	s := newSite(t, pages{"/": `<body style="background:#07c160"><div style="height:4000px">shop</div>`}, nil)
	for _, kind := range []string{"ios", "android", "windows"} {
		tab := visit(t, kind, s.URL)
		data, err := tab.Screenshot(t.Context())
		must(t, err)
		img, err := png.Decode(bytes.NewReader(data))
		must(t, err)
		k := tab.Kind()
		w, h := int(math.Floor(float64(k.Width)*k.Scale)), int(math.Floor(float64(k.Height)*k.Scale))
		if got := img.Bounds().Size(); abs(got.X-w) > 1 || abs(got.Y-h) > 1 {
			t.Errorf("%s: got %d×%d pixels, want %d×%d", kind, got.X, got.Y, w, h)
		}
		if r, g, b, _ := img.At(w/2, h-10).RGBA(); r>>8 != 0x07 || g>>8 != 0xc1 || b>>8 != 0x60 {
			t.Errorf("%s: got colour %02x%02x%02x, want 07c160", kind, r>>8, g>>8, b>>8)
		}
	}
}

func abs(n int) int { return max(n, -n) }
