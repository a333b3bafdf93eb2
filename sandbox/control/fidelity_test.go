package control_test

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

func TestFidelity(t *testing.T) {
	b := start(t, server.Config{})
	b.call("GET", "/fidelity", "").want(200,
		"answers.0.endpoint", "get_weixin_oauth_code", "answers.0.fidelity", "assumed", "answers.2.endpoint", "payment", "answers.2.fidelity", "observed",
		"refusals.0.endpoint", "get_weixin_oauth_code", "refusals.0.rule", "app-code-unknown", "refusals.0.respcd", "1108", "refusals.0.resperr", "APPCODE非法", "refusals.0.respmsg", "",
		"refusals.0.fidelity", "observed", "refusals.0.when", "the app code is missing or nobody's", "refusals.0.source", "qfpay-api 2.6",
		"levers.0.respcd", "1100", "levers.0.resperr", "交易失败，请联系客服(1100)", "levers.0.outcome", "retry", "levers.0.fidelity", "documented")
	b.call("GET", "/fidelity?endpoint=query", "").refused(400, "invalid", "takes no query parameter")
	list, err := b.Fidelity(t.Context())
	must(t, err)
	rules := map[string]bool{}
	for _, r := range list.Refusals {
		rules[string(r.Endpoint)+" "+r.Rule+" "+r.Respmsg] = true
		if r.Fidelity == "" || r.When == "" || r.Source == "" || r.Resperr == "" || len(r.Respcd) != 4 {
			t.Errorf("%+v says not all", r)
		}
	}
	for _, want := range []string{"payment parameter-sub_openid sub_openid is required", "query parameter-page page error", "other paths endpoint-not-served no such interface", "refund refund-again wrong cancel"} {
		if !rules[want] {
			t.Errorf("no refusal is %q", want)
		}
	}
	if len(list.Levers) < 90 || len(list.Answers) != 8 {
		t.Errorf("%d codes and %d answers, want all published codes and 8 calls", len(list.Levers), len(list.Answers))
	}
}
