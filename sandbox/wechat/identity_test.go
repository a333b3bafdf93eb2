package wechat_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

func stream(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

var at = time.Date(2020, 4, 9, 20, 18, 55, 0, time.UTC) // the 10th, 04:18:55, in China

// drawn are the things drawn from a reader.
var drawn = []struct {
	name, shape string
	draw        func(io.Reader) (string, error)
}{
	{"code", `^0[0-9]{2}[0-9A-Za-z]{29}$`, wechat.NewCode},
	{"prepay id", `^wx10041855[0-9a-f]{26}$`, func(r io.Reader) (string, error) { return wechat.NewPrepayID(at, r) }},
	{"nonce", `^[0-9a-f]{32}$`, wechat.NewNonce},
	{"appid", `^wx[0-9a-f]{16}$`, wechat.NewAppID},
}

func TestDrawn(t *testing.T) {
	for _, d := range drawn {
		t.Run(d.name, func(t *testing.T) {
			r, again := stream(1), stream(1)
			seen := map[string]bool{}
			for range 1000 {
				got, err := d.draw(r)
				if err != nil {
					t.Fatal(err)
				}
				if !regexp.MustCompile(d.shape).MatchString(got) {
					t.Fatalf("got %q want the shape %s", got, d.shape)
				}
				if seen[got] {
					t.Fatalf("%q twice", got)
				}
				seen[got] = true
				if same, err := d.draw(again); err != nil || same != got {
					t.Fatalf("same stream: got %q, %v want %q", same, err, got)
				}
			}
			if got, err := d.draw(bytes.NewReader([]byte{1, 2, 3})); err == nil {
				t.Errorf("short reader: got %q want an error", got)
			}
		})
	}
}

func TestCodeRepeatsItsHead(t *testing.T) {
	code, err := wechat.NewCode(stream(2))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := code[26:31], code[2:7]; got != want {
		t.Errorf("%s: got tail %q want %q", code, got, want)
	}
}

func TestPrepayIDIsChinasTime(t *testing.T) {
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("", -5*60*60), time.FixedZone("", 9*60*60)} {
		id, err := wechat.NewPrepayID(at.In(zone), stream(1))
		if err != nil || len(id) != 36 || !strings.HasPrefix(id, "wx10041855") {
			t.Errorf("%v: got %q, %v want wx10041855 and 26 more", zone, id, err)
		}
	}
}

func TestOpenIDFor(t *testing.T) {
	// Pinned: a stored openid must stay its payer's over versions.
	if got, want := wechat.OpenIDFor("payer-1", "wx0123456789abcdef"), "o9Lnahm3rS0hiaQC3iSjZ_J8eRC_"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
	seen := map[string]string{}
	for _, pair := range [][2]string{
		{"payer-1", "wx0123456789abcdef"}, {"payer-2", "wx0123456789abcdef"}, {"payer-1", "wx0123456789abcdee"},
		{"payer-1w", "x0123456789abcdef"}, {"", ""}, {"1", ""}, {"", "1"},
	} {
		openID := wechat.OpenIDFor(pair[0], pair[1])
		if !wechat.ValidOpenID(openID) {
			t.Errorf("%v: %q is no openid", pair, openID)
		}
		if other, found := seen[openID]; found {
			t.Errorf("%v and %s share %q", pair, other, openID)
		}
		seen[openID] = strings.Join(pair[:], " at ")
		if again := wechat.OpenIDFor(pair[0], pair[1]); again != openID {
			t.Errorf("%v: got %q and %q", pair, openID, again)
		}
	}
}

func TestValidOpenID(t *testing.T) {
	tests := []struct {
		openID string
		want   bool
	}{
		{"oo3Lss8d0hLOuyTuSJMVwLTk68JE", true},
		{"o-_Lss8d0hLOuyTuSJMVwLTk68JE", true},
		{"", false},
		{"None", false},
		{"oo3Lss8d0hLOuyTuSJMVwLTk68J", false},
		{"oo3Lss8d0hLOuyTuSJMVwLTk68JEE", false},
		{"Oo3Lss8d0hLOuyTuSJMVwLTk68JE", false},
		{"oo3Lss8d0hLOuyTuSJMVwLTk68J=", false},
		{"oo3Lss8d0hLOuyTuSJMVwLTk68J ", false},
		{"o測測測測測測測測測", false},
	}
	for _, tt := range tests {
		if got := wechat.ValidOpenID(tt.openID); got != tt.want {
			t.Errorf("%q: got %v want %v", tt.openID, got, tt.want)
		}
	}
}
