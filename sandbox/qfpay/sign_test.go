package qfpay_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// shuffled is p in another order, always the same one for the same length.
func shuffled(p qfpay.Params) qfpay.Params {
	p = slices.Clone(p)
	r := rand.New(rand.NewPCG(uint64(len(p)), 3))
	r.Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
	return p
}

func TestCanonical(t *testing.T) {
	tests := []struct {
		name, sent, want, withEmpties string
	}{
		{"nothing", "", "", ""},
		{"only a sign", "sign=AB&sign_type=MD5", "", ""},
		{"sign and sign_type never count, also when empty", "b=2&sign=&a=1&sign_type=", "a=1&b=2", "a=1&b=2"},
		{"names like sign count", "signs=1&Sign=2&sign_typ=3", "Sign=2&sign_typ=3&signs=1", "Sign=2&sign_typ=3&signs=1"},
		{"capitals before small letters", "b=1&B=2&a=3&_=4", "B=2&_=4&a=3&b=1", "B=2&_=4&a=3&b=1"},
		{"by name, not by pair", "ab1=1&ab=2", "ab=2&ab1=1", "ab=2&ab1=1"},
		{"empties", "c=3&b=&a=1", "a=1&c=3", "a=1&b=&c=3"},
		{"a blank is a value", "a=+&b=", "a= ", "a= &b="},
		{"values decoded", "u=http%3A%2F%2Fh%2F%3Fa%3D1%26b%3D2", "u=http://h/?a=1&b=2", "u=http://h/?a=1&b=2"},
		{"a repeated name sorts by value", "a=2&a=1", "a=1&a=2", "a=1&a=2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := qfpay.ParseParams(tt.sent)
			if got := p.Canonical(); got != tt.want {
				t.Errorf("without empties: got %q want %q", got, tt.want)
			}
			if got := p.CanonicalWithEmpties(); got != tt.withEmpties {
				t.Errorf("with empties: got %q want %q", got, tt.withEmpties)
			}
		})
	}
}

func TestCanonicalLeavesTheParametersAlone(t *testing.T) {
	p := qfpay.ParseParams("c=3&b=&a=1")
	p.Canonical()
	p.CanonicalWithEmpties()
	qfpay.Verify(p, "k", strings.Repeat("0", 32), qfpay.MD5)
	if got := p.Encode(); got != "c=3&b=&a=1" {
		t.Errorf("got %q want %q", got, "c=3&b=&a=1")
	}
}

func TestVerify(t *testing.T) {
	p := qfpay.ParseParams("b=2&a=1&empty=")
	good := qfpay.Sign("a=1&b=2", "key", qfpay.MD5)
	tests := []struct {
		name, key, sign string
		kind            qfpay.SignType
		want            bool
	}{
		{"empties left out", "key", good, qfpay.MD5, true},
		{"empties kept", "key", qfpay.Sign("a=1&b=2&empty=", "key", qfpay.MD5), qfpay.MD5, true},
		{"mixed case", "key", strings.ToLower(good[:16]) + good[16:], qfpay.MD5, true},
		{"sha256, lower case", "key", strings.ToLower(qfpay.Sign("a=1&b=2", "key", qfpay.SHA256)), qfpay.SHA256, true},
		{"md5 where sha256 was announced", "key", good, qfpay.SHA256, false},
		{"order of arrival", "key", qfpay.Sign("b=2&a=1", "key", qfpay.MD5), qfpay.MD5, false},
		{"other key", "Key", good, qfpay.MD5, false},
		{"no sign", "key", "", qfpay.MD5, false},
		{"no key", "", qfpay.Sign("a=1&b=2", "", qfpay.MD5), qfpay.MD5, false},
		{"short", "key", good[:31], qfpay.MD5, false},
		{"long", "key", good + "0", qfpay.MD5, false},
		{"blank around it", "key", " " + good, qfpay.MD5, false},
		{"not hex", "key", "G" + good[1:], qfpay.MD5, false},
		{"one digit off", "key", flip(good), qfpay.MD5, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := qfpay.Verify(p, tt.key, tt.sign, tt.kind); got != tt.want {
				t.Errorf("got %v want %v", got, tt.want)
			}
		})
	}
}

// flip changes the last digit.
func flip(sign string) string {
	last := byte('0')
	if sign[len(sign)-1] == '0' {
		last = '1'
	}
	return sign[:len(sign)-1] + string(last)
}

