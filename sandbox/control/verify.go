package control

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Verification says what the journal must hold; exactly one of Expect and Verify is given.
type Verification struct {
	App sandbox.AppCode `json:"app"`
	// OutTradeNo chooses what belongs to one order; empty is everything of the App's.
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no,omitempty"`
	// Since is the mark after which to look.
	Since  uint64        `json:"since,omitempty"`
	Expect []Expectation `json:"expect,omitempty"`
	// NothingElse wants no call and no notification besides those expected.
	NothingElse bool `json:"nothing_else,omitempty"`
	// Verify names a ready-made verification: one-payment.
	Verify string `json:"verify,omitempty"`
}

// Expectation is one kind of exchange: a call of QFPay's, a notification, or any of a surface's.
type Expectation struct {
	Call         string `json:"call,omitempty"`
	Notification string `json:"notification,omitempty"` // payment, refund or close
	Surface      string `json:"surface,omitempty"`
	// What the exchange must be, in the words of the journal's filters.
	Respcd    string `json:"respcd,omitempty"`
	Status    string `json:"status,omitempty"`
	Finding   string `json:"finding,omitempty"`
	DecidedBy string `json:"decided_by,omitempty"`
	// Acknowledged is of notifications: answered with HTTP 200 and SUCCESS, or not.
	Acknowledged *bool `json:"acknowledged,omitempty"`
	// Times is how often: a whole number, or Times; nothing is at least once.
	Times any `json:"times,omitempty"`
	// After is the index of an expectation before this one: each comes after the first of those.
	After *int `json:"after,omitempty"`
}

// Times bounds how often something happens; no Max is no bound.
type Times struct {
	Min int  `json:"min"`
	Max *int `json:"max,omitempty"`
}

// Verified is what came of a verification. Without failures it is true, and only then.
type Verified struct {
	Verified   bool               `json:"verified"`
	App        sandbox.AppCode    `json:"app"`
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no"`
	Mark       uint64             `json:"mark"` // the newest exchange that was looked at
	Failures   []Checked          `json:"failures"`
	Checked    []Checked          `json:"checked"` // everything, what failed included
}

// Checked is one expectation and what there was.
type Checked struct {
	Expectation string   `json:"expectation"`
	Expected    string   `json:"expected"`
	Actual      string   `json:"actual"`
	Seq         []uint64 `json:"seq"` // the exchanges that tell it, the first hundred
}

// Bounds of what a verification asks and tells.
const (
	mostExpectations = 64
	mostTimes        = 10_000
	mostSeqs         = 100
)

// expected is an expectation that was read.
type expected struct {
	Expectation
	words string
	tests []test
	least int
	most  int // below 0 is no bound
}

var notificationKinds = []string{"payment", "refund", "close"}

// expectedOf reads expectation number i.
func expectedOf(i int, e Expectation) (expected, error) {
	x := expected{Expectation: e, least: 1, most: -1}
	wrong := func(format string, args ...any) (expected, error) {
		return x, badRequest("expect.%d: "+format, append([]any{i}, args...)...)
	}
	kinds := 0
	for _, kind := range []string{e.Call, e.Notification, e.Surface} {
		if kind != "" {
			kinds++
		}
	}
	calls := words(sandbox.Endpoints())
	switch {
	case kinds != 1:
		return wrong("call is %q, notification %q and surface %q, want exactly one of them", e.Call, e.Notification, e.Surface)
	case e.Call != "" && !slices.Contains(calls, e.Call):
		allowed := strings.Join(calls, ", ")
		return wrong("call is %q, want one of %s%s", e.Call, allowed, sandbox.Guess(e.Call, allowed))
	case e.Notification != "" && !slices.Contains(notificationKinds, e.Notification):
		allowed := strings.Join(notificationKinds, ", ")
		return wrong("notification is %q, want one of %s%s", e.Notification, allowed, sandbox.Guess(e.Notification, allowed))
	case e.Acknowledged != nil && e.Notification == "":
		return wrong("acknowledged is %t, want it with notification only", *e.Acknowledged)
	case e.After != nil && (*e.After < 0 || *e.After >= i):
		return wrong("after is %d, want the index of an expectation before this one, counted from 0", *e.After)
	}
	for _, row := range filters {
		value := map[string]string{"surface": e.Surface, "respcd": e.Respcd, "status": e.Status, "finding": e.Finding, "decided_by": e.DecidedBy}[row.name]
		if value == "" {
			continue
		}
		one, err := row.read(value)
		if err != nil {
			return wrong("%s", messageOf(err))
		}
		x.tests = append(x.tests, one)
	}
	var err error
	if x.least, x.most, err = timesOf(e.Times); err != nil {
		return wrong("%s", err)
	}
	x.words = fmt.Sprintf("expect.%d: %s", i, e.words())
	return x, nil
}

