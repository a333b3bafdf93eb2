package notify

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// wanted is the one reply that stops the retries.
const wanted = "HTTP 200 and the body SUCCESS"

// notAcknowledged is the finding about an answer that starts a retry, with what is wrong about it.
func (t *try) notAcknowledged() sandbox.Finding {
	f := sandbox.Finding{ID: sandbox.FindNotAcknowledged, Detail: t.Verdict, Expected: wanted}
	if t.Error != "" {
		f.Received = "no answer: " + t.Error
		f.Change = "let the notify address answer " + wanted + " at once, and do slow work afterwards"
		return f
	}
	body := strings.TrimSpace(t.Answer)
	f.Received = fmt.Sprintf("HTTP %d and %s", t.Status, sandbox.Shown(body))
	switch {
	case t.Status >= 300 && t.Status < 400:
		f.Change = "answer at the notify address itself: QFPay follows no redirect, such as one to https, to a login page or to a slash behind the path"
	case t.Status == http.StatusNotFound || t.Status == http.StatusMethodNotAllowed:
		f.Change = fmt.Sprintf("serve POST at this address: HTTP %d says that nobody does", t.Status)
	case t.Status == http.StatusUnauthorized || t.Status == http.StatusForbidden || t.Status == 419:
		f.Change = "let QFPay in without login or CSRF token: what proves the sender is X-QF-SIGN over the raw body"
	case t.Status == http.StatusUnsupportedMediaType:
		f.Change = "take application/json at the notify address"
	case t.Status >= 500:
		f.Change = "see the merchant's log for what failed; answer SUCCESS only after the payment is stored"
	case t.Status != http.StatusOK && body == "SUCCESS":
		f.Change = fmt.Sprintf("answer HTTP 200 in place of %d; the body is right", t.Status)
	case strings.EqualFold(body, "SUCCESS"):
		f.Change = "write SUCCESS in capitals: lower case, as one old sample has it, starts a retry"
	case strings.EqualFold(strings.Trim(body, `"'`), "SUCCESS"):
		f.Change = "answer the seven letters without quotes: a framework made JSON of the text"
	case body == "":
		f.Change = "write SUCCESS as the body; HTTP 200 alone is no acknowledgement"
	case strings.HasPrefix(body, "{"):
		f.Change = "answer the text SUCCESS, no JSON"
	case strings.HasPrefix(body, "<"):
		f.Change = "answer the text SUCCESS, no page"
	case strings.Contains(strings.ToUpper(body), "SUCCESS"):
		f.Change = "answer SUCCESS and nothing before or behind it, such as a warning of PHP's"
	}
	return f
}
