package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// paper is a terminal whose lines a test reads.
func paper(to io.Writer, width int, paint bool) terminal {
	return terminal{to: to, width: func() int { return width }, paint: paint}
}

func reportOn(term terminal) *report {
	r := newReport(term, func() time.Time { return time.Date(2026, 11, 24, 10, 2, 11, 0, time.UTC) })
	r.controls, r.demo = defaultControlURL, demoAppCode
	return r
}

// wrong is a refused payment with a finding.
func wrong(id string) sandbox.Exchange {
	return sandbox.Exchange{Seq: 17, App: demoAppCode, Surface: "openapi", Method: "POST", URL: "/trade/v1/payment?udid=1", Status: 200, Respcd: "1104", OutTradeNo: "T1",
		Findings: []sandbox.Finding{{ID: id, Detail: "is wrong here", Received: "3.00", Expected: "300", Change: "send cents"}}}
}

// printed is what the terminal shows of these exchanges, all of it.
func printed(t *testing.T, width int, paint bool, exchanges ...sandbox.Exchange) string {
	t.Helper()
	var out strings.Builder
	r := reportOn(paper(&out, width, paint))
	for _, e := range exchanges {
		r.recorded(e)
	}
	go r.run()
	r.close(t.Context())
	return out.String()
}

const remarkOnce = `  Each new kind of finding is printed once for each App and call, and a repeat as one line;
  -findings=false prints none. All of them: qfsandbox journal -finding any
`

