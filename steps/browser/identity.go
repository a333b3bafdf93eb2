package browser

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// window.js keeps the payer in one window and hides what gives an automated Chromium away.
//
//go:embed window.js
var windowScript string

// dress gives a fresh tab its kind's identity, before any page is loaded.
func (t *Tab) dress(ctx context.Context, s *chromedp.Target, o TabOptions) error {
	k := t.kind
	// Without metadata no Sec-CH-UA header is sent. That is right for every kind but Chrome, which goes without too.
	if _, err := cdp.Call(ctx, s, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: k.UserAgent, AcceptLanguage: k.AcceptLanguage, Platform: k.Platform}); err != nil {
		return fmt.Errorf("user agent: %w", err)
	}
	if _, err := cdp.Call(ctx, s, emulation.SetDeviceMetricsOverride, metrics(k.Width, k.Height, k.Scale, k.Mobile)); err != nil {
		return fmt.Errorf("viewport: %w", err)
	}
	if k.Touch {
		if _, err := cdp.Call(ctx, s, emulation.SetTouchEmulationEnabled,
			emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 5}); err != nil {
			return fmt.Errorf("touch: %w", err)
		}
	}
	if _, err := cdp.Call(ctx, s, emulation.SetFocusEmulationEnabled,
		emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil { // several tabs, each in front
		return fmt.Errorf("focus: %w", err)
	}
	if o.Script != "" { // what WeChat's client puts into a page is not subject to the page's policy
		if _, err := cdp.Call(ctx, s, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil {
			return fmt.Errorf("content security policy: %w", err)
		}
	}
	for _, script := range []string{t.windowConfig(), onlyInPages(o.Script)} {
		if script == "" {
			continue
		}
		if _, err := cdp.Call(ctx, s, page.AddScriptToEvaluateOnNewDocument,
			page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
			return fmt.Errorf("script: %w", err)
		}
	}
	if err := setCookies(ctx, s, o.Cookies); err != nil {
		return err
	}
	return t.documentHeaders(ctx, s)
}

func metrics(width, height int, scale float64, mobile bool) emulation.SetDeviceMetricsOverrideParams {
	orientation := &emulation.ScreenOrientation{Type: emulation.ScreenOrientationTypePortraitPrimary}
	if width > height {
		orientation.Type, orientation.Angle = emulation.ScreenOrientationTypeLandscapePrimary, 90
	}
	w, h := int64(width), int64(height)
	return emulation.SetDeviceMetricsOverrideParams{Width: w, Height: h, ScreenWidth: w, ScreenHeight: h,
		DeviceScaleFactor: scale, Mobile: mobile, ScreenOrientation: orientation}
}

// windowConfig is window.js with what differs by engine: WebKit (iOS, Safari) knows neither window.chrome nor client
// hints, and Android's web-view as WeChat ships it shows no client hints either.
func (t *Tab) windowConfig() string {
	webkit := strings.Contains(t.kind.UserAgent, "AppleWebKit/605")
	return fmt.Sprintf("(%s)({webkit: %t, hints: %t})", strings.TrimSpace(windowScript), webkit, !webkit && !t.kind.Bridge)
}

// onlyInPages keeps a script out of iframes: those of a real WeChat have no bridge.
func onlyInPages(script string) string {
	if script == "" {
		return ""
	}
	return "if (window === window.top) {\n" + script + "\n}"
}

// documentHeaders gives the requests for pages and iframes what the kind sends and Chromium does not: Accept, and in
// Android's web-view X-Requested-With. Not to others: there they would force CORS preflights that no real phone sends,
// and overwrite what a page's own XHR sets. The goroutine ends with the tab's life; Close waits for it.
func (t *Tab) documentHeaders(ctx context.Context, s *chromedp.Target) error {
	own := [][2]string{}
	for _, h := range [][2]string{{"Accept", t.kind.Accept}, {"X-Requested-With", t.kind.XRequestedWith}} {
		if h[1] != "" {
			own = append(own, h)
		}
	}
	if len(own) == 0 {
		return nil
	}
	events := chromedp.Events(t.life, fetch.RequestPaused)
	t.workers.Go(func() {
		for ev, err := range events {
			if err != nil {
				return
			}
			_, err = chromedp.Call(t.life, fetch.ContinueRequest,
				fetch.ContinueRequestParams{RequestID: ev.RequestID, Headers: withHeaders(ev.Request.Headers, own)})
			t.note("continue request", err)
		}
	})
	_, err := cdp.Call(ctx, s, fetch.Enable, fetch.EnableParams{
		Patterns: []*fetch.RequestPattern{{ResourceType: network.ResourceTypeDocument}}})
	if err != nil {
		return fmt.Errorf("headers of documents: %w", err)
	}
	return nil
}

// withHeaders is the complete list that replaces a request's headers.
func withHeaders(headers network.Headers, own [][2]string) []*fetch.HeaderEntry {
	var list []*fetch.HeaderEntry
	for _, h := range own {
		list = append(list, &fetch.HeaderEntry{Name: h[0], Value: h[1]})
	}
	for n, v := range headers {
		if !slices.ContainsFunc(own, func(h [2]string) bool { return strings.EqualFold(n, h[0]) }) {
			list = append(list, &fetch.HeaderEntry{Name: n, Value: fmt.Sprint(v)})
		}
	}
	return list
}
