package weixin

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

var (
	//go:embed page.html
	payPage string
	//go:embed page.js
	payScript string

	page = template.Must(template.Must(template.New("page").Parse(payPage)).Parse(factsPart))
)

// pageView is the page of a qrcode or pay_url. State says which part of it is shown: open, paid,
// unpaid, gone, or refused with its popup's words.
type pageView struct {
	sheetView
	State, Action, Wallet string
	// Why is the sandbox's own reason beside the wallet's words.
	Why string
	// Retry offers the way back to the order.
	Retry bool
}

func (s *Site) visit(w http.ResponseWriter, r *http.Request) (sandbox.PageVisit, error) {
	q := qfpay.ParseParams(r.URL.RawQuery)
	payer, err := s.payer(w, r)
	return sandbox.PageVisit{AppID: q.Get("appid"), PrepayID: q.Get("prepay_id"), RedirectURL: q.Get("redirect_url"), Payer: payer}, err
}

// openPage shows the order to whoever scanned the code or was sent here.
func (s *Site) openPage(w http.ResponseWriter, r *http.Request) {
	v, err := s.visit(w, r)
	if err != nil {
		s.showPage(r, w, sandbox.WalletSheet{}, "", err)
		return
	}
	sheet, err := s.Gateway.OpenPage(r.Context(), v)
	s.showPage(r, w, sheet, "open", err)
}

// decidePage serves the page's two buttons, and sends the browser on where the order has a place to go.
func (s *Site) decidePage(w http.ResponseWriter, r *http.Request) {
	v, err := s.visit(w, r)
	if err != nil {
		s.showPage(r, w, sandbox.WalletSheet{}, "", err)
		return
	}
	ctx := r.Context()
	sheet, err := s.Gateway.OpenPage(ctx, v)
	if err != nil {
		s.showPage(r, w, sheet, "", err)
		return
	}
	decide, err := s.decision(w, r)
	if err != nil {
		s.showPage(r, w, sheet, "", err)
		return
	}
	end, err := decide(ctx, v)
	switch {
	case err != nil:
		s.showPage(r, w, sheet, "", err)
	case end.ReturnURL != "":
		s.sayDecided(ctx, w)
		w.Header()["Location"] = []string{end.ReturnURL}
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusSeeOther)
	case end.Gone:
		s.showPage(r, w, sheet, "gone", nil)
	case end.Result == wechat.PayOK:
		s.showPage(r, w, sheet, "paid", nil)
	default:
		s.showPage(r, w, sheet, "unpaid", nil)
	}
}

// badForm says why what a page sent is not one of its buttons.
type badForm struct {
	status int
	detail string
}

func (b *badForm) Error() string { return b.detail }

// decision reads which of the page's buttons was pressed. Errors: *badForm.
func (s *Site) decision(w http.ResponseWriter, r *http.Request) (func(context.Context, sandbox.PageVisit) (sandbox.PageEnd, error), error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxInvocation)
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &badForm{http.StatusRequestEntityTooLarge, fmt.Sprintf("the form is larger than %d bytes", tooLarge.Limit)}
	}
	switch decision := r.PostForm.Get("decision"); {
	case decision == "pay" && err == nil:
		return s.Gateway.PayAtPage, nil
	case decision == "cancel" && err == nil:
		return s.Gateway.LeavePage, nil
	case decision == "":
		return nil, &badForm{http.StatusBadRequest, "decision is missing, want pay or cancel in a form of type application/x-www-form-urlencoded"}
	default:
		return nil, &badForm{http.StatusBadRequest, fmt.Sprintf("decision is %.40q, want pay or cancel", decision)}
	}
}

func (s *Site) showPage(r *http.Request, w http.ResponseWriter, sheet sandbox.WalletSheet, state string, err error) {
	ctx, status := r.Context(), http.StatusOK
	view := pageView{State: state, Action: r.URL.RequestURI()}
	var refusal *sandbox.WalletRefusal
	var form *badForm
	switch {
	case errors.As(err, &form):
		sandbox.Find(ctx, sandbox.FindWalletUnreadable, form.detail)
		status = form.status
		view.State, view.Retry = "refused", true
		view.Outcome.Popup = &popup{Chinese: "参数错误：decision", English: form.detail}
	case errors.As(err, &refusal):
		sandbox.AddFinding(ctx, refusal.Finding)
		view.State, view.Outcome, view.Why = "refused", outcomeOf(refusal.Answer), refusal.Detail
		view.Retry = r.Method == http.MethodPost
	case err != nil:
		s.Log.Error("pay page failed", "error", err)
		sandbox.Find(ctx, sandbox.FindSandboxMistake, "the page failed; the log has the cause")
		status = http.StatusInternalServerError
		view.State = "refused"
		view.Outcome.Popup = &popup{Chinese: "系统繁忙，请稍后再试", English: "The sandbox made a mistake; its log has the cause."}
	}
	view.Look = look.SheetPath
	if sheet.App.Code != "" {
		row, _ := sheet.Transaction.PayType.Row()
		view.Wallet, view.sheetView = row.Wallet, sheetOf(sheet, view.Outcome)
	}
	s.sayDecided(ctx, w)
	if err := look.Page(w, status, page, view); err != nil {
		s.Log.Error("pay page not written", "error", err)
	}
}

// returned takes a page's word that the wallet's result reached it. Whatever it says, the answer is
// the same and tells nothing.
func (s *Site) returned(w http.ResponseWriter, r *http.Request) {
	h, err := readInvocation(r)
	if err == nil {
		var v sandbox.Invocation
		h.fill(&v)
		err = s.Gateway.Returned(r.Context(), v)
	}
	if err != nil && !errors.Is(err, errInvocation) {
		s.Log.Error("return not noted", "error", err)
	}
	s.sayDecided(r.Context(), w)
	w.WriteHeader(http.StatusNoContent) // a beacon reads no answer
}

// decidedByHeader names what decided an answer, as on QFPay's surface.
const decidedByHeader = "X-Sandbox-Decided-By"

func (s *Site) sayDecided(ctx context.Context, w http.ResponseWriter) {
	if by := sandbox.DecidedBy(ctx); by != "" {
		w.Header()[decidedByHeader] = []string{by}
	}
}
