package weixin

import (
	"context"
	"errors"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// authorize logs the payer in without asking (scope snsapi_base) and sends the browser back with
// code and state. WeChat's errors are pages with HTTP 200 (assumption 12).
func (s *Site) authorize(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	q := qfpay.ParseParams(r.URL.RawQuery) // as lenient as QFPay's own: a raw ";" in redirect_uri is a character
	app, err := s.Gateway.CheckAuthorize(ctx, sandbox.AuthorizeRequest{
		AppID: q.Get("appid"), RedirectURI: q.Get("redirect_uri"), Scope: q.Get("scope"), Client: wechat.Recognise(r.UserAgent()), UserAgent: r.UserAgent(), OwnHost: s.ownHost(r),
	})
	if err != nil {
		s.refuse(ctx, w, err)
		return
	}
	payer, err := s.payer(w, r)
	if err != nil {
		s.refuse(ctx, w, err)
		return
	}
	code, err := s.Gateway.IssueCode(ctx, app, payer)
	if err != nil {
		s.refuse(ctx, w, err)
		return
	}
	state := q.Get("state")
	w.Header()["Location"] = []string{wechat.AppendCode(q.Get("redirect_uri"), code.Code, &state)}
	w.WriteHeader(http.StatusFound)
}

func (s *Site) refuse(ctx context.Context, w http.ResponseWriter, err error) {
	var refusal *sandbox.PageRefusal
	notice := look.Notice{Title: wechat.OutsideTitle}
	status := http.StatusOK
	switch {
	case !errors.As(err, &refusal):
		s.Log.Error("WeChat page failed", "error", err)
		sandbox.Find(ctx, sandbox.FindSandboxMistake, "WeChat's page failed; the log has the cause")
		status = http.StatusInternalServerError
		notice.Text, notice.English = "系统繁忙，请稍后再试", "The sandbox made a mistake; its log has the cause."
	case refusal.Page == nil:
		notice.Text, notice.English = wechat.OutsideText, "Please open this link in the WeChat client."
		notice.Hint = "Seen here: " + refusal.Detail + ". Open the merchant's page inside WeChat, or give your test browser a WeChat User-Agent."
	default:
		notice.Text, notice.English, notice.Hint = refusal.Page.Text(), refusal.Page.English, refusal.Detail
	}
	if refusal != nil {
		notice.Rule = refusal.ID
		sandbox.AddFinding(ctx, refusal.Finding)
	}
	if err := notice.Write(w, status); err != nil {
		s.Log.Error("WeChat notice not written", "error", err)
	}
}
