package browser

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestResolverRules(t *testing.T) {
	for name, c := range map[string]struct {
		options   Options
		want, err string
	}{
		"none":         {Options{}, "MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE localhost,EXCLUDE ::1", ""},
		"mapped":       {Options{Resolve: map[string]string{"b.example": "127.0.0.1:2", "a.example": "sandbox:1"}}, "MAP a.example sandbox:1,MAP b.example 127.0.0.1:2,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE localhost,EXCLUDE ::1", ""},
		"allowed":      {Options{Allow: []string{"petshop", "*.shop.test"}}, "MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE localhost,EXCLUDE ::1,EXCLUDE petshop,EXCLUDE *.shop.test", ""},
		"unbounded":    {Options{Unbounded: true, Resolve: map[string]string{"a.example": "127.0.0.1:2", "b.example": Nowhere}}, "MAP a.example 127.0.0.1:2,MAP b.example ~NOTFOUND", ""},
		"a URL":        {Options{Allow: []string{"http://petshop"}}, "", `allow: "http://petshop" is not a host name`},
		"with port":    {Options{Resolve: map[string]string{"a:80": "127.0.0.1:1"}}, "", `resolve: "a:80" is not a host name`},
		"everything":   {Options{Allow: []string{"*"}}, "", `allow: "*" is not a host name`},
		"two rules":    {Options{Allow: []string{"a,EXCLUDE *"}}, "", "is not a host name"},
		"no port":      {Options{Resolve: map[string]string{"a": "127.0.0.1"}}, "", `address "127.0.0.1" of host "a" is not host:port`},
		"contradicted": {Options{Resolve: map[string]string{"a": "127.0.0.1:1"}, Allow: []string{"a"}}, "", `host "a" is both`},
	} {
		got, err := c.options.resolverRules()
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %q, %v, want %q, %s", name, got, err, c.want, c.err)
		}
	}
}

// A flag given twice would be two flags, of which Chromium takes one.
func TestFeatureListsAreMerged(t *testing.T) {
	pid := chromedp.FromContext(shared.ctx).Browser.Process().Pid
	line, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	if err != nil {
		t.Skip("no /proc on this system:", err)
	}
	var lists []string
	for arg := range strings.SplitSeq(string(line), "\x00") {
		if list, ok := strings.CutPrefix(arg, "--disable-features="); ok {
			lists = append(lists, list)
		}
	}
	if len(lists) != 1 || !strings.Contains(lists[0], "Translate,BlinkGenPropertyTrees") || !strings.Contains(lists[0], "LocalNetworkAccessChecks") {
		t.Errorf("got --disable-features %q, want one list with chromedp's and ours", lists)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	place := func(name string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755))
		return path
	}
	t.Setenv("PATH", dir)
	t.Setenv(EnvChrome, "")
	names := slices.DeleteFunc(slices.Concat(headlessShells, fullBrowsers), filepath.IsAbs) // this system may have those
	_, err := find(names)
	for _, want := range []string{"chromium-headless-shell", "google-chrome", "apt-get install chromium-headless-shell fonts-noto-cjk", EnvChrome} {
		if !errors.Is(err, ErrNoBrowser) || !strings.Contains(err.Error(), want) {
			t.Errorf("none: got %v, want ErrNoBrowser with %q", err, want)
		}
	}
	// Ubuntu's /usr/bin/chromium-browser without its snap.
	must(t, os.WriteFile(filepath.Join(dir, "chromium-browser"), []byte("#!/bin/sh\necho 'Command requires the chromium snap: snap install chromium'\nexit 1\n"), 0o755))
	if got, err := find(names); !errors.Is(err, ErrNoBrowser) {
		t.Errorf("a stand-in that only advises: got %s, %v, want ErrNoBrowser", got, err)
	}
	for _, name := range []string{"google-chrome", "chromium", "headless-shell", "chromium-headless-shell"} { // each before the last
		want := place(name)
		if got, err := find(names); err != nil || got != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	if got, err := findFor(true); err != nil || strings.Contains(got, "headless") {
		t.Errorf("with a window: got %s, %v, want a full browser", got, err)
	}
	own := place("mine")
	t.Setenv(EnvChrome, own)
	if got, err := Find(); err != nil || got != own {
		t.Errorf("chosen: got %s, %v, want %s", got, err, own)
	}
	t.Setenv(EnvChrome, "/no/such/chrome")
	if _, err := Find(); !errors.Is(err, ErrNoBrowser) || !strings.Contains(err.Error(), `QFCERTIFY_CHROME is "/no/such/chrome"`) {
		t.Errorf("chosen but absent: got %v, want it named", err)
	}
}
