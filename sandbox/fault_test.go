package sandbox_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func (w *world) arm(f sandbox.Fault, effect string) sandbox.Fault {
	w.t.Helper()
	var err error
	f.Effect, err = sandbox.ParseEffect(effect)
	w.must(err)
	f, err = w.AddFault(w.t.Context(), w.app.Code, f)
	w.must(err)
	w.app, err = w.Store.App(w.t.Context(), w.app.Code)
	w.must(err)
	return f
}

// take gives the numbers of the faults that fired on calls such as "query T1", 0 for none.
func (w *world) take(calls ...string) string {
	w.t.Helper()
	var fired []string
	for _, c := range calls {
		at, order, _ := strings.Cut(c, " ")
		f, fires, err := w.TakeFault(w.t.Context(), w.app, sandbox.Endpoint(at), sandbox.OutTradeNo(order))
		w.must(err)
		if fires != (f.ID != 0) {
			w.t.Errorf("%s gives fault %d and fires %t", c, f.ID, fires)
		}
		fired = append(fired, fmt.Sprint(f.ID))
	}
	return strings.Join(fired, " ")
}

func TestFaultsMatch(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  sandbox.Fault
		effect string
		calls  []string
		want   string
	}{
		{"once by default", sandbox.Fault{}, "1143", []string{"query", "query"}, "1 0"},
		{"every route", sandbox.Fault{Times: 9}, "1143", []string{"query", "payment T1", "get_weixin_openid"}, "1 1 1"},
		{"one route", sandbox.Fault{Route: "payment", Times: 9}, "1143", []string{"query T1", "payment T1"}, "0 1"},
		{"one order", sandbox.Fault{OutTradeNo: "T1", Times: 9}, "1143", []string{"payment T2", "payment T1", "query T1", "query"}, "0 1 1 0"},
		{"an order in an enquiry's list", sandbox.Fault{OutTradeNo: "T1", Times: 9}, "1143", []string{"query T2, T1", "query T11,2T1", "payment T2,T1"}, "1 0 0"},
		{"the third call", sandbox.Fault{Nth: 3}, "1143", []string{"query", "query", "query", "query"}, "0 0 1 0"},
		{"from the second, twice", sandbox.Fault{Nth: 2, Times: 2}, "1143", []string{"query", "query", "query", "query"}, "0 1 1 0"},
		{"a payer has payments", sandbox.Fault{Times: 9}, "pay", []string{"query", "payment", "refund", "close"}, "0 1 0 0"},
		{"a refund can fail later", sandbox.Fault{Times: 9}, "fail-later", []string{"query", "payment", "refund", "close"}, "0 0 1 0"},
		{"either can be pending", sandbox.Fault{Times: 9}, "pending", []string{"query", "payment", "refund", "close"}, "0 1 1 0"},
		{"a redirect has no body", sandbox.Fault{Times: 9}, "cut-body", []string{"get_weixin_oauth_code", "query"}, "0 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.arm(c.fault, c.effect)
			if got := w.take(c.calls...); got != c.want {
				t.Errorf("%v: fired %s, want %s", c.calls, got, c.want)
			}
		})
	}
}

func TestFaultsAreTriedInOrder(t *testing.T) {
	w := newWorld(t)
	w.arm(sandbox.Fault{Nth: 2}, "1145")
	w.arm(sandbox.Fault{Times: 2}, "1143")
	if got, want := w.take("query", "query", "query", "query"), "2 1 2 0"; got != want {
		t.Errorf("fired %s, want %s", got, want)
	}
	app, err := w.Store.App(t.Context(), w.app.Code)
	w.must(err)
	var counts []string
	for _, f := range app.Faults {
		counts = append(counts, fmt.Sprintf("%d matched %d fired %d", f.ID, f.Matched, f.Fired))
	}
	if got, want := strings.Join(counts, ", "), "1 matched 4 fired 1, 2 matched 3 fired 2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFaultFiresOnceAmongMany(t *testing.T) {
	w := newWorld(t)
	w.arm(sandbox.Fault{Nth: 10, Times: 3}, "1143")
	var fired int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			_, fires, err := w.TakeFault(t.Context(), w.app, sandbox.AtQuery, "")
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if fires {
				fired++
			}
		})
	}
	all.Wait()
	if fired != 3 {
		t.Errorf("%d of 50 calls met the fault, want 3", fired)
	}
}