// G is one above the last hex digit; shifted into the high half of a byte it would pass for 0.
func TestVerifyRefusesLettersBeyondHex(t *testing.T) {
	body := []byte("0")
	for qfpay.SignBody(body, "key")[0] != '0' {
		body = append(body, '0')
	}
	if qfpay.VerifyBody(body, "key", "G"+qfpay.SignBody(body, "key")[1:]) {
		t.Error("got true want false")
	}
}

func TestVerifyBodyRefuses(t *testing.T) {
	body := []byte("{}")
	tests := []struct{ name, key, sign string }{
		{"no key", "", qfpay.SignBody(body, "")},
		{"no sign", "key", ""},
		{"sha256 length", "key", strings.Repeat("0", 64)},
		{"one digit off", "key", flip(qfpay.SignBody(body, "key"))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if qfpay.VerifyBody(body, tt.key, tt.sign) {
				t.Error("got true want false")
			}
		})
	}
}

// Inputs longer than the room kept on the stack.
func TestLongInputs(t *testing.T) {
	value := strings.Repeat("值", 2000)
	p := qfpay.Params{{Name: "b", Value: value}, {Name: "a", Value: "1"}}
	for i := range 40 {
		p = append(p, qfpay.Param{Name: "n" + strings.Repeat("x", i), Value: "v"})
	}
	canonical := shuffled(p).Canonical()
	if !strings.HasPrefix(canonical, "a=1&b="+value+"&n=v&nx=v&nxx=v") {
		t.Errorf("canonical string starts %q", canonical[:20])
	}
	for _, kind := range []qfpay.SignType{qfpay.MD5, qfpay.SHA256} {
		if !qfpay.Verify(p, "key", qfpay.Sign(canonical, "key", kind), kind) {
			t.Errorf("%v does not verify", kind)
		}
	}
	if !qfpay.VerifyBody([]byte(value), "key", qfpay.SignBody([]byte(value), "key")) {
		t.Error("body does not verify")
	}
}

func TestSignTypeOf(t *testing.T) {
	tests := []struct {
		header string
		want   qfpay.SignType
	}{
		{"", qfpay.MD5}, {"MD5", qfpay.MD5}, {"md5", qfpay.MD5}, {"SHA256", qfpay.SHA256}, {"sha256", qfpay.SHA256},
		{" Sha256\t", qfpay.SHA256}, {"SHA-256", qfpay.MD5}, {"SHA1", qfpay.MD5}, {"SHA2567", qfpay.MD5},
	}
	for _, tt := range tests {
		if got := qfpay.SignTypeOf(tt.header); got != tt.want {
			t.Errorf("%q: got %v want %v", tt.header, got, tt.want)
		}
	}
	if got := qfpay.SHA256.String() + " " + qfpay.MD5.String(); got != "SHA256 MD5" {
		t.Errorf("got %q want %q", got, "SHA256 MD5")
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add("b=2&a=1&sign=x&empty=", uint64(1))
	f.Add("a=2&a=1&a=&=x&=", uint64(2))
	f.Add("goods_name=%E6%B8%AC%E8%A9%A6&u=http%3A%2F%2Fh%2F%3Fa%3D1", uint64(3))
	f.Add("sign_type=SHA256&Sign=1&%00=%ff&;=;", uint64(4))
	f.Fuzz(func(t *testing.T, raw string, seed uint64) {
		p := qfpay.ParseParams(raw)
		moved := slices.Clone(p)
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(moved), func(i, j int) { moved[i], moved[j] = moved[j], moved[i] })
		canonical := p.Canonical()
		if got := moved.Canonical(); got != canonical {
			t.Errorf("order of arrival matters: got %q want %q", got, canonical)
		}
		if got := p.Without("sign", "sign_type").CanonicalWithEmpties(); got != p.CanonicalWithEmpties() {
			t.Errorf("sign is part of it: got %q want %q", p.CanonicalWithEmpties(), got)
		}
		for _, kind := range []qfpay.SignType{qfpay.MD5, qfpay.SHA256} {
			for _, signed := range []string{canonical, p.CanonicalWithEmpties()} {
				if !qfpay.Verify(moved, "key", qfpay.Sign(signed, "key", kind), kind) {
					t.Errorf("%v of %q does not verify", kind, signed)
				}
			}
		}
	})
}
