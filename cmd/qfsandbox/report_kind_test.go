package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// The same finding for another reason is a new kind; another value is none.
func TestReportTellsCausesApart(t *testing.T) {
	cases := map[string]struct {
		first, second sandbox.Finding
		failed        string // why the second got no answer
		apart         bool
	}{
		"openid not sent, then cut": {
			first:  sandbox.Finding{ID: "parameter-sub_openid", Received: "no sub_openid"},
			second: sandbox.Finding{ID: "parameter-sub_openid", Received: "sub_openid=oAb", Change: "send the whole openid: this one was cut to 3 of its 28 characters"}, apart: true,
		},
		"openid not sent, then shaped like none": {
			first: sandbox.Finding{ID: "parameter-sub_openid", Received: "no sub_openid"}, second: sandbox.Finding{ID: "parameter-sub_openid", Received: "sub_openid=x"}, apart: true,
		},
		"openid cut twice": {
			first:  sandbox.Finding{ID: "parameter-sub_openid", Change: "send the whole openid: this one was cut to 3 of its 28 characters"},
			second: sandbox.Finding{ID: "parameter-sub_openid", Change: "send the whole openid: this one was cut to 20 of its 28 characters"},
		},
		"dollars, then yen": {
			first:  sandbox.Finding{ID: "parameter-txamt", Change: `"1.00" is an amount in major units; send txamt=100, which is 1.00 HKD`},
			second: sandbox.Finding{ID: "parameter-txamt", Change: `"1.5" is a fraction of the minor unit; send a whole number of minor units`}, apart: true,
		},
		"dollars twice": {
			first:  sandbox.Finding{ID: "parameter-txamt", Change: `"1.00" is an amount in major units; send txamt=100, which is 1.00 HKD`},
			second: sandbox.Finding{ID: "parameter-txamt", Change: `"a\"b" is an amount in major units; send txamt=2500, which is 25.00 HKD`},
		},
		"orders with other numbers": {
			first:  sandbox.Finding{ID: "order-number-used", Change: "name the payment: 20261124A is a refund of ab7f-11, which cannot be cancelled"},
			second: sandbox.Finding{ID: "order-number-used", Change: "name the payment: 20261124Z is a refund of 9cde-x, which cannot be cancelled"},
		},
		"no page, then in lower case": {
			first:  sandbox.Finding{ID: sandbox.FindNotAcknowledged, Change: "answer the text SUCCESS, no page"},
			second: sandbox.Finding{ID: sandbox.FindNotAcknowledged, Change: "write SUCCESS in capitals"}, apart: true,
		},
		"no answer for another reason": {
			first:  sandbox.Finding{ID: sandbox.FindNotAcknowledged, Received: "no answer: gone", Change: "answer at once"},
			second: sandbox.Finding{ID: sandbox.FindNotAcknowledged, Received: "no answer: late", Change: "answer at once"}, failed: "no whole answer in time", apart: true,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			one, two := wrong(c.first.ID), wrong(c.first.ID)
			one.Findings, two.Findings, two.Error = []sandbox.Finding{c.first}, []sandbox.Finding{c.second}, c.failed
			got := printed(t, 200, false, one, two)
			blocks, lines := 1, 1
			if c.apart {
				blocks, lines = 2, 0
			}
			if n := strings.Count(got, "\n  "+c.first.ID+"\n"); n != blocks {
				t.Errorf("it is printed in full %d times, want %d:\n%s", n, blocks, got)
			}
			if n := strings.Count(got, c.first.ID+" again   qfsandbox journal 17\n"); n != lines {
				t.Errorf("it is printed as a repeat %d times, want %d:\n%s", n, lines, got)
			}
		})
	}
}

// A loop that makes one mistake prints a line a second, whatever it sends.
func TestAFloodPrintsLittle(t *testing.T) {
	var out strings.Builder
	r := reportOn(paper(&out, 100, false))
	now := time.Date(2026, 11, 24, 10, 2, 11, 0, time.UTC)
	r.now = func() time.Time { return now }
	for i := range 3001 {
		e := wrong("amount-in-units")
		e.Seq = uint64(i)
		r.recorded(e)
		now = now.Add(time.Millisecond)
	}
	go r.run()
	r.close(t.Context())
	if n := strings.Count(out.String(), "amount-in-units again   qfsandbox journal "); n != 3 {
		t.Errorf("3001 requests in 3 s print %d repeats, want 3:\n%s", n, out.String())
	}
	if want := "qfsandbox: new kinds of findings: 1, repeats printed: 3, repeats left out: 2997\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("it ends %q, want %q", out.String()[max(0, len(out.String())-90):], want)
	}
}