// messageOf is a problem's message without its code.
func messageOf(err error) string {
	var p *problem
	if errors.As(err, &p) {
		return p.Message
	}
	return err.Error()
}

// timesOf reads a number, or bounds. JSON's numbers come as float64.
func timesOf(times any) (least, most int, err error) {
	whole := func(name string, v any) (int, error) {
		f, isNumber := v.(float64)
		if n := int(f); isNumber && f >= 0 && f <= mostTimes && float64(n) == f {
			return n, nil
		}
		return 0, fmt.Errorf("%s is %v, want a whole number from 0 to %d", name, v, mostTimes)
	}
	switch times := times.(type) {
	case nil:
		return 1, -1, nil
	case float64:
		n, err := whole("times", times)
		return n, n, err
	case map[string]any:
		least, most = 0, -1
		for name, v := range times {
			var err error
			switch name {
			case "min":
				least, err = whole("times.min", v)
			case "max":
				most, err = whole("times.max", v)
			default:
				err = fmt.Errorf("times has %q, want min, max or both%s", name, sandbox.Guess(name, "min, max"))
			}
			if err != nil {
				return 0, 0, err
			}
		}
		switch {
		case len(times) == 0:
			return 0, 0, errors.New("times is {}, want min, max or both")
		case most >= 0 && least > most:
			return 0, 0, fmt.Errorf("times has min %d and max %d, want min not above max", least, most)
		}
		return least, most, nil
	default:
		return 0, 0, fmt.Errorf(`times is %v, want a whole number, or an object such as {"min": 1, "max": 3}`, times)
	}
}

// words are what an expectation wants to see.
func (e Expectation) words() string {
	said := "call " + e.Call
	switch {
	case e.Notification != "":
		said = "notification of a " + e.Notification
	case e.Surface != "":
		said = "surface " + e.Surface
	}
	for _, condition := range []struct{ name, value string }{{"respcd", e.Respcd}, {"status", e.Status}, {"finding", e.Finding}, {"decided by", e.DecidedBy}} {
		if condition.value != "" {
			said += ", " + condition.name + " " + condition.value
		}
	}
	if e.Acknowledged != nil {
		said += map[bool]string{true: ", acknowledged", false: ", not acknowledged"}[*e.Acknowledged]
	}
	return said
}

// howOften says the bounds in words.
func howOften(least, most int) string {
	switch {
	case most < 0:
		return fmt.Sprintf("at least %d", least)
	case least == most:
		return fmt.Sprintf("exactly %d", least)
	case least == 0:
		return fmt.Sprintf("at most %d", most)
	default:
		return fmt.Sprintf("%d to %d", least, most)
	}
}

// onePayment is the ready-made verification.
const onePayment = "one-payment"

