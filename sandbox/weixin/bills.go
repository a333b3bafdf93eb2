package weixin

import (
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// BillsPath is where the wallet lists the orders of whoever holds the phone.
const BillsPath = "/wallet/orders"

// mostBills are on a page.
const mostBills = 50

var (
	//go:embed bills.html
	billsPage string

	//go:embed bills.css
	billsStyle string

	bills = template.Must(template.New("bills").Parse(billsPage))
)

// billsView is the page. Nobody is a browser that is no payer's, Outside one that is not WeChat.
type billsView struct {
	Look, Name      string
	Nobody, Outside bool
	Bills           []billView
	More            int
}

type billView struct {
	Merchant, Goods, Number    string
	Currency, Amount, Refunded string
	When                       string
	State, English, Class      string
	// Pay is where a waiting one can be paid, empty where only the merchant's page can raise the wallet.
	Pay string
}

// listBills shows a payer its own orders. A browser without the payer's cookie is nobody's: it gets no new payer here.
func (s *Site) listBills(w http.ResponseWriter, r *http.Request) {
	view := billsView{Look: look.SheetPath, Outside: !wechat.Recognise(r.UserAgent()).InWeChat}
	cookie, err := r.Cookie(PayerCookie)
	view.Nobody = err != nil || !sandbox.ValidPayerID(cookie.Value)
	status := http.StatusOK
	switch {
	case view.Outside:
		status = http.StatusForbidden
	case !view.Nobody:
		p, err := s.Gateway.PayerOf(r.Context(), cookie.Value)
		if err != nil {
			s.broken(r.Context(), w, err)
			return
		}
		list, more, err := s.Gateway.Bills(r.Context(), p.ID, mostBills)
		if err != nil {
			s.broken(r.Context(), w, err)
			return
		}
		view.Name, view.More = p.Name, more
		for _, b := range list {
			view.Bills = append(view.Bills, billOf(b, s.Gateway.Now(b.App)))
		}
	}
	if err := look.Page(w, status, bills, view); err != nil {
		s.Log.Error("list of orders not written", "error", err)
	}
}

func (s *Site) billsSheet(w http.ResponseWriter, _ *http.Request) {
	look.Asset(w, "text/css; charset=utf-8", billsStyle)
}

func billOf(b sandbox.Bill, now time.Time) billView {
	t := b.Transaction
	row, _ := t.Currency.Row()
	plain := func(a sandbox.Amount) string { return t.Currency.Format(int64(a))[len(row.Code)+1:] }
	v := billView{Merchant: b.App.Name, Goods: t.GoodsName, Number: string(t.OutTradeNo), Currency: string(row.Code), Amount: plain(t.Amount),
		When: t.CreatedAt.In(sandbox.QFPayZone).Format(time.DateTime)}
	switch {
	case t.Refunded > 0 && t.Refunded == t.Amount:
		v.State, v.English, v.Class = "已全额退款", "Refunded", "back"
	case t.Refunded > 0:
		v.State, v.English, v.Class, v.Refunded = "已部分退款", "Partly refunded", "back", plain(t.Refunded)
	case !t.PaidAt.IsZero():
		v.State, v.English, v.Class = "支付成功", "Paid", "paid"
	case !t.ClosedAt.IsZero():
		v.State, v.English, v.Class = "已关闭", "Closed", "over"
	case t.State != sandbox.StateCreated:
		v.State, v.English, v.Class = "未成功", "Not paid", "over"
	case !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt):
		v.State, v.English, v.Class = "已过期", "Expired", "over"
	default:
		v.State, v.English, v.Class = "待支付", "Waiting to be paid", "waiting"
		if t.HasPage() {
			v.Pay = fmt.Sprintf("%s?%s", sandbox.PayPage, url.Values{"appid": {b.App.Account.AppID}, "prepay_id": {t.PrepayID}}.Encode())
		}
	}
	return v
}
