package qfpay_test

import (
	"slices"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func TestParseParams(t *testing.T) {
	tests := []struct {
		name, raw string
		want      qfpay.Params
	}{
		{"nothing", "", nil},
		{"order of arrival", "b=2&a=1", qfpay.Params{{Name: "b", Value: "2"}, {Name: "a", Value: "1"}}},
		{"a name twice", "a=1&a=2", qfpay.Params{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}}},
		{"only the first = splits", "package=prepay_id=wx1", qfpay.Params{{Name: "package", Value: "prepay_id=wx1"}}},
		{"empty segments", "&a=1&&b=2&", qfpay.Params{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}}},
		{"only separators", "&&&", nil},
		{"no =", "a&b=", qfpay.Params{{Name: "a"}, {Name: "b"}}},
		{"no name", "=1", qfpay.Params{{Value: "1"}}},
		{"plus is a space", "t=2020-04-10+11:45:44", qfpay.Params{{Name: "t", Value: "2020-04-10 11:45:44"}}},
		{"a raw space", "t=2020-04-10 11:45:44", qfpay.Params{{Name: "t", Value: "2020-04-10 11:45:44"}}},
		{"raw UTF-8", "goods_name=測試", qfpay.Params{{Name: "goods_name", Value: "測試"}}},
		{"escaped UTF-8, either case", "n=%E6%b8%AC", qfpay.Params{{Name: "n", Value: "測"}}},
		{"escaped name", "a%20b=1", qfpay.Params{{Name: "a b", Value: "1"}}},
		{"escaped separators", "a=1%262%3d3%2B4", qfpay.Params{{Name: "a", Value: "1&2=3+4"}}},
		{"a semicolon is a character", "a=1;b=2&c;=3", qfpay.Params{{Name: "a", Value: "1;b=2"}, {Name: "c;", Value: "3"}}},
		{"bad escapes stay", "a=100%&b=%zz&c=%4&d=%4g1&e=%%41", qfpay.Params{{Name: "a", Value: "100%"},
			{Name: "b", Value: "%zz"}, {Name: "c", Value: "%4"}, {Name: "d", Value: "%4g1"}, {Name: "e", Value: "%A"}}},
		{"bytes that are no UTF-8 stay", "a=%ff\xfe", qfpay.Params{{Name: "a", Value: "\xff\xfe"}}},
		{"decoded once", "a=%2541", qfpay.Params{{Name: "a", Value: "%41"}}},
		{"line ends stay", "a=1\r\n", qfpay.Params{{Name: "a", Value: "1\r\n"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := qfpay.ParseParams(tt.raw)
			if !slices.Equal(got, tt.want) {
				t.Fatalf("got %q want %q", got, tt.want)
			}
			if again := qfpay.ParseParams(got.Encode()); !slices.Equal(again, got) {
				t.Errorf("after Encode: got %q want %q", again, got)
			}
		})
	}
}

func TestEncode(t *testing.T) {
	p := qfpay.Params{{Name: "redirect_uri", Value: "http://h/?a=1&b=測 ~-_.*"}, {Name: "empty"}, {Name: "a+b", Value: "%"}}
	want := "redirect_uri=http%3A%2F%2Fh%2F%3Fa%3D1%26b%3D%E6%B8%AC+~-_.%2A&empty=&a%2Bb=%25"
	if got := p.Encode(); got != want {
		t.Errorf("got %q want %q", got, want)
	}
}

func TestLookup(t *testing.T) {
	p := qfpay.ParseParams("a=1&b=&a=2")
	tests := []struct {
		name, value string
		found       bool
	}{{"a", "1", true}, {"b", "", true}, {"c", "", false}, {"A", "", false}}
	for _, tt := range tests {
		value, found := p.Lookup(tt.name)
		if value != tt.value || found != tt.found {
			t.Errorf("Lookup(%q): got %q, %v want %q, %v", tt.name, value, found, tt.value, tt.found)
		}
		if got := p.Get(tt.name); got != tt.value {
			t.Errorf("Get(%q): got %q want %q", tt.name, got, tt.value)
		}
	}
}

func TestWithout(t *testing.T) {
	p := qfpay.ParseParams("a=1&sign=x&b=2&a=3")
	if got := p.Without("a", "sign").Encode(); got != "b=2" {
		t.Errorf("got %q want %q", got, "b=2")
	}
	if got := p.Without().Encode(); got != "a=1&sign=x&b=2&a=3" {
		t.Errorf("got %q want everything", got)
	}
	if got := p.Encode(); got != "a=1&sign=x&b=2&a=3" {
		t.Errorf("the original changed to %q", got)
	}
}

func FuzzParseParams(f *testing.F) {
	for _, raw := range []string{
		"", "&", "=", "a", "a=1&b=2", "a=%", "a=%4", "a=%zz&b=%E6%B8%AC", "package=prepay_id=wx1", "a=1;b=2", "a b=c d",
		"txdtm=2020-04-10+11:45:44&goods_name=測試", "%26=%3D", "\xff=\xfe%00", "a=1&a=2&&a",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		p := qfpay.ParseParams(raw)
		if again := qfpay.ParseParams(p.Encode()); !slices.Equal(again, p) {
			t.Errorf("after Encode: got %q want %q", again, p)
		}
		if got, want := shuffled(p).Canonical(), p.Canonical(); got != want {
			t.Errorf("order of arrival matters: got %q want %q", got, want)
		}
	})
}
