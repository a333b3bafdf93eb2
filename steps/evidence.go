package steps

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/steps/browser"
)

// explain adds to an error what the payer sees and what the sandbox refused meanwhile: the second
// is mostly the cause of the first.
func (w *world) explain(ctx context.Context, err error) error {
	var b strings.Builder
	if w.tab != nil {
		w.describePage(ctx, &b)
	}
	unreached := w.lastFailure()
	if unreached != "" {
		fmt.Fprintf(&b, "\nthe browser could not load %s", unreached)
	}
	page, journalErr := w.client.Journal(ctx, control.JournalFilter{Since: w.mark})
	if journalErr == nil {
		seen := 0
		for _, e := range page.Exchanges {
			if e.App != w.app && e.App != "" { // a call that named no App known here may well be this merchant's
				continue
			}
			seen++
			for _, f := range e.Findings {
				fmt.Fprintf(&b, "\n%s %s: %s: %s", e.Surface, e.Path, f.ID, f.Detail)
			}
		}
		if seen == 0 && unreached == "" {
			b.WriteString("\nthe sandbox saw nothing of this merchant: it did not take the browser for WeChat (is MicroMessenger spelt right? the published sample's MichroMessenger is not), or it uses another sandbox")
		}
	}
	return fmt.Errorf("%w%s", err, b.String())
}

// glance bounds a look at a page that may be frozen.
const glance = 2 * time.Second

// describePage tells where the payer is, what is there to read, and what the page's scripts did.
func (w *world) describePage(ctx context.Context, b *strings.Builder) {
	if at := w.tab.URL(); at == "" || at == "about:blank" {
		b.WriteString("\nthe payer sees no page")
	} else {
		fmt.Fprintf(b, "\nthe payer is at %s", at)
		ctx, cancel := context.WithTimeout(ctx, glance)
		defer cancel()
		if text, err := w.tab.BodyText(ctx); err != nil {
			b.WriteString(", which does not react")
		} else {
			fmt.Fprintf(b, ", which says: %s", shortText(strings.Join(strings.Fields(text), " "), 200))
		}
	}
	if opened := w.tab.Dialogs(); len(opened) > 0 {
		last := opened[len(opened)-1]
		fmt.Fprintf(b, "\nits pages opened %d dialogs, the last an %s: %s", len(opened), last.Type, shortText(last.Message, 100))
	}
	for _, e := range w.tab.Timeline() {
		if e.Kind == browser.Exception && !w.atSandbox(e.URL) {
			fmt.Fprintf(b, "\na script of %s failed: %s", e.URL, shortText(e.Text, 200))
			return // the first is mostly the cause of the others
		}
	}
}

// lastFailure is the page the browser asked for last and did not get, empty if it got it.
func (w *world) lastFailure() string {
	if w.tab == nil {
		return ""
	}
	document, failure := "", ""
	for _, e := range w.tab.Timeline() {
		switch {
		case e.Kind == browser.Request && e.Text == "Document":
			document, failure = e.URL, ""
		case e.Kind == browser.Failed && e.URL == document:
			failure = e.URL + ": " + e.Text
		}
	}
	return failure
}

// payments lists the payments the merchant made at QFPay in this scenario.
func (w *world) payments(ctx context.Context) ([]control.Exchange, error) {
	page, err := w.client.Journal(ctx, control.JournalFilter{App: w.app, Since: w.mark, Path: "/trade/v1/payment"})
	if err != nil {
		return nil, broke(err)
	}
	var made []control.Exchange
	for _, e := range page.Exchanges {
		if e.Respcd == "0000" && (w.order.openID == "" || string(e.OpenID) == w.order.openID) {
			made = append(made, e)
		}
	}
	return made, nil
}

// answer is a small HTTP answer.
type httpAnswer struct {
	StatusCode int
	Header     http.Header
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

// fetch sends one request and reads the answer; it follows no redirect.
func fetch(ctx context.Context, method, address string, header http.Header, body io.Reader) (httpAnswer, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return httpAnswer{}, nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return httpAnswer{}, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return httpAnswer{resp.StatusCode, resp.Header}, raw, err
}
