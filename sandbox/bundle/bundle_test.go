package bundle_test

import (
	"bytes"
	"errors"
	"net/textproto"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
)

// example has a part of each kind.
func example() bundle.Bundle {
	return bundle.Bundle{
		Texts: []bundle.Text{{Name: "what went wrong", Body: "-- end --\nnothing 狗糧\n"}, {Name: "timeline", Body: "no end of line"}},
		Exchanges: []bundle.Exchange{
			{
				Seq: 3, At: time.Date(2026, 3, 14, 2, 0, 0, 5, time.UTC),
				Facts:  []bundle.Fact{{Name: "surface", Value: "openapi"}, {Name: "finding", Value: "a\nfound: b\n\nc"}, {Name: "finding", Value: "d"}, {Name: "payer", Value: ""}},
				Method: "POST", URL: "/trade/v1/query?a=1", RequestHeader: textproto.MIMEHeader{"X-Qf-Sign": {"0"}, "X-Two": {"b", "a"}, "X-Empty": {""}},
				RequestBody: []byte("a=1\n-- replay, 2 bytes --\n{}\n"), RequestCut: 7,
				Status: 200, AnswerHeader: textproto.MIMEHeader{"Content-Type": {"text/html"}}, AnswerBody: []byte("\x1b[31m\xff\x00\r\n"),
			},
			{Seq: 9, At: time.Date(2026, 3, 14, 10, 0, 0, 0, time.FixedZone("", 8*3600)), Method: "GET", URL: "/\xff", RequestHeader: textproto.MIMEHeader{}, AnswerCut: 4},
		},
		Replay: []byte("{\"a\": [1]}\n"),
	}
}

func written(t *testing.T, b bundle.Bundle) string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	text := written(t, example())
	got, err := bundle.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := example()
	want.Exchanges[1].AnswerBody = []byte{}
	for i := range want.Exchanges {
		if !got.Exchanges[i].At.Equal(want.Exchanges[i].At) {
			t.Errorf("exchange %d is at %s, want %s", i, got.Exchanges[i].At, want.Exchanges[i].At)
		}
		got.Exchanges[i].At = want.Exchanges[i].At
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v\nof\n%s", got, want, text)
	}
}

// Whatever passed, the file is text that a terminal does not obey and a mailer does not change.
func TestAFileIsText(t *testing.T) {
	text := written(t, example())
	for i, line := range strings.Split(text, "\n") {
		if strings.ContainsAny(line, "\x1b\r\x00") || !utf8.ValidString(line) {
			t.Errorf("line %d is %q, want no control character", i+1, line)
		}
	}
	for _, want := range []string{"qfsandbox bundle 1\n", "-- exchange 3 request body, 29 bytes, 7 more not kept --\na=1\n", "-- exchange 3 answer body, 12 bytes, base64 --\n", "-- exchange 9 answer body, 0 bytes, 4 more not kept --\n", "\n-- end --\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q:\n%s", want, text)
		}
	}
}

// UTF-8 alone does not make a body readable: a terminal obeys escapes, a mailer changes line ends and
// breaks long lines, and what turns the direction of writing shows other text than there is.
func TestBodiesNobodyCanRead(t *testing.T) {
	for _, c := range []struct {
		name, body string
		asItIs     bool
	}{
		{"words", "狗糧 = dog food\n", true}, {"a tab", "a\tb", true}, {"the longest line", strings.Repeat("x", 16<<10), true},
		{"an escape", "\x1b[31mred", false}, {"a carriage return", "a\r\nb", false}, {"a zero", "a\x00b", false}, {"a turned direction", "a\u202eb", false},
		{"a longer line", strings.Repeat("x", 16<<10+1), false},
	} {
		text := written(t, bundle.Bundle{Exchanges: []bundle.Exchange{{Seq: 1, Method: "POST", URL: "/", RequestBody: []byte(c.body)}}, Replay: []byte("{}")})
		if strings.Contains(text, c.body) != c.asItIs || strings.Contains(text, ", base64 --") == c.asItIs {
			t.Errorf("a body with %s is as it is %v, want %v:\n%.600s", c.name, !c.asItIs, c.asItIs, text)
		}
		read, err := bundle.Parse(strings.NewReader(text))
		if err != nil || string(read.Exchanges[0].RequestBody) != c.body {
			t.Errorf("a body with %s is read with error %v, want it back", c.name, err)
		}
	}
}

