package notify

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// answerKept is how much of a merchant's answer is read and kept, in bytes.
const answerKept = 1024

// attempt posts the notification once and stores what came of it.
func (d *Deliverer) attempt(ctx context.Context, n sandbox.Notification) (sandbox.Notification, error) {
	app, err := d.gateway.Store.App(ctx, n.App)
	if err != nil {
		return n, err
	}
	e := sandbox.Exchange{
		App: n.App, At: d.gateway.Now(app), Surface: "notify", Method: http.MethodPost, URL: n.URL,
		RequestBody: n.Body, OutTradeNo: n.OutTradeNo, Syssn: n.Syssn,
	}
	began := time.Now()
	a := d.post(ctx, n, &e)
	e.Took = time.Since(began)
	a.At = e.At
	if ctx.Err() != nil && a.Error != "" {
		return n, ctx.Err() // we are shutting down, not the merchant: it stays due
	}
	ctx = context.WithoutCancel(ctx) // what was sent is to be remembered
	if !a.Acknowledged && len(e.Findings) == 0 {
		detail := fmt.Sprintf("answered HTTP %d and %q, want 200 and exactly SUCCESS", a.Status, a.Answer)
		if a.Error != "" {
			detail = a.Error
		}
		e.Findings = append(e.Findings, sandbox.Finding{ID: sandbox.FindNotAcknowledged, Detail: detail})
	}
	stored, err := d.gateway.Store.UpdateNotification(ctx, n.ID, func(n *sandbox.Notification) error {
		n.Tried(a)
		return nil
	})
	if err != nil {
		return n, err
	}
	d.log.Info("notification", "app", n.App, "order", n.OutTradeNo, "url", n.URL, "attempt", len(stored.Attempts),
		"status", a.Status, "error", a.Error, "state", stored.Describe())
	return stored, d.gateway.Record(ctx, e)
}

// post sends the bytes and reads the answer into e.
func (d *Deliverer) post(ctx context.Context, n sandbox.Notification, e *sandbox.Exchange) sandbox.Attempt {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.URL, bytes.NewReader(n.Body))
	if err != nil {
		e.Error = err.Error()
		return sandbox.Attempt{Error: err.Error()}
	}
	req.Header = http.Header{
		"Content-Type": {"application/json"},
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
