package sandboxtest_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

// enquire makes so many enquiries and gives their codes.
func enquire(s *sandboxtest.Sandbox, times int) string {
	var codes []string
	for range times {
		codes = append(codes, s.Call("/trade/v1/query", sandboxtest.Params{"page_size": "10"}).At("respcd"))
	}
	return strings.Join(codes, " ")
}

func TestQueuedOutcomesComeInOrder(t *testing.T) {
	s := sandboxtest.Start(t)
	s.Queue("query", "1145", "1143", "1201")
	s.Queue("payment", "1201")
	s.Queue("query", "1147")
	if got := enquire(s, 2); got != "1145 1143" {
		t.Errorf("the first enquiries give %s, want 1145 1143", got)
	}
	s.Queue("query", "1143") // behind those that wait
	if got := enquire(s, 4); got != "1201 1147 1143 0000" {
		t.Errorf("the others give %s, want 1201 1147 1143 0000", got)
	}
	if got := s.Call("/trade/v1/payment", order(s, "T1")).At("respcd"); got != "1201" {
		t.Errorf("the payment gives %s, want 1201", got)
	}
	s.Queue("", "1145")
	if got := enquire(s, 1); got != "1145" {
		t.Errorf("with 1145 queued for any call an enquiry gives %s", got)
	}
}

func TestQueueBelongsToItsApp(t *testing.T) {
	s := sandboxtest.Start(t)
	other := s.NewApp(t)
	s.Queue("query", "1145")
	if got := enquire(other, 1) + " " + enquire(s, 1); got != "0000 1145" {
		t.Errorf("enquiries of the other App and of this one give %s, want 0000 1145", got)
	}
	if one, two := len(s.Journal(control.JournalFilter{})), len(other.Journal(control.JournalFilter{})); one != 1 || two != 1 {
		t.Errorf("the Apps' journals have %d and %d calls, want one each", one, two)
	}
}

func TestUnfiredOutcomes(t *testing.T) {
	const complaint = "queued and never fired: 1143 for query; cut=after for any call of order T1"
	queue := func(s *sandboxtest.Sandbox) {
		s.Queue("query", "1145", "1143")
		if _, err := s.Control.AddFault(t.Context(), control.AppCode(s.AppCode), control.NewFault{Effect: "cut=after", OutTradeNo: "T1"}); err != nil {
			t.Error(err)
		}
		enquire(s, 1)
	}
	for _, c := range []struct {
		name         string
		body         func(testing.TB)
		fails, tells bool
	}{
		{"left over", func(t testing.TB) { queue(sandboxtest.Start(t)) }, true, true},
		{"left over by another App", func(t testing.TB) { queue(sandboxtest.Start(t).NewApp(t)) }, true, true},
		{"allowed", func(t testing.TB) { queue(sandboxtest.Start(t, sandboxtest.AllowUnfired())) }, false, false},
		{"skipped", func(t testing.TB) { queue(sandboxtest.Start(t)); t.Skip() }, false, false},
		{"failed before", func(t testing.TB) { queue(sandboxtest.Start(t)); t.Fatal("no shop") }, true, true},
		{"all fired", func(t testing.TB) {
			s := sandboxtest.Start(t)
			s.Queue("query", "1145", "1143")
			enquire(s, 2)
		}, false, false},
	} {
		ended := trial("TestShop", c.body)
		if ended.failed != c.fails || strings.Contains(ended.words(), complaint) != c.tells {
			t.Errorf("%s: it ended with\n%s\nwant it failed: %t, and told of what never fired: %t", c.name, ended.printed(), c.fails, c.tells)
		}
	}
}
