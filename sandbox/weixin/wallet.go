package weixin

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

var (
	//go:embed wallet.js
	walletScript string
	//go:embed wallet.css
	walletStyle string
	//go:embed sheet.html
	sheetPage string

	//go:embed facts.html
	factsPart string

	sheet = template.Must(template.Must(template.New("sheet").Parse(sheetPage)).Parse(factsPart))
)

func (s *Site) walletScript(w http.ResponseWriter, _ *http.Request) {
	look.Asset(w, "text/javascript; charset=utf-8", walletScript)
}

func (s *Site) pageScript(w http.ResponseWriter, _ *http.Request) {
	look.Asset(w, "text/javascript; charset=utf-8", payScript)
}

func (s *Site) walletSheet(w http.ResponseWriter, _ *http.Request) {
	look.Asset(w, "text/css; charset=utf-8", walletStyle)
}

// outcome is what the wallet's scripts get: a frame to show, or the callback's values, with a
// popup to dismiss first.
type outcome struct {
	Frame   string `json:"frame,omitempty"`
	ErrMsg  string `json:"err_msg,omitempty"`
	ErrCode string `json:"err_code,omitempty"`
	ErrDesc string `json:"err_desc,omitempty"`
	// Gone: the payer closed WeChat; the callback never comes.
	Gone  bool   `json:"gone,omitempty"`
	Popup *popup `json:"popup,omitempty"`
}

type popup struct {
	Chinese string `json:"chinese"`
	English string `json:"english"`
}

func outcomeOf(a sandbox.WalletAnswer) outcome {
	o := outcome{ErrMsg: a.Result, ErrCode: a.ErrCode, ErrDesc: a.ErrDesc, Gone: a.Gone}
	if a.Popup != nil {
		o.Popup = &popup{Chinese: a.Popup.Chinese, English: a.Popup.English}
		if a.ErrCode != "" {
			o.ErrDesc = a.Popup.Chinese
		}
	}
	return o
}

// invoke is getBrandWCPayRequest: the answer is the frame that shows sheet or popup, or the
// callback's result at once where WeChat shows nothing.
func (s *Site) invoke(w http.ResponseWriter, r *http.Request) {
	h, err := readInvocation(r)
	if err != nil {
		s.unreadable(w, r, err)
		return
	}
	h.Agent = r.UserAgent()
	h.Agent = h.Agent[:min(len(h.Agent), maxAgent)]
	v, err := s.invocation(w, r, h)
	if err == nil {
		_, err = s.Gateway.OpenWallet(r.Context(), v)
	}
	o, ok := s.judge(r.Context(), err)
	if !ok {
		s.broken(r.Context(), w, err)
		return
	}
	if err == nil || o.Popup != nil {
		o = outcome{Frame: s.Base(r) + "/wallet/sheet?p=" + h.token()}
	}
	s.write(r.Context(), w, http.StatusOK, o)
}

// judge turns a refusal into what the page gets, and false into our own mistake.
func (s *Site) judge(ctx context.Context, err error) (outcome, bool) {
	var refusal *sandbox.WalletRefusal
	switch {
	case err == nil:
		return outcome{}, true
	case errors.As(err, &refusal):
		sandbox.AddFinding(ctx, refusal.Finding)
		return outcomeOf(refusal.Answer), true
	default:
		return outcome{}, false
	}
}

// sheet shows the wallet, or the popup that comes in its place.
func (s *Site) sheet(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Query().Get("p")
	h, err := fromToken(token)
	if err != nil {
		s.unreadable(w, r, err)
		return
	}
	v, err := s.invocation(w, r, h)
	if err != nil {
		s.broken(r.Context(), w, err)
		return
	}
	opened, err := s.Gateway.OpenWallet(r.Context(), v)
	refused, ok := s.judge(r.Context(), err)
	if !ok {
		s.broken(r.Context(), w, err)
		return
	}
	view := sheetView{Look: look.SheetPath, Outcome: refused, Behaviour: v.Payer.Behaviour}
	if err == nil {
		view = sheetOf(opened, refused)
		view.Open = true
	} else if b := opened.Decision.Behaviour; b != "" {
		view.Behaviour = b // who acts alone also puts the popup away alone
	}
	view.Token = token
	s.sayDecided(r.Context(), w)
	if err := look.Page(w, http.StatusOK, sheet, view); err != nil {
		s.Log.Error("wallet sheet not written", "error", err)
	}
}