// Repeats leave room for what is new, while the terminal takes nothing.
func TestRepeatsLeaveRoomForWhatIsNew(t *testing.T) {
	var out strings.Builder
	r := reportOn(paper(&out, 100, false))
	now := time.Date(2026, 11, 24, 10, 2, 11, 0, time.UTC)
	r.now = func() time.Time { now = now.Add(time.Minute); return now }
	for range 2 * mostWaiting {
		r.recorded(wrong("amount-in-units"))
	}
	r.recorded(wrong("something-new"))
	go r.run()
	r.close(t.Context())
	for _, want := range []string{"\n  something-new\n", fmt.Sprintf("new kinds of findings: 2, repeats printed: %d, repeats left out: %d\n", mostWaiting/2-1, 2*mostWaiting-mostWaiting/2)} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q, but ends\n%s", want, out.String()[max(0, len(out.String())-500):])
		}
	}
}

// A mistake that is still there stands by its name beside a new one.
func TestReportNamesWhatIsStillThere(t *testing.T) {
	both := wrong("sign-base64")
	both.Findings = append(both.Findings, wrong("sign-not-sorted").Findings...)
	got := printed(t, 100, false, wrong("sign-not-sorted"), both)
	for text, want := range map[string]int{"\n  sign-not-sorted\n": 1, "\n  sign-base64\n": 1, "\n    again         sign-not-sorted\n": 1, "repeats printed: 1,": 1} {
		if n := strings.Count(got, text); n != want {
			t.Errorf("%q stands there %d times, want %d, in\n%s", text, n, want, got)
		}
	}
}

// An unknown app code is said, unless what is wrong with the app code has a name.
func TestReportKeepsTheUnknownAppCode(t *testing.T) {
	for beside, want := range map[string]int{"sign-header-missing": 1, "app-code-almost": 0, "app-code-header-missing": 0} {
		e := wrong("app-code-unknown")
		e.App = ""
		e.Findings = append(e.Findings, sandbox.Finding{ID: beside})
		got := printed(t, 100, false, e)
		if strings.Contains(got, "the same") {
			t.Errorf("no strings are called the same:\n%s", got)
		}
		if n := strings.Count(got, "\n  app-code-unknown\n"); n != want || !strings.Contains(got, "\n  "+beside+"\n") {
			t.Errorf("beside %s, app-code-unknown stands there %d times, want %d, in\n%s", beside, n, want, got)
		}
	}
}

func TestReportNamesTheNextStep(t *testing.T) {
	cut, outgoing := wrong("sign-not-sorted"), wrong("notify-sign-parsed-form")
	cut.RequestCut, outgoing.Surface = 1, "notify"
	const journalOnly = "\n    see           qfsandbox journal 17\n"
	for _, c := range []struct {
		of    sandbox.Exchange
		steps string
	}{
		{wrong("sign-not-sorted"), "\n    see           qfsandbox explain 17   (the corrected request)\n                  qfsandbox journal 17\n"},
		{cut, journalOnly},
		{outgoing, journalOnly},
		{wrong("amount-in-units"), journalOnly},
	} {
		if got := printed(t, 200, false, c.of); !strings.Contains(got, c.steps) {
			t.Errorf("it does not say %q:\n%s", c.steps, got)
		}
	}
}

// Digests to compare by eye are no help to a merchant who answered OK.
func TestReportLeavesDigestsOfNotificationsOut(t *testing.T) {
	e := wrong(sandbox.FindNotAcknowledged)
	e.Surface, e.Method, e.URL, e.Respcd = "notify", "POST", "http://127.0.0.1:1/n", ""
	e.Findings = append(e.Findings, sandbox.Finding{ID: "notify-sign-candidates", Received: "AA", Expected: "BB"})
	const plain = "    see           qfsandbox journal 17\n"
	got := printed(t, 120, false, e)
	if want := plain + "                  signature trouble?  qfsandbox notify   (its ID is for qfsandbox explain -notification)\n"; !strings.Contains(got, want) || strings.Contains(got, "candidates") {
		t.Errorf("got\n%s\nwant no candidates, and\n%s", got, want)
	}
	e.App = "SHOP"
	if got := printed(t, 120, false, e); !strings.Contains(got, "qfsandbox notify -app SHOP   (") {
		t.Errorf("it does not name the App:\n%s", got)
	}
	e.Findings = e.Findings[:1]
	if got := printed(t, 120, false, e); strings.Contains(got, "signature trouble") {
		t.Errorf("there were no digests:\n%s", got)
	}
}
