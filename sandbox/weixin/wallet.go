package weixin

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

var (
	//go:embed bridge.js
	bridgeScript string
	//go:embed wallet.js
	walletScript string
	//go:embed wallet.css
	walletStyle string
	//go:embed sheet.html
	sheetPage string

	sheet = template.Must(template.New("sheet").Parse(sheetPage))
)

func (s *Site) bridge(w http.ResponseWriter, _ *http.Request) {
	look.Asset(w, "text/javascript; charset=utf-8", bridgeScript)
}

func (s *Site) walletScript(w http.ResponseWriter, _ *http.Request) {
	look.Asset(w, "text/javascript; charset=utf-8", walletScript)
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
	Popup   *popup `json:"popup,omitempty"`
}

type popup struct {
	Chinese string `json:"chinese"`
	English string `json:"english"`
}

func outcomeOf(a sandbox.WalletAnswer) outcome {
	o := outcome{ErrMsg: a.Result, ErrCode: a.ErrCode}
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
	h, token, err := readInvocation(r)
	if err != nil {
		s.unreadable(w, r, err)
		return
	}
	v, err := s.invocation(w, r, h)
	if err == nil {
		_, err = s.Gateway.OpenWallet(r.Context(), v)
	}
	o, ok := s.judge(r.Context(), err)
	if !ok {
		s.broken(w, err)
		return
	}
	if err == nil || o.Popup != nil {
		o = outcome{Frame: s.Base(r) + "/wallet/sheet?p=" + token}
	}
	s.write(w, http.StatusOK, o)
}

// judge turns a refusal into what the page gets, and false into our own mistake.
func (s *Site) judge(ctx context.Context, err error) (outcome, bool) {
	var refusal *sandbox.WalletRefusal
	switch {
	case err == nil:
		return outcome{}, true
	case errors.As(err, &refusal):
		sandbox.Find(ctx, sandbox.FindWalletRefused, refusal.Detail)
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
		s.broken(w, err)
		return
	}
	opened, err := s.Gateway.OpenWallet(r.Context(), v)
	refused, ok := s.judge(r.Context(), err)
	if !ok {
		s.broken(w, err)
		return
	}
	view := sheetView{Look: look.SheetPath, Token: token, Outcome: refused}
	if err == nil {
		t := opened.Transaction
		row, _ := t.Currency.Row()
		view.Open, view.Merchant, view.Account, view.Behaviour = true, opened.App.Name, v.Payer.Name, v.Payer.Behaviour
		view.Currency, view.Amount = string(row.Code), t.Currency.Format(int64(t.Amount))[len(row.Code)+1:]
		view.Goods, view.NoCredit = t.GoodsName, t.LimitPay != ""
	}
	if err := look.Page(w, http.StatusOK, sheet, view); err != nil {
		s.Log.Error("wallet sheet not written", "error", err)
	}
}

type sheetView struct {
	Look      string
	Token     string
	Open      bool
	Merchant  string
	Account   string
	Currency  string
	Amount    string
	Goods     string
	NoCredit  bool
	Behaviour sandbox.Behaviour
	Outcome   outcome
}

// settle serves the payer's decision on an open sheet.
func (s *Site) settle(decide func(*sandbox.Gateway, context.Context, sandbox.Invocation) (sandbox.WalletAnswer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h, _, err := readInvocation(r)
		if err != nil {
			s.unreadable(w, r, err)
			return
		}
		v, err := s.invocation(w, r, h)
		if err != nil {
			s.broken(w, err)
			return
		}
		a, err := decide(s.Gateway, r.Context(), v)
		o, ok := s.judge(r.Context(), err)
		if !ok {
			s.broken(w, err)
			return
		}
		if err == nil {
			o = outcomeOf(a)
		}
		s.write(w, http.StatusOK, o)
	}
}

func (s *Site) unreadable(w http.ResponseWriter, r *http.Request, err error) {
	sandbox.Find(r.Context(), sandbox.FindWalletRefused, err.Error())
	s.write(w, http.StatusBadRequest, outcome{ErrMsg: wechat.PayFail, ErrDesc: err.Error()})
}

func (s *Site) broken(w http.ResponseWriter, err error) {
	s.Log.Error("wallet failed", "error", err)
	s.write(w, http.StatusInternalServerError, outcome{ErrMsg: wechat.PayFail, ErrDesc: "a mistake of the sandbox itself; its log has the cause"})
}

func (s *Site) write(w http.ResponseWriter, status int, o outcome) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(o); err != nil {
		s.Log.Debug("wallet answer not written", "error", err)
	}
}