// longestWait bounds how long a slow payer lets a browser wait, in real time.
const longestWait = 5 * time.Second

// sheetOf is what the payer sees of an order.
func sheetOf(w sandbox.WalletSheet, o outcome) sheetView {
	t := w.Transaction
	row, _ := t.Currency.Row()
	v := sheetView{
		Look: look.SheetPath, Merchant: w.App.Name, Account: w.Payer.Name, Behaviour: w.Decision.Behaviour, Outcome: o,
		Currency: string(row.Code), Amount: t.Currency.Format(int64(t.Amount))[len(row.Code)+1:], Goods: t.GoodsName,
		Means: means[w.Payer.Method], NoCredit: t.LimitPay != "", CreditOff: t.LimitPay != "" && w.Payer.Method == sandbox.MethodCredit,
	}
	if t.RealName != nil {
		v.RealName = &realName{starred(t.RealName.TrueName), w.Payer.CreID == ""}
	}
	if v.Behaviour == sandbox.BehaveSlow || v.Behaviour == sandbox.BehavePending {
		v.Wait = min(w.Payer.Takes(), longestWait).Milliseconds()
	}
	return v
}

// means are the wallet's words for what it pays with.
var means = map[sandbox.Method]words{
	sandbox.MethodBalance: {"零钱", "Balance"}, sandbox.MethodDebit: {"储蓄卡", "Debit card"}, sandbox.MethodCredit: {"信用卡", "Credit card"},
}

// realName is whom extend_info names, and that the wallet has no card to compare with.
type realName struct {
	Declared string
	NoCard   bool
}

// starred is a name as wallets show it: all but its last character hidden.
func starred(name string) string {
	all := []rune(name)
	if len(all) < 2 {
		return name
	}
	return strings.Repeat("*", min(len(all)-1, 8)) + string(all[len(all)-1:])
}

type words struct{ Chinese, English string }

type sheetView struct {
	Look     string
	Token    string
	Open     bool
	Merchant string
	Account  string
	Currency string
	Amount   string
	Goods    string
	Means    words
	// NoCredit: limit_pay forbids credit cards. CreditOff: and the payer has nothing else.
	NoCredit, CreditOff bool
	RealName            *realName
	Behaviour           sandbox.Behaviour
	// Wait is how long a slow payer takes here, in milliseconds.
	Wait    int64
	Outcome outcome
}

// settle serves the payer's decision on an open sheet.
func (s *Site) settle(decide func(*sandbox.Gateway, context.Context, sandbox.Invocation) (sandbox.WalletAnswer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h, err := readInvocation(r)
		if err != nil {
			s.unreadable(w, r, err)
			return
		}
		v, err := s.invocation(w, r, h)
		if err != nil {
			s.broken(r.Context(), w, err)
			return
		}
		a, err := decide(s.Gateway, r.Context(), v)
		o, ok := s.judge(r.Context(), err)
		if !ok {
			s.broken(r.Context(), w, err)
			return
		}
		if err == nil {
			o = outcomeOf(a)
		}
		s.write(r.Context(), w, http.StatusOK, o)
	}
}

func (s *Site) unreadable(w http.ResponseWriter, r *http.Request, err error) {
	sandbox.Find(r.Context(), sandbox.FindWalletUnreadable, err.Error())
	s.write(r.Context(), w, http.StatusBadRequest, outcome{ErrMsg: wechat.PayFail, ErrDesc: err.Error()})
}

func (s *Site) broken(ctx context.Context, w http.ResponseWriter, err error) {
	s.Log.Error("wallet failed", "error", err)
	sandbox.Find(ctx, sandbox.FindSandboxMistake, "the wallet failed; the log has the cause")
	s.write(ctx, w, http.StatusInternalServerError, outcome{ErrMsg: wechat.PayFail, ErrDesc: "a mistake of the sandbox itself; its log has the cause"})
}

func (s *Site) write(ctx context.Context, w http.ResponseWriter, status int, o outcome) {
	s.sayDecided(ctx, w)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(o); err != nil {
		s.Log.Debug("wallet answer not written", "error", err)
	}
}
