package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// answerKept is how much of a merchant's answer is read and kept, in bytes.
const answerKept = 1024

// try is one attempt with its place in the journal.
type try struct {
	sandbox.Attempt
	exchange sandbox.Exchange
}

// attempt posts the notification to an address, so many times at once, and stores what came of it.
func (d *Deliverer) attempt(ctx context.Context, n sandbox.Notification, url string, times int) (sandbox.Notification, error) {
	app, err := d.gateway.Store.App(ctx, n.App)
	if err != nil {
		return n, err
	}
	tries := make([]try, times)
	var all sync.WaitGroup
	for i := range tries {
		all.Go(func() { tries[i] = d.try(ctx, n, url, d.gateway.Now(app)) })
	}
	all.Wait()
	attempts := make([]sandbox.Attempt, 0, times)
	acknowledged := false
	for _, t := range tries {
		if ctx.Err() != nil && t.Error != "" {
			continue // we are shutting down, not the merchant: it stays due
		}
		attempts = append(attempts, t.Attempt)
		acknowledged = acknowledged || t.Acknowledged
	}
	if len(attempts) == 0 {
		return n, ctx.Err()
	}
	ctx = context.WithoutCancel(ctx) // what was sent is to be remembered
	stored, err := d.gateway.Store.UpdateNotification(ctx, n.ID, func(n *sandbox.Notification) error {
		n.Tried(attempts...)
		return nil
	})
	switch {
	case errors.Is(err, sandbox.ErrNotFound):
		n.Tried(attempts...) // forgotten by a reset meanwhile; that it was sent is told all the same
		stored, err = n, nil
	case err != nil:
		return n, err
	}
	for _, t := range tries {
		t.find(n.Variant, acknowledged)
		if d.Refused != nil && t.exchange.Has(sandbox.FindNotAcknowledged) && t.refused() && len(stored.Attempts) == len(attempts) {
			t.exchange.Findings = append(t.exchange.Findings, d.Refused(ctx, app, n.Body, t.shown()...)...)
		}
		d.log.Info("notification", "app", n.App, "order", n.OutTradeNo, "url", sandbox.HideKey(url, app.ClientKey), "variant", n.Variant, "attempt", len(stored.Attempts),
			"status", t.Status, "error", t.Error, "state", stored.Describe())
		if e := d.gateway.Record(ctx, t.exchange); e != nil {
			err = e
		}
	}
	return stored, err
}

// find says what the answer proves. Of several at once one SUCCESS is enough; what must be refused
// may be answered with anything else.
func (t *try) find(v sandbox.Variant, acknowledged bool) {
	switch {
	case len(t.exchange.Findings) > 0:
	case v.MustBeRefused() && t.Acknowledged:
		t.exchange.Findings = []sandbox.Finding{{ID: sandbox.FindWronglyAccepted, Detail: fmt.Sprintf("it was planned as %s, and answered SUCCESS", v), Received: "SUCCESS", Expected: "anything but HTTP 200 and SUCCESS"}}
	case v.MustBeRefused() || acknowledged:
	default:
		t.exchange.Findings = []sandbox.Finding{t.notAcknowledged()}
	}
}

// refused: there was an answer, and not one that means SUCCESS and is only written otherwise.
func (t *try) refused() bool {
	return t.Error == "" && !strings.EqualFold(strings.Trim(t.Answer, " \t\r\n\"'"), "SUCCESS")
}

// shown are the texts of the merchant's answer: its body and its headers.
func (t *try) shown() []string {
	texts := []string{string(t.exchange.AnswerBody)}
	for _, name := range slices.Sorted(maps.Keys(t.exchange.AnswerHeader)) {
		texts = append(texts, t.exchange.AnswerHeader[name]...)
	}
	return texts
}

// try posts the notification once.
func (d *Deliverer) try(ctx context.Context, n sandbox.Notification, url string, at time.Time) try {
	t := try{exchange: sandbox.Exchange{
		App: n.App, At: at, Started: d.gateway.Clock.Now(), Surface: "notify", Method: http.MethodPost, URL: url, RequestBody: n.Body, OutTradeNo: n.OutTradeNo, Syssn: n.Syssn,
	}}
	if n.Variant != "" && n.Variant != sandbox.VariantGood {
		t.exchange.DecidedBy = "plan " + string(n.Variant)
	}
	began := time.Now()
	t.Attempt = d.post(ctx, n, &t.exchange)
	t.exchange.Took = time.Since(began)
	t.At, t.URL = at, url
	switch must := n.Variant.MustBeRefused(); {
	case t.Acknowledged && must:
		t.Verdict = "acknowledged, although it had to be refused"
	case t.Acknowledged:
		t.Verdict = "acknowledged"
	case must && t.Error == "":
		t.Verdict = fmt.Sprintf("refused with HTTP %d and %q, as it had to be", t.Status, t.Answer)
	case t.Error != "":
		t.Verdict = t.Error
	default:
		t.Verdict = fmt.Sprintf("answered HTTP %d and %q, want 200 and exactly SUCCESS", t.Status, t.Answer)
	}
	return t
}

// post sends the bytes and reads the answer into e.
func (d *Deliverer) post(ctx context.Context, n sandbox.Notification, e *sandbox.Exchange) sandbox.Attempt {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(n.Body))
	if err != nil {
		e.Error = err.Error()
		return sandbox.Attempt{Error: err.Error()}
	}
	req.Header = http.Header{
		"Content-Type": {n.Variant.ContentType()},
		"X-QF-SIGN":    {n.Sign}, // in QFPay's own spelling, not Go's
		"User-Agent":   {"qfsandbox (QFPay sandbox notification)"},
	}
	e.RequestHeader = textproto.MIMEHeader(req.Header.Clone())
	resp, err := d.client.Do(req)
	if err != nil {
		e.Error = reason(err)
		if isRefusedAddress(err) {
			e.Findings = append(e.Findings, sandbox.Finding{ID: sandbox.FindNotifyAddress, Detail: e.Error})
		}
		return sandbox.Attempt{Error: e.Error}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerKept+1))
	a := sandbox.Attempt{Status: resp.StatusCode, Answer: strings.ToValidUTF8(string(body[:min(len(body), answerKept)]), "\uFFFD")}
	switch {
	case err != nil:
		a.Error = reason(err)
	case len(body) <= answerKept:
		a.Acknowledged = sandbox.Acknowledges(resp.StatusCode, string(body))
	}
	e.Status, e.AnswerHeader, e.AnswerBody, e.Error = a.Status, textproto.MIMEHeader(resp.Header), body, a.Error
	return a
}
