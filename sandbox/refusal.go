package sandbox

import (
	"fmt"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Fidelity says how sure we are that the real system does what we do.
type Fidelity string

const (
	Documented Fidelity = "documented" // a published document of QFPay or WeChat says so
	Observed   Fidelity = "observed"   // a captured answer shows it
	Assumed    Fidelity = "assumed"    // the public record is silent; docs/assumptions.md says why we chose this
)

// Refusal is QFPay's no. Code, Resperr and Respmsg go on the wire and say no more than QFPay does;
// Rule and Detail go in the journal and say everything.
type Refusal struct {
	Rule     string
	Code     qfpay.Respcd
	Resperr  string
	Respmsg  string
	Fidelity Fidelity
	Detail   string
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%s (%s): %s", r.Rule, r.Code, r.Detail)
}

// Finding is the refusal as the journal keeps it.
func (r *Refusal) Finding() Finding { return Finding{ID: r.Rule, Detail: r.Detail} }

// The refusals of the endpoints served so far. Each constructor is a row: what goes on the wire
// and how sure we are of it; the caller adds what was wrong.

func refuseAppCode(detail string) *Refusal {
	return &Refusal{Rule: "app-code-unknown", Code: qfpay.RespSignature, Resperr: qfpay.TextBadAppCode, Fidelity: Observed, Detail: detail}
}

func refuseMchid(detail string) *Refusal {
	return &Refusal{Rule: "mchid-rule", Code: qfpay.RespSignature, Resperr: qfpay.TextBadMchid, Fidelity: Observed, Detail: detail}
}

// The code is documented, its text is not (assumption 2).
func refuseSignature(detail string) *Refusal {
	return &Refusal{Rule: "signature-wrong", Code: qfpay.RespSignature, Resperr: qfpay.TextBadSign, Respmsg: "signature error", Fidelity: Documented, Detail: detail}
}

// RefuseParameter names a parameter whose value is not allowed, and why. The code is documented,
// its text is not (assumption 3).
func RefuseParameter(name, detail string) *Refusal {
	return &Refusal{Rule: "parameter-" + name, Code: qfpay.RespParameter, Resperr: "参数错误(1104)", Respmsg: name + " error", Fidelity: Assumed, Detail: name + " " + detail}
}

func refuseMissing(name string) *Refusal {
	r := RefuseParameter(name, "is missing or empty and this call needs it")
	r.Respmsg = name + " is required"
	return r
}

func refusePayType(detail string) *Refusal {
	return &Refusal{Rule: "pay-type-not-enabled", Code: qfpay.RespParameter, Resperr: qfpay.TextNoPayType, Respmsg: qfpay.TextFilterError, Fidelity: Documented, Detail: detail}
}

func refuseDuplicate(detail string) *Refusal {
	return &Refusal{Rule: "out-trade-no-used", Code: qfpay.RespDuplicateOrder, Resperr: qfpay.TextDuplicateOrder,
		Respmsg: qfpay.TextOrderUsed, Fidelity: Observed, Detail: detail}
}

// QFPay publishes no code for a bad OAuth code; the texts are WeChat's (assumption 4).
func refuseCode(rule, respmsg, detail string) *Refusal {
	return &Refusal{Rule: rule, Code: qfpay.RespParameter, Resperr: "获取openid失败(1104)", Respmsg: respmsg, Fidelity: Assumed, Detail: detail}
}

// RefuseRequest is the answer to a request that cannot be read at all (assumption 5).
func RefuseRequest(rule, respmsg, detail string) *Refusal {
	return &Refusal{Rule: rule, Code: qfpay.RespMalformed, Resperr: "请求错误(1103)", Respmsg: respmsg, Fidelity: Assumed, Detail: detail}
}
