package sandboxtest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// patience is how long Wait waits. It is for what happens beside the test, such as the delivery of a
// notification, and takes microseconds as a rule.
const patience = 10 * time.Second

// Journal reads the App's exchanges that match, all of them with an empty filter: what came in, what
// went out, and what the sandbox concludes.
func (s *Sandbox) Journal(f control.JournalFilter) []control.Exchange {
	s.tb.Helper()
	f.App = s.app()
	page, err := s.Control.Journal(s.tb.Context(), f)
	s.check(err)
	return page.Exchanges
}

// Wait gives the first exchange that matches, and waits for it if it has not happened yet; none within
// ten seconds fails the test. The merchant's answer to the notification of T1 is
//
//	s.Wait(control.JournalFilter{Surface: "notify", OutTradeNo: "T1"})
func (s *Sandbox) Wait(f control.JournalFilter) control.Exchange {
	s.tb.Helper()
	f.App = s.app()
	page, err := s.Control.Wait(s.tb.Context(), f, s.patience)
	s.check(err)
	if len(page.Exchanges) == 0 {
		s.tb.Fatalf("sandboxtest: nothing matched %s within %s", described(f), s.patience)
	}
	return page.Exchanges[0]
}

// Verify fails the test for each expectation the journal does not meet, and goes on. What a verification
// can say is in docs/journal.md.
func (s *Sandbox) Verify(v control.Verification) {
	s.tb.Helper()
	v.App = s.app()
	got, err := s.Control.Verify(s.tb.Context(), v)
	s.check(err)
	for _, f := range got.Failures {
		s.tb.Errorf("sandboxtest: %s: want %s, got %s", f.Expectation, f.Expected, f.Actual)
	}
}

// VerifyOnePayment fails the test unless the order was paid once, in the ready-made verification's
// sense: one payment for its number, after one login.
func (s *Sandbox) VerifyOnePayment(outTradeNo string) {
	s.tb.Helper()
	s.Verify(control.Verification{OutTradeNo: control.OutTradeNo(outTradeNo), Verify: "one-payment"})
}

// described is a filter for people.
func described(f control.JournalFilter) string {
	var words []string
	fields := reflect.ValueOf(f)
	for i := range fields.NumField() {
		if name := fields.Type().Field(i).Name; name != "App" && !fields.Field(i).IsZero() {
			words = append(words, fmt.Sprintf("%s %v", name, fields.Field(i)))
		}
	}
	if len(words) == 0 {
		return "(any exchange)"
	}
	return strings.Join(words, ", ")
}