// verify looks whether the journal holds what a test expects of it.
func (a *API) verify(r *http.Request) (any, error) {
	var in Verification
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	wanted, err := in.read()
	if err != nil {
		return nil, err
	}
	if _, err := a.Gateway.Store.App(r.Context(), in.App); errors.Is(err, sandbox.ErrNotFound) {
		return nil, appNotHere(in.App)
	} else if err != nil {
		return nil, err
	}
	story, err := a.factsOf(r.Context(), in, wanted)
	if err != nil {
		return nil, err
	}
	return story.verdict(in, wanted), nil
}

// read gives the expectations of a verification that can be understood.
func (in Verification) read() ([]expected, error) {
	switch {
	case in.App == "":
		return nil, badRequest("app is empty, want the app code whose journal is verified")
	case in.Verify != "" && in.Verify != onePayment:
		return nil, badRequest("verify is %q, want %s, or expect in its place%s", in.Verify, onePayment, sandbox.Guess(in.Verify, onePayment))
	case in.Verify != "" && (len(in.Expect) > 0 || in.NothingElse):
		return nil, badRequest("verify is %q beside expect or nothing_else, want one of them: it brings its own", in.Verify)
	case in.Verify != "" && in.OutTradeNo == "":
		return nil, badRequest("out_trade_no is empty, want the number of the payment %s is about", in.Verify)
	case in.Verify == "" && len(in.Expect) == 0 && !in.NothingElse:
		return nil, badRequest("expect is empty, want at least one expectation, nothing_else, or verify")
	case len(in.Expect) > mostExpectations:
		return nil, badRequest("expect has %d expectations, want at most %d", len(in.Expect), mostExpectations)
	}
	wanted := make([]expected, len(in.Expect))
	for i, e := range in.Expect {
		x, err := expectedOf(i, e)
		if err != nil {
			return nil, err
		}
		wanted[i] = x
	}
	return wanted, nil
}

// verdict compares.
func (s *facts) verdict(in Verification, wanted []expected) Verified {
	v := Verified{App: in.App, OutTradeNo: in.OutTradeNo, Mark: s.mark, Failures: []Checked{}, Checked: []Checked{}}
	if s.lost {
		v.check(false, Checked{"the journal holds everything since the mark", "nothing dropped after it", fmt.Sprintf("the oldest exchange kept is %d; give since, the mark of a moment before the test", s.oldest), nil})
	}
	if in.Verify == onePayment {
		s.onePayment(&v, in.OutTradeNo)
	}
	for i, x := range wanted {
		s.checkTimes(&v, i, x)
		s.checkOrder(&v, i, x, wanted)
	}
	if in.NothingElse {
		var others []uint64
		for i, f := range s.list {
			if s.belongs(i) && f.fits == 0 && (f.call != "" || f.notification != "") {
				others = append(others, f.seq)
			}
		}
		v.check(len(others) == 0, Checked{"nothing_else", "no call and no notification besides", fmt.Sprint(len(others)), others})
	}
	v.Verified = len(v.Failures) == 0
	return v
}

func (v *Verified) check(holds bool, c Checked) {
	c.Seq = append([]uint64{}, c.Seq[:min(len(c.Seq), mostSeqs)]...)
	v.Checked = append(v.Checked, c)
	if !holds {
		v.Failures = append(v.Failures, c)
	}
}

func (s *facts) checkTimes(v *Verified, i int, x expected) {
	seqs := s.seqs(i)
	n := len(seqs)
	v.check(n >= x.least && (x.most < 0 || n <= x.most), Checked{x.words, howOften(x.least, x.most), fmt.Sprint(n), seqs})
}

func (s *facts) checkOrder(v *Verified, i int, x expected, wanted []expected) {
	if x.After == nil {
		return
	}
	first := slices.Min(append(s.seqs(*x.After), ^uint64(0)))
	var early []uint64
	for _, seq := range s.seqs(i) {
		if seq < first {
			early = append(early, seq)
		}
	}
	actual := "all"
	if len(early) > 0 {
		actual = fmt.Sprintf("%d before", len(early))
	}
	v.check(len(early) == 0, Checked{x.words, "all after the first of " + wanted[*x.After].words, actual, early})
}