func TestFaultsKeepTheirNumbers(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) {
		a.Faults = []sandbox.Fault{{Effect: sandbox.Effect{Status: 502}}, {ID: 7, Effect: sandbox.Effect{Status: 503}}}
	})
	if f := w.arm(sandbox.Fault{}, "1143"); f.ID != 9 {
		t.Errorf("the third fault has number %d, want 9: behind 8 and 7", f.ID)
	}
	removed, err := w.RemoveFault(t.Context(), w.app.Code, 7)
	w.must(err)
	if removed.Effect.Status != 503 {
		t.Errorf("removed %+v, want the one with 503", removed)
	}
	if _, err := w.RemoveFault(t.Context(), w.app.Code, 7); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("removing it again gives %v, want ErrNotFound", err)
	}
	n, err := w.RemoveFaults(t.Context(), w.app.Code)
	w.must(err)
	if n != 2 {
		t.Errorf("removed %d, want 2", n)
	}
	for what, f := range map[string]sandbox.Fault{"a number below 1": {ID: -1, Effect: sandbox.Effect{Status: 502}}, "no effect": {}} {
		if _, err := w.CreateApp(t.Context(), sandbox.App{Faults: []sandbox.Fault{f}}); !errors.Is(err, sandbox.ErrInvalid) {
			t.Errorf("an App whose fault has %s gives %v, want ErrInvalid", what, err)
		}
	}
}

func TestLeversComeInOrder(t *testing.T) {
	w := newWorld(t)
	w.arm(sandbox.Fault{Times: 2}, "http=502")
	ctx, e := w.noted()
	lever, err := w.LeverOn(ctx, w.app, sandbox.AtQuery, "", "1143")
	w.must(err)
	if lever.By != "header" || lever.Effect.Respcd != "1143" || e.DecidedBy != "header" {
		t.Errorf("got %+v, noted %q, want the header's", lever, e.DecidedBy)
	}
	ctx, e = w.noted()
	lever, err = w.LeverOn(ctx, w.app, sandbox.AtQuery, "", "")
	w.must(err)
	if lever.By != "fault 1" || lever.Effect.Status != 502 || e.DecidedBy != "fault 1" {
		t.Errorf("got %+v, noted %q, want the fault's", lever, e.DecidedBy)
	}
	if app, _ := w.Store.App(t.Context(), w.app.Code); app.Faults[0].Matched != 1 {
		t.Errorf("the fault matched %d calls, want 1: a call with a header is none", app.Faults[0].Matched)
	}
	for sent, want := range map[string]string{
		"boom": `X-Sandbox-Outcome is "boom": "boom" is none of: a published respcd`,
		"pay":  `X-Sandbox-Outcome is "pay": pay is for payment or refund, query has no payer to do it`,
		",":    `X-Sandbox-Outcome is ",": it is empty`,
	} {
		_, err := w.LeverOn(t.Context(), w.app, sandbox.AtQuery, "", sent)
		wantRefusal(t, err, sandbox.Refusal{Rule: "outcome-unreadable", Code: "1104", Resperr: "参数错误(1104)", Respmsg: "X-Sandbox-Outcome error", Fidelity: sandbox.Assumed, Detail: want})
	}
}

func TestRefusalByLever(t *testing.T) {
	for code, want := range map[string]sandbox.Refusal{
		"1143": {Rule: "lever", Code: "1143", Resperr: "订单还未支付，或者正在输入密码中", Fidelity: sandbox.Observed, Detail: "header: 1143"},
		"1294": {Rule: "lever", Code: "1294", Resperr: "交易失败，请联系客服(1294)", Fidelity: sandbox.Documented, Detail: "header: 1294"},
	} {
		lever, err := newWorld(t).LeverOn(t.Context(), sandbox.App{}, sandbox.AtQuery, "", code)
		if err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, lever.Refusal(), want)
	}
}