// A file that was damaged on its way, or is something else, is refused with the line.
func TestWhatIsNoBundle(t *testing.T) {
	text := written(t, example())
	change := func(from, to string) string {
		t.Helper()
		if !strings.Contains(text, from) {
			t.Fatalf("the example lacks %q", from)
		}
		return strings.Replace(text, from, to, 1)
	}
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", `line 1: this is no bundle: it begins with "", want "qfsandbox bundle 1"`},
		{"another file", "<html>\n", `line 1: this is no bundle: it begins with "<html>"`},
		{"of another version", change("bundle 1", "bundle 2"), `line 1: this is a bundle of version "2", want 1; take the qfsandbox that wrote it`},
		{"with other line ends", strings.ReplaceAll(text, "\n", "\r\n"), "line 1: the lines end with CR LF"},
		{"with a longer part", change("nothing 狗糧", "nothing at all 狗糧"), "line 10: the part what went wrong goes on behind its 25 bytes"},
		{"with a shorter part", change("nothing 狗糧\n", "no\n"), `line 12: the part what went wrong goes on behind`},
		{"with a part that goes on", change("no end of line\n", "no end of lines\n"), "line 13: the part timeline goes on behind its 14 bytes"},
		{"cut off", text[:len(text)-20], "replay"},
		{"cut off between parts", text[:strings.Index(text, "-- exchange 9 request")], `the file ends before "-- end --"`},
		{"cut off in a part", text[:strings.Index(text, "X-Two")], "the part exchange 3 request has"},
		{"without replay", text[:strings.Index(text, "-- replay, 11")] + "-- end --\n", "the file ends without its part replay"},
		{"with a replay that is no JSON", change("{\"a\": [1]}", "{\"a\": [1]]"), "the part replay is not JSON"},
		{"with something behind replay", strings.TrimSuffix(text, "-- end --\n") + "-- timeline, 0 bytes --\n-- end --\n", `"timeline" stands behind replay, which is the last part`},
		{"with a text among the exchanges", change("-- exchange 9, ", "-- timeline, 0 bytes --\n-- exchange 9, "), `"timeline" stands among the exchanges`},
		{"with base64 that is none", change("G1sz", "G1s!"), "the part exchange 3 answer body is not base64"},
		{"with a number that is none", change("-- exchange 9,", "-- exchange x,"), `"x" is no number of an exchange`},
		{"with a number that falls", change("-- exchange 9,", "-- exchange 2,"), "exchange 2 stands behind 1 of them, want rising numbers"},
		{"with a strange part", change("-- exchange 9 answer body", "-- exchange 9 answers body"), `"exchange 9 answers body" is no part of an exchange`},
		{"with a part twice", change("-- exchange 3 answer body", "-- exchange 3 request body"), `"exchange 3 request body" is no part of an exchange, or comes twice`},
		{"with a part elsewhere", change("-- exchange 9 answer body", "-- exchange 3 answer body"), `"exchange 3 answer body" stands outside of its exchange`},
		{"without a time", change("at: 2026-03-14T10", "At: 2026-03-14T10"), "exchange 9: at is missing"},
		{"with a bad time", change("at: 2026-03-14T10:00:00+", "at: 2026-03-44T10:00:00+"), `exchange 9: at is "2026-03-44`},
		{"without a request line", change("POST /trade/v1/query?a=1 HTTP/1.1", "POST /trade/v1/query?a=1 HTTP/1.0"), "exchange 3 request: got"},
		{"with a header that is none", change("X-Two: b", "X-Two= b"), `exchange 3 request: got "X-Two= b", want a header`},
		{"without a status", change("HTTP/1.1 200 OK", "HTTP/1.1 OK 200"), "exchange 3 answer: got"},
	} {
		b, err := bundle.Parse(strings.NewReader(c.text))
		var syntax *bundle.SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("a file %s gives %v and %d exchanges, want %q", c.name, err, len(b.Exchanges), c.want)
		}
	}
}

// Whoever edits the text in front, or lets a mailer add an empty line, does no harm.
func TestWhatDoesNotMatter(t *testing.T) {
	text := written(t, example())
	text = strings.Replace(text, "What happened", "Hello,\nsee line 40.\nWhat happened", 1)
	text = strings.Replace(text, "\n-- timeline", "\n\n\n-- timeline", 1) + "\n--\nmy signature\n"
	if _, err := bundle.Parse(strings.NewReader(text)); err != nil {
		t.Errorf("got %v, want none", err)
	}
}

func TestAFileHasABound(t *testing.T) {
	_, err := bundle.Parse(strings.NewReader("qfsandbox bundle 1\n" + strings.Repeat("x", bundle.MaxBytes)))
	if err == nil || !strings.Contains(err.Error(), "more than 67108864 bytes") {
		t.Errorf("a file that is too large gives %v, want a refusal", err)
	}
}

// Whatever is in a file, it is read or refused, and what was read can be written and read again.
func FuzzParse(f *testing.F) {
	var out bytes.Buffer
	if err := example().Write(&out); err != nil {
		f.Fatal(err)
	}
	f.Add(out.String())
	for _, seed := range []string{
		"", "qfsandbox bundle 1\n-- end --\n", "qfsandbox bundle 1\n-- replay, 2 bytes --\n{}\n-- end --\n", "qfsandbox bundle 1\n-- replay, 999999999 bytes --\n{}",
		"qfsandbox bundle 1\n-- a, 0 bytes, base64, 999999999999999 more not kept --\n-- replay, 4 bytes, base64 --\ne30=\n-- end --\n",
		"qfsandbox bundle 1\n-- exchange 1, 33 bytes --\nat: 2026-03-14T10:00:00+08:00\na: \n\n-- exchange 1 request, 17 bytes --\nA B  C HTTP/1.1\n\n-- end --\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := bundle.Parse(strings.NewReader(text))
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := read.Write(&once); err != nil {
			t.Fatal(err)
		}
		again, err := bundle.Parse(bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, once.Bytes())
		}
		if err := again.Write(&twice); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("written again it is\n%s\nwant\n%s", twice.Bytes(), once.Bytes())
		}
	})
}