func TestReportSaysWhatToChange(t *testing.T) {
	got := printed(t, 100, false, wrong("amount-in-units"))
	const want = `
10:02:11  POST /trade/v1/payment  order T1  refused 1104
  amount-in-units
    wrong         is wrong here
    received      3.00
    expected      300
    change        send cents
    see           qfsandbox journal 17
` + remarkOnce + `qfsandbox: new kinds of findings: 1, repeats printed: 0, repeats left out: 0
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The first wrong signature is what most people meet first.
func TestReportSetsTheStringsBelowEachOther(t *testing.T) {
	e := wrong("sign-unrecognised")
	e.Respcd = "1108"
	e.Findings = []sandbox.Finding{
		{ID: "signature-wrong", Detail: "another digest"},
		{ID: "sign-unrecognised", Detail: "txamt stands where txcurrcd should", Received: "AA over txcurrcd=HKD&txamt=300(client_key)", Expected: "BB over txamt=300&txcurrcd=HKD(client_key)", Change: "sort the names"},
	}
	got := printed(t, 60, false, e)
	if !strings.HasPrefix(got, "\n10:02:11  POST /trade/v1/payment  order T1  refused 1108\n  sign-unrecognised\n    mistake  ") || strings.Contains(got, "another digest") {
		t.Errorf("it does not begin with the mistake's name:\n%s", got)
	}
	const want = `
    here          txamt stands where txcurrcd should
    you signed    txcurrcd=HKD&txamt=300(client_key)
    QFPay signs   txamt=300&txcurrcd=HKD(client_key)
    they part     at character 3, where
                  yours has "currcd=HKD&txamt=300(cli…"
                  QFPay has "amt=300&txcurrcd=HKD(cli…"
    your digest   AA
    right digest  BB
    change        sort the names
`
	if !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Two mistakes made at once stand in one block, their strings once; equal strings are not repeated.
func TestReportSetsTwoMistakesTogether(t *testing.T) {
	e := wrong("sign-base64")
	same := "txamt=300(client_key)"
	e.Findings = []sandbox.Finding{
		{ID: "sign-key-first", Received: "AA== over " + same, Expected: "BB over " + same}, {ID: "sign-base64", Received: "AA== over " + same, Expected: "BB over " + same},
	}
	got := printed(t, 100, false, e)
	for text, want := range map[string]int{"  refused 1104\n": 1, "\n    mistake ": 2, "\n    change ": 2, "you signed    " + same: 1, "QFPay signs   the same\n": 1, "your digest   AA==\n": 1, "they part": 0, "    see ": 1} {
		if n := strings.Count(got, text); n != want {
			t.Errorf("%q stands there %d times, want %d, in\n%s", text, n, want, got)
		}
	}
}

func TestPayersReasonsAreFindings(t *testing.T) {
	for _, id := range ofPayers {
		if _, known := control.FindingRowOf(id); !known {
			t.Errorf("%s is no finding", id)
		}
	}
}

func TestReportPrintsEachKindOnce(t *testing.T) {
	again, elsewhere, otherApp := wrong("amount-in-units"), wrong("amount-in-units"), wrong("amount-in-units")
	again.URL, again.OutTradeNo = "/trade/v1/payment?udid=2", "T2"
	elsewhere.URL = "/trade/v1/refund"
	otherApp.App = "SHOP"
	right, lever, waits := wrong("none"), wrong(sandbox.FindLever), wrong("payer-enters-password")
	right.Findings = nil
	got := printed(t, 100, false, wrong("amount-in-units"), again, elsewhere, otherApp, right, lever, waits, again)
	for text, want := range map[string]int{
		"\n  amount-in-units\n": 3, "/trade/v1/refund": 1, "App SHOP": 1, "lever": 0, "payer-": 0,
		"\n10:02:11  POST /trade/v1/payment  order T2  refused 1104  amount-in-units again   qfsandbox journal 17\n": 1, "order T2": 1,
		"new kinds of findings: 3, repeats printed: 1, repeats left out: 1\n": 1, remarkOnce: 1,
	} {
		if n := strings.Count(got, text); n != want {
			t.Errorf("%q stands there %d times, want %d, in\n%s", text, n, want, got)
		}
	}
}

// What a merchant or a stranger sends must not move the cursor, hide what follows, or fill the screen.
func TestReportIsHarmless(t *testing.T) {
	e := wrong("amount-in-units")
	e.URL = "/trade/v1/\x1b]0;mine\x07payment" + strings.Repeat("x", 5000)
	e.OutTradeNo = sandbox.OutTradeNo("T\r1\u202e" + strings.Repeat("9", 5000))
	e.Findings[0].Detail = "is \x1b[2J\u0085\u200b\xff and " + strings.Repeat("多", 5000)
	e.Findings[0].Received = strings.Repeat("a=b&", 3000)
	got := printed(t, 80, false, e)
	for _, line := range strings.Split(got, "\n") {
		if columns(line) > 80 && !strings.Contains(line, "refused 1104") {
			t.Errorf("a line has %d columns, want at most 80: %q", columns(line), line)
		}
	}
	if strings.ContainsFunc(got, func(r rune) bool { return r != '\n' && obeyed(r) }) {
		t.Errorf("the terminal gets what it obeys: %q", got)
	}
	for _, want := range []string{`is \x1b[2J\u0085\u200b\xff and`, `/trade/v1/\x1b]0;mine\apayment`, `order T\r1\u202e9`, "more bytes)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
	if len(got) > 4000 {
		t.Errorf("it printed %d bytes, want what fits a screen", len(got))
	}
}

func TestColourIsNeverTheOnlySign(t *testing.T) {
	painted := printed(t, 80, true, wrong("amount-in-units"))
	if !strings.Contains(painted, "\x1b[31m") {
		t.Errorf("there is no colour in %q", painted)
	}
	for _, c := range []colour{bold, faint, red, green, yellow} {
		painted = strings.ReplaceAll(painted, "\x1b["+string(c)+"m", "")
	}
	if plain := printed(t, 80, false, wrong("amount-in-units")); strings.ReplaceAll(painted, "\x1b[0m", "") != plain {
		t.Errorf("without its colours it says\n%s\nwant\n%s", painted, plain)
	}
}

func TestColoursAreForTerminalsOnly(t *testing.T) {
	if term := terminalOf(new(strings.Builder), &invocation{}); term.paint || term.width() != defaultWidth {
		t.Errorf("what is no terminal gets colours (%v) and %d columns, want none and %d", term.paint, term.width(), defaultWidth)
	}
	if term := terminalOf(new(strings.Builder), &invocation{environ: []string{"COLUMNS=72"}}); term.width() != 72 {
		t.Errorf("with COLUMNS=72 lines have %d columns", term.width())
	}
}

// stuck is a terminal somebody has stopped.
type stuck struct{ begun, goOn chan struct{} }

func (s stuck) Write(p []byte) (int, error) {
	s.begun <- struct{}{}
	<-s.goOn
	return len(p), nil
}

// Requests go on, and so does the end, while nobody takes what is printed.
func TestReportWaitsForNobody(t *testing.T) {
	screen := stuck{make(chan struct{}, 2*mostWaiting), make(chan struct{})}
	r := reportOn(paper(screen, 100, false))
	go r.run()
	r.recorded(wrong("the first"))
	<-screen.begun
	for i := range 2 * mostWaiting {
		e := wrong("amount-in-units")
		e.URL = fmt.Sprintf("/trade/v1/%d", i)
		r.recorded(e)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.close(ctx)
	r.recorded(wrong("after the end"))
	if r.lost != mostWaiting {
		t.Errorf("%d findings are counted as lost, want the %d beyond those that can wait", r.lost, mostWaiting)
	}
	close(screen.goOn)
	<-r.over
}

func TestReportSaysWhatItLeavesOut(t *testing.T) {
	var out strings.Builder
	r := reportOn(paper(&out, 100, false))
	for i := range mostWaiting + 2 {
		e := wrong("amount-in-units")
		e.URL = fmt.Sprintf("/trade/v1/%d", i)
		r.recorded(e)
	}
	go r.run()
	r.close(t.Context())
	if !strings.Contains(out.String(), "and 2 were left out") || !strings.Contains(out.String(), "new kinds of findings: 256,") {
		t.Errorf("it does not say that 2 were left out:\n%.500s", out.String())
	}
}

// Its memory is bounded, and it says when it is full.
func TestReportTellsOnlySoManyKindsApart(t *testing.T) {
	e := wrong("kind 0")
	for i := range mostKinds + 5 {
		e.Findings = append(e.Findings, sandbox.Finding{ID: fmt.Sprintf("kind %d", i+1)})
	}
	got := printed(t, 100, false, e, wrong("late"))
	for _, want := range []string{"\n  1000 kinds of findings were printed; further ones are in the journal only.\n", "new kinds of findings: 1000, repeats printed: 0, repeats left out: 0, further kinds left out: 7\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("it does not say %q, but ends\n%s", want, got[len(got)-500:])
		}
	}
	if strings.Contains(got, "late") {
		t.Error("a finding beyond the bound is printed")
	}
}

func FuzzWrapped(f *testing.F) {
	f.Add("txamt=300&txcurrcd=HKD pay", 8)
	f.Add("多多多\u0301\x1b[2J&", 1)
	f.Add("   ", 2)
	f.Fuzz(func(t *testing.T, text string, width int) {
		width = 2 + (width&0xff)%100
		text = harmless(text)
		if strings.ContainsFunc(text, obeyed) {
			t.Fatalf("%q is not harmless", text)
		}
		var kept strings.Builder
		for _, line := range wrapped(text, width) {
			if columns(line) > width {
				t.Errorf("%q has %d columns, want at most %d", line, columns(line), width)
			}
			kept.WriteString(line)
		}
		if got, want := strings.ReplaceAll(kept.String(), " ", ""), strings.ReplaceAll(text, " ", ""); got != want {
			t.Errorf("wrapping keeps %q, want %q", got, want)
		}
	})
}
