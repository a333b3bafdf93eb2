package wechat_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

func TestAppendCode(t *testing.T) {
	state := func(s string) *string { return &s }
	tests := []struct {
		name, redirectURI string
		state             *string
		want              string
	}{
		{"bare", "http://h/getcode", nil, "http://h/getcode?code=C"},
		{"no path", "http://h", nil, "http://h?code=C"},
		{"own query, as documented", "http://h/wap/pay/wxredirect?showwxpaytitle=1", nil, "http://h/wap/pay/wxredirect?showwxpaytitle=1&code=C"},
		{"own query, byte for byte", "http://h/p?a=%E6%B8%AC&b=測 +;%zz", nil, "http://h/p?a=%E6%B8%AC&b=測 +;%zz&code=C"},
		{"empty query", "http://h/p?", nil, "http://h/p?code=C"},
		{"query that ends open", "http://h/p?a=1&", nil, "http://h/p?a=1&code=C"},
		{"state behind the code", "http://h/p", state("S1"), "http://h/p?code=C&state=S1"},
		{"empty state", "http://h/p", state(""), "http://h/p?code=C&state="},
		{"state is escaped", "http://h/p", state("a&b=c#d"), "http://h/p?code=C&state=a%26b%3Dc%23d"},
		{"a state already there stays", "http://h/p?state=mine", state("theirs"), "http://h/p?state=mine&code=C&state=theirs"},
		{"fragment moves behind", "https://h/app/#/route", state("S"), "https://h/app/?code=C&state=S#/route"},
		{"fragment with a question mark", "https://h/app#/route?a=1", nil, "https://h/app?code=C#/route?a=1"},
		{"query and fragment", "https://h/app?x=1#f", nil, "https://h/app?x=1&code=C#f"},
		{"empty fragment", "https://h/app#", nil, "https://h/app?code=C#"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := wechat.AppendCode(tt.redirectURI, "C", tt.state); got != tt.want {
				t.Errorf("got %q want %q", got, tt.want)
			}
		})
	}
}

func TestPageErrors(t *testing.T) {
	last := 10002
	for _, e := range wechat.PageErrors() {
		if e.Code <= last {
			t.Errorf("%d comes after %d", e.Code, last)
		}
		last = e.Code
		if e.Chinese == "" || e.English == "" || e.Source == "" {
			t.Errorf("%d has an empty column: %+v", e.Code, e)
		}
		if got, found := wechat.PageErrorOf(e.Code); !found || got != e {
			t.Errorf("PageErrorOf(%d): got %+v, %v", e.Code, got, found)
		}
	}
	if got := len(wechat.PageErrors()); got != 11 {
		t.Errorf("got %d rows want 11", got)
	}
	if e, found := wechat.PageErrorOf(10001); found {
		t.Errorf("10001: got %+v want nothing", e)
	}
	scope, _ := wechat.PageErrorOf(10005)
	if popup, _ := wechat.PopupNamed(wechat.PopupScope); scope.Text() != popup.Chinese {
		t.Errorf("got %q want the popup's %q", scope.Text(), popup.Chinese)
	}
}

func TestPopups(t *testing.T) {
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, p := range wechat.Popups() {
		if ids[p.ID] || texts[p.Chinese] {
			t.Errorf("twice: %+v", p)
		}
		ids[p.ID], texts[p.Chinese] = true, true
		if p.ID == "" || p.Chinese == "" || p.English == "" || p.Cause == "" || p.Source == "" {
			t.Errorf("an empty column: %+v", p)
		}
		if got, found := wechat.PopupNamed(p.ID); !found || got != p {
			t.Errorf("PopupNamed(%q): got %+v, %v", p.ID, got, found)
		}
		if p.Then == wechat.PayOK {
			t.Errorf("%s ends in success", p.ID)
		}
		if got := p.ForPage("http://h/q/direct"); strings.Contains(got.Chinese+got.English, "{url}") {
			t.Errorf("%s: address not filled in: %+v", p.ID, got)
		}
	}
	if len(ids) != 13 {
		t.Errorf("got %d rows want 13", len(ids))
	}
	if p, found := wechat.PopupNamed("toaster"); found {
		t.Errorf("toaster: got %+v want nothing", p)
	}
	directory, _ := wechat.PopupNamed(wechat.PopupDirectory)
	if got, want := directory.ForPage("http://h/q/direct").Chinese, "当前页面的URL未注册：http://h/q/direct"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
}

func TestTablesAreCopies(t *testing.T) {
	wechat.Popups()[0].Chinese, wechat.PageErrors()[0].Chinese, wechat.Browsers()[0].UserAgent = "changed", "changed", "changed"
	if wechat.Popups()[0].Chinese == "changed" || wechat.PageErrors()[0].Chinese == "changed" || wechat.Browsers()[0].UserAgent == "changed" {
		t.Error("a table can be changed from outside")
	}
}
