package weixin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// authorize logs the payer in and sends the browser back with code and state; where the account asks
// for nickname and picture, the payer is asked first. WeChat's errors are pages with HTTP 200
// (assumption 12).
func (s *Site) authorize(w http.ResponseWriter, r *http.Request) {
	login, payer, err := s.login(w, r)
	if err != nil {
		s.refuse(r.Context(), w, err)
		return
	}
	switch allowed, refused := login.Answer(payer); {
	case allowed:
		s.allow(w, r, login, payer)
	case refused:
		redirect(w, wechat.AppendRefusal(login.RedirectURI, login.State))
	default:
		s.ask(w, login, payer)
	}
}

// reply takes the payer's answer on the consent page.
func (s *Site) reply(w http.ResponseWriter, r *http.Request) {
	login, payer, err := s.login(w, r)
	if err == nil {
		err = login.CheckTicket(payer, qfpay.ParseParams(r.URL.RawQuery).Get("uuid"))
	}
	switch {
	case err != nil:
		s.refuse(r.Context(), w, err)
	case qfpay.ParseParams(r.URL.RawQuery).Get("allow") == "1":
		s.allow(w, r, login, payer)
	default:
		redirect(w, wechat.AppendRefusal(login.RedirectURI, login.State))
	}
}

// login reads and judges the visit, and says whose browser it is.
func (s *Site) login(w http.ResponseWriter, r *http.Request) (sandbox.Login, sandbox.Payer, error) {
	params := qfpay.ParseParams(r.URL.RawQuery) // as lenient as QFPay's own: a raw ";" in redirect_uri is a character
	if r.URL.Path == replyPath {
		params = slices.DeleteFunc(params, func(p qfpay.Param) bool {
			return p.Name == "uuid" || p.Name == "allow" || p.Name == sandbox.ScopeUserinfo
		})
	}
	login, err := s.Gateway.CheckAuthorize(r.Context(), sandbox.AuthorizeRequest{
		Params: params, Client: wechat.Recognise(r.UserAgent()), UserAgent: r.UserAgent(), RelayHost: s.relayHost(r, params.Get("redirect_uri")),
	})
	if err != nil {
		return login, sandbox.Payer{}, err
	}
	payer, err := s.payer(w, r)
	if err == nil {
		sandbox.Note(r.Context(), func(e *sandbox.Exchange) { e.Payer = payer.ID })
	}
	return login, payer, err
}

func (s *Site) allow(w http.ResponseWriter, r *http.Request, login sandbox.Login, payer sandbox.Payer) {
	code, err := s.Gateway.LogIn(r.Context(), login, payer)
	if err != nil {
		s.refuse(r.Context(), w, err)
		return
	}
	redirect(w, wechat.AppendCode(login.RedirectURI, code.Code, &login.State))
}

func redirect(w http.ResponseWriter, to string) {
	w.Header()["Location"] = []string{to}
	w.WriteHeader(http.StatusFound)
}

// relayHost is where QFPay's relay is, the host QFPay's account is registered with: this one, or under
// their own names any of QFPay's.
func (s *Site) relayHost(r *http.Request, redirectURI string) string {
	if u, err := url.Parse(redirectURI); err == nil && s.VendorNames(r) {
		if h, ok := qfpay.HostNamed(u.Hostname()); ok && h.Surface == qfpay.SurfaceOpenAPI {
			return u.Host
		}
	}
	return s.ownHost(r)
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
		if refusal.Expected != "" {
			notice.Hint += ". Wanted: " + refusal.Expected
		}
	}
	if refusal != nil {
		notice.Rule = refusal.ID
		sandbox.AddFinding(ctx, refusal.Finding)
	}
	if err := notice.Write(w, status); err != nil {
		s.Log.Error("WeChat notice not written", "error", err)
	}
}
