// Package cashier answers for the hosts o2-*.qfapi.com: /q/direct, the page of QFPay's that raises
// the wallet for merchants without an official account of their own.
package cashier

import (
	_ "embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// Site serves the cashier. All fields are required.
type Site struct {
	Gateway *sandbox.Gateway
	// Bridge gives the address of WeChat's bridge script to a browser that came with this request; the
	// real client needs none.
	Bridge func(*http.Request) string
	Log    *slog.Logger
}

var (
	//go:embed cashier.html
	cashierPage string
	//go:embed cashier.js
	cashierScript string
	//go:embed cashier.css
	cashierStyle string

	page = template.Must(template.New("cashier").Parse(cashierPage))
)

// Routes adds the cashier to a router.
func (s *Site) Routes(r *mux.Router) {
	r.HandleFunc("/q/direct", s.direct).Methods("GET")
	r.HandleFunc("/q/cashier.js", func(w http.ResponseWriter, _ *http.Request) {
		look.Asset(w, "text/javascript; charset=utf-8", cashierScript)
	}).Methods("GET")
	r.HandleFunc("/q/cashier.css", func(w http.ResponseWriter, _ *http.Request) {
		look.Asset(w, "text/css; charset=utf-8", cashierStyle)
	}).Methods("GET")
}

// direct reads the query with QFPay's own lenient rules: a raw "=" in package, a "+" as a blank.
func (s *Site) direct(w http.ResponseWriter, r *http.Request) {
	var req sandbox.CashierRequest
	into := map[string]*string{
		"mchntnm": &req.MerchantName, "txamt": &req.Txamt, "currency": &req.Currency, "goods_name": &req.GoodsName, "redirect_url": &req.RedirectURL,
		"appId": &req.PayParams.AppID, "timeStamp": &req.PayParams.TimeStamp, "nonceStr": &req.PayParams.NonceStr,
		"package": &req.PayParams.Package, "signType": &req.PayParams.SignType, "paySign": &req.PayParams.PaySign,
	}
	for _, p := range qfpay.ParseParams(r.URL.RawQuery) {
		field, known := into[p.Name]
		switch {
		case !known:
			req.Unknown = append(req.Unknown, p)
		case *field == "":
			*field = p.Value
		}
	}
	req.Client, req.UserAgent = wechat.Recognise(r.UserAgent()), r.UserAgent()
	if by := sandbox.DecidedBy(r.Context()); by != "" {
		w.Header()["X-Sandbox-Decided-By"] = []string{by} // no lever reaches the cashier
	}
	c, err := s.Gateway.OpenCashier(r.Context(), req)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	row, known := c.Currency.Row()
	view := view{Look: look.SheetPath, Bridge: s.Bridge(r), Merchant: c.MerchantName, Goods: c.GoodsName, Amount: c.Amount.String(), Redirect: c.RedirectURL,
		PayParams: map[string]string{
			"appId": c.PayParams.AppID, "timeStamp": c.PayParams.TimeStamp, "nonceStr": c.PayParams.NonceStr,
			"package": c.PayParams.Package, "signType": c.PayParams.SignType, "paySign": c.PayParams.PaySign,
		}}
	if known {
		view.Currency = string(row.Code)
		view.Amount = c.Currency.Format(int64(c.Amount))[len(row.Code)+1:]
	}
	if err := look.Page(w, http.StatusOK, page, view); err != nil {
		s.Log.Error("cashier not written", "error", err)
	}
}

type view struct {
	Look, Bridge, Merchant, Goods, Currency, Amount, Redirect string
	PayParams                                                 map[string]string
}

// refuse shows QFPay's page of errors; its text and status are unpublished (assumption 13).
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *sandbox.CashierRefusal
	notice := look.Notice{Title: "QFPay 收银台 Cashier (TEST)"}
	status := http.StatusOK
	switch {
	case !errors.As(err, &refusal):
		s.Log.Error("cashier failed", "error", err)
		sandbox.Find(r.Context(), sandbox.FindSandboxMistake, "the cashier failed; the log has the cause")
		status = http.StatusInternalServerError
		notice.Text, notice.English = "系统繁忙，请稍后再试", "The sandbox made a mistake; its log has the cause."
	case refusal.NotWeChat:
		notice.Text, notice.English = wechat.OutsideText, "Please open this link in the WeChat client."
		notice.Hint = "WeChat Pay opens only inside WeChat's own browser. Seen here: " + refusal.Detail + "."
	default:
		notice.Text, notice.English, notice.Hint = "参数错误："+refusal.Parameter, "A parameter of this payment page is missing or wrong: "+refusal.Parameter+".", refusal.Detail
	}
	if refusal != nil {
		notice.Rule = refusal.ID
		sandbox.AddFinding(r.Context(), refusal.Finding)
	}
	if err := notice.Write(w, status); err != nil {
		s.Log.Error("cashier notice not written", "error", err)
	}
}
