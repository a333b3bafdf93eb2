package control

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// fact is what a verification keeps of an exchange.
type fact struct {
	seq          uint64
	fits         uint64 // a bit for each expectation it fits
	call         sandbox.Endpoint
	notification string
	surface      string
	accepted     bool // QFPay answered 0000
	acknowledged bool
	mustRefuse   bool // a notification that was planned to be wrong
	order        sandbox.OutTradeNo
	origOrder    sandbox.OutTradeNo // whose refund a notification tells of
	syssn        sandbox.Syssn      // the answer's
	askedSyssn   string             // the request's
	openID       sandbox.OpenID
	usesOpenID   bool // a payment that was asked for with sub_openid
	differs      bool // a cashier that shows another amount or currency than the order's
}

// facts are an App's journal since a mark.
type facts struct {
	order  sandbox.OutTradeNo
	list   []fact
	mark   uint64
	oldest uint64
	lost   bool
	// syssns are QFPay's numbers of the order, logins the places of the logins for it.
	syssns []sandbox.Syssn
	logins map[int]bool
	// fresh are, for each payment, the logins since the last payment with its openid.
	fresh map[int][]int
}

func (a *API) factsOf(ctx context.Context, in Verification, wanted []expected) (*facts, error) {
	s := &facts{order: in.OutTradeNo, logins: map[int]bool{}, fresh: map[int][]int{}}
	page, err := a.walk(ctx, reading{app: in.App, since: in.Since}, func(e *sandbox.Exchange) bool {
		s.list = append(s.list, factOf(e, wanted))
		return true
	})
	s.mark, s.oldest = page.Mark, page.Oldest
	s.lost = page.Dropped > 0 && page.Oldest > in.Since+1
	s.tie()
	return s, err
}

func factOf(e *sandbox.Exchange, wanted []expected) fact {
	f := fact{
		seq: e.Seq, surface: e.Surface, accepted: e.Respcd == qfpay.RespOK, order: e.OutTradeNo, syssn: e.Syssn, openID: e.OpenID,
		differs: e.Surface == "cashier" && (e.Has(sandbox.FindAmountDiffers) || e.Has(sandbox.FindCurrencyDiffers)),
	}
	switch e.Surface {
	case "openapi":
		f.readCall(e)
	case "notify":
		f.readNotification(e)
	}
	for i, x := range wanted {
		if f.fitsKind(x.Expectation) && !slices.ContainsFunc(x.tests, func(one test) bool { return !one(e) }) {
			f.fits |= 1 << i
		}
	}
	return f
}

func (f *fact) readCall(e *sandbox.Exchange) {
	path := pathOf(e.URL)
	for _, at := range sandbox.Endpoints() {
		if path == pathOfCall(at) {
			f.call = at
		}
	}
	_, query, _ := strings.Cut(e.URL, "?")
	param := func(name string) string {
		if v := qfpay.ParseParams(query).Get(name); v != "" {
			return v
		}
		return qfpay.ParseParams(string(e.RequestBody)).Get(name)
	}
	f.askedSyssn = param("syssn")
	if f.call == sandbox.AtPayment {
		asked := sandbox.OpenID(param("sub_openid"))
		f.usesOpenID = asked != "" || bytes.Contains(e.RequestBody, []byte("sub_openid")) // also in a multipart body
		if f.openID == "" {                                                               // a refused payment's
			f.openID = asked
		}
	}
}

func (f *fact) readNotification(e *sandbox.Exchange) {
	var told struct {
		NotifyType     string             `json:"notify_type"`
		OrigOutTradeNo sandbox.OutTradeNo `json:"orig_out_trade_no"`
	}
	f.notification = "payment" // also what was cut in the middle
	if json.Unmarshal(e.RequestBody, &told) == nil && slices.Contains(notificationKinds, told.NotifyType) {
		f.notification = told.NotifyType
	}
	f.origOrder = told.OrigOutTradeNo
	f.acknowledged = e.Error == "" && sandbox.Acknowledges(e.Status, string(e.AnswerBody))
	variant, planned := strings.CutPrefix(e.DecidedBy, "plan ")
	f.mustRefuse = planned && sandbox.Variant(variant).MustBeRefused()
}

// fitsKind: the rest of an expectation is in its tests.
func (f *fact) fitsKind(x Expectation) bool {
	switch {
	case x.Call != "":
		return string(f.call) == x.Call
	case x.Notification != "":
		return f.notification == x.Notification && (x.Acknowledged == nil || *x.Acknowledged == f.acknowledged)
	default:
		return true
	}
}

// tie finds out which login was for which order. The exchange of a code names no number: it belongs to
// the next payment with its openid, and until one is accepted also to those that are refused.
func (s *facts) tie() {
	waiting := map[sandbox.OpenID][]int{}
	for i, f := range s.list {
		switch {
		case f.call == sandbox.AtPayment && f.usesOpenID:
			if f.order == s.order {
				for _, login := range waiting[f.openID] {
					s.logins[login] = true
				}
			}
			if f.accepted {
				s.fresh[i] = waiting[f.openID]
				delete(waiting, f.openID)
			}
		case f.openID != "" && f.order == "" && (f.surface == "openapi" || f.surface == "weixin"):
			waiting[f.openID] = append(waiting[f.openID], i)
		}
		if f.call == sandbox.AtPayment && f.accepted && f.order == s.order && f.syssn != "" {
			s.syssns = append(s.syssns, f.syssn)
		}
	}
}

// belongs reports whether an exchange is the order's: by its number, by QFPay's, as what was refunded of
// it, or as a login for it.
func (s *facts) belongs(i int) bool {
	f := &s.list[i]
	return s.order == "" || f.order == s.order || f.origOrder == s.order || slices.Contains(s.syssns, f.syssn) ||
		slices.Contains(s.syssns, sandbox.Syssn(f.askedSyssn)) || s.logins[i]
}

// seqs are the order's exchanges that fit an expectation.
func (s *facts) seqs(expectation int) []uint64 {
	var list []uint64
	for i, f := range s.list {
		if f.fits&(1<<expectation) != 0 && s.belongs(i) {
			list = append(list, f.seq)
		}
	}
	return list
}
