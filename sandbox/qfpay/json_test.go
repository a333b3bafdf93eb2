package qfpay_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func TestAppendJSON(t *testing.T) {
	var nested qfpay.Object
	nested.Add("b", "2")
	nested.AddValue("a", qfpay.List{qfpay.String("x"), qfpay.Object{}, qfpay.List{}, nil})
	tests := []struct {
		name  string
		value qfpay.Value
		want  string
	}{
		{"nothing", nil, `null`},
		{"null", qfpay.Null{}, `null`},
		{"true", qfpay.Bool(true), `true`},
		{"false", qfpay.Bool(false), `false`},
		{"zero", qfpay.Number(0), `0`},
		{"smallest number", qfpay.Number(-1 << 63), `-9223372036854775808`},
		{"empty string", qfpay.String(""), `""`},
		{"printable ASCII stays", qfpay.String(` !#$%&'()*+,-./0:;<=>?@A[]^_` + "`a{|}~"), `" !#$%&'()*+,-./0:;<=>?@A[]^_` + "`a{|}~\""},
		{"quote and backslash", qfpay.String(`a"b\c`), `"a\"b\\c"`},
		{"short forms", qfpay.String("\b\f\n\r\t"), `"\b\f\n\r\t"`},
		{"other control characters", qfpay.String("\x00\x01\x0b\x1f\x7f"), `"\u0000\u0001\u000b\u001f\u007f"`},
		{"Latin and Chinese", qfpay.String("é測試/咖啡"), `"\u00e9\u6e2c\u8a66/\u5496\u5561"`},
		{"line separators", qfpay.String("\u2028\u2029\ufeff"), `"\u2028\u2029\ufeff"`},
		{"last of the plane, first pair, last pair", qfpay.String("\uffff\U00010000😀\U0010ffff"), `"\uffff\ud800\udc00\ud83d\ude00\udbff\udfff"`},
		{"bytes that are no UTF-8", qfpay.String("a\xffb\xe6\xb8"), `"a\ufffdb\ufffd\ufffd"`},
		{"a surrogate in UTF-8", qfpay.String("\xed\xa0\x80"), `"\ufffd\ufffd\ufffd"`},
		{"empty object", qfpay.Object{}, `{}`},
		{"empty list", qfpay.List{}, `[]`},
		{"order of insertion, separators", nested, `{"b": "2", "a": ["x", {}, [], null]}`},
		{"names are escaped too", qfpay.Object{{Name: "測\"", Value: qfpay.Number(1)}}, `{"\u6e2c\"": 1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(qfpay.AppendJSON([]byte("kept "), tt.value)); got != "kept "+tt.want {
				t.Errorf("got %s want kept %s", got, tt.want)
			}
		})
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{"", "交易成功", `"\/<>&`, "\x00\x7f\u2028", "😀", "a\xffb", "\xed\xa0\x80"} {
		f.Add(s, s+"2", int64(len(s)))
	}
	f.Fuzz(func(t *testing.T, name, value string, n int64) {
		var o qfpay.Object
		o.Add("v"+name, value)
		o.AddValue("n", qfpay.List{qfpay.Number(n), qfpay.String(name), qfpay.Bool(n > 0), qfpay.Null{}})
		printed := o.Bytes()
		for _, c := range printed {
			if c < ' ' || c > '~' {
				t.Fatalf("byte %#x in %s", c, printed)
			}
		}
		var got struct {
			N []any `json:"n"`
		}
		var all map[string]any
		if err := json.Unmarshal(printed, &all); err != nil {
			t.Fatalf("%v: %s", err, printed)
		}
		if err := json.Unmarshal(printed, &got); err != nil {
			t.Fatalf("%v: %s", err, printed)
		}
		// encoding/json reads invalid UTF-8 the way the encoder writes it.
		if want := strings.ToValidUTF8(name, ""); utf8.ValidString(name) && got.N[1] != want {
			t.Errorf("got %q want %q", got.N[1], want)
		}
		if utf8.ValidString(name) && utf8.ValidString(value) && all["v"+name] != value {
			t.Errorf("got %q want %q", all["v"+name], value)
		}
	})
}
