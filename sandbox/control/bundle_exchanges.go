package control

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Which exchanges belong to an order (docs/bundle.md has the rule in words):
//
//   - those that name its out_trade_no or syssn, alone or in a list, refunds of it, and those that
//     name such a refund;
//   - those about its prepay_id: cashier, wallet, pages;
//   - notifications of it and of its refunds;
//   - of each login whose openid a payment of it used: the exchange of the code, and the visits that
//     brought the code;
//   - requests of no App that name its out_trade_no.

// gather reads the journal once and keeps what belongs to the order.
func (a *API) gather(ctx context.Context, s *story) error {
	all, err := a.wholeJournal(ctx, s)
	if err != nil {
		return err
	}
	g := gathering{story: s, all: all, belongs: make([]bool, len(all)), elsewhere: map[sandbox.Mchid]bool{}}
	for i := range all {
		if err := g.look(ctx, a, i); err != nil {
			return err
		}
	}
	for i, e := range all {
		if g.belongs[i] && pathOf(e.URL) == paymentPath {
			if openID := paramsOf(e).Get("sub_openid"); openID != "" {
				g.login(sandbox.OpenID(openID), i)
			}
		}
	}
	for i, e := range all {
		if g.belongs[i] {
			s.exchanges = append(s.exchanges, e)
		}
	}
	return nil
}

// wholeJournal is the App's, and what is nobody's, by Seq.
func (a *API) wholeJournal(ctx context.Context, s *story) (all []sandbox.Exchange, err error) {
	for _, of := range []sandbox.AppCode{s.app.Code, ""} {
		for since := uint64(0); ; {
			page, err := a.Gateway.Store.Journal(ctx, of, since, readAtOnce)
			if err != nil {
				return nil, err
			}
			if of != "" {
				s.dropped = page.Dropped
			}
			for _, e := range page.Exchanges {
				if e.App == of && (of != "" || slices.Contains(numbersIn(string(e.OutTradeNo)), string(s.number))) {
					all = append(all, e)
				}
			}
			if len(page.Exchanges) == 0 {
				break
			}
			since = page.Mark
		}
	}
	slices.SortFunc(all, func(x, y sandbox.Exchange) int { return cmp.Compare(x.Seq, y.Seq) })
	for i := range all { // what is nobody's has the real time; here it has the App's
		switch {
		case all[i].App != "":
		case i > 0:
			all[i].At = all[i-1].At
		default:
			own := slices.IndexFunc(all, func(e sandbox.Exchange) bool { return e.App != "" })
			if all[i].At = s.now; own >= 0 {
				all[i].At = all[own].At
			}
		}
	}
	return all, nil
}

// The calls whose parameters say more than their numbers.
const (
	paymentPath = "/trade/v1/payment"
	refundPath  = "/trade/v1/refund"
	openIDPath  = "/tool/v1/get_weixin_openid"
	// Of WeChat, for a merchant's own account.
	authorizePath   = "/connect/oauth2/authorize"
	accessTokenPath = "/sns/oauth2/access_token"
)

// paramsOf reads a request's parameters again; those of a JSON body count here too, for it may be
// what went wrong.
func paramsOf(e sandbox.Exchange) qfpay.Params {
	_, query, _ := strings.Cut(e.URL, "?")
	p, _ := qfpay.ReadParams(&http.Request{
		URL: &url.URL{RawQuery: query}, Header: http.Header(e.RequestHeader), Body: io.NopCloser(bytes.NewReader(e.RequestBody)), ContentLength: int64(len(e.RequestBody)),
	}, int64(len(e.RequestBody))+1) // what can be read of it
	if !bytes.HasPrefix(bytes.TrimSpace(e.RequestBody), []byte("{")) {
		return p
	}
	var fields map[string]any
	if json.Unmarshal(e.RequestBody, &fields) == nil {
		for name, value := range fields {
			if text, ok := value.(string); ok {
				p = append(p, qfpay.Param{Name: name, Value: text})
			}
		}
	}
	return p
}

// numbersIn splits a list as an enquiry does.
func numbersIn(list string) []string {
	numbers := strings.Split(list, ",")
	for i := range numbers {
		numbers[i] = strings.TrimSpace(numbers[i])
	}
	return numbers
}

// gathering is the way through the journal.
type gathering struct {
	*story
	all     []sandbox.Exchange
	belongs []bool
	// elsewhere says of shops whether they have an order of this number, which is another one.
	elsewhere map[sandbox.Mchid]bool
}

func (g *gathering) look(ctx context.Context, a *API, i int) error {
	e := g.all[i]
	switch {
	case e.App == "":
		g.belongs[i] = true // or it would not have been read
		return nil
	case e.Surface == "notify":
		g.belongs[i] = g.isOurs(string(e.OutTradeNo), string(e.Syssn))
		return nil
	}
	p := paramsOf(e)
	if other, err := g.isElsewhere(ctx, a, sandbox.Mchid(p.Get("mchid"))); err != nil || other {
		return err
	}
	g.belongs[i] = g.isOurs(string(e.OutTradeNo), string(e.Syssn)) || g.isOurs(p.Get("out_trade_no"), p.Get("syssn")) || g.opens(e)
	if g.belongs[i] && pathOf(e.URL) == refundPath {
		return g.addRefund(ctx, a, sandbox.OutTradeNo(p.Get("out_trade_no")))
	}
	return nil
}

// isOurs: one of the numbers is the order's or a refund's of it.
func (g *gathering) isOurs(numbers, syssns string) bool {
	for _, n := range numbersIn(numbers) {
		if n != "" && slices.Contains(g.numbers, sandbox.OutTradeNo(n)) {
			return true
		}
	}
	if g.order == nil {
		return false
	}
	for _, n := range numbersIn(syssns) {
		if n == string(g.order.Syssn) || n != "" && g.isRefund(sandbox.Syssn(n)) {
			return true
		}
	}
	return false
}

// isElsewhere: the request names a shop that has an order of its own with the number.
func (g *gathering) isElsewhere(ctx context.Context, a *API, m sandbox.Mchid) (bool, error) {
	if m == "" || m == g.mchid {
		return false, nil
	}
	known, ok := g.elsewhere[m]
	if ok {
		return known, nil
	}
	_, err := a.Gateway.Store.TransactionByOutTradeNo(ctx, g.app.Code, m, g.number)
	if err != nil && !errors.Is(err, sandbox.ErrNotFound) {
		return false, err
	}
	g.elsewhere[m] = err == nil
	return err == nil, nil
}

// addRefund lets the number of a refund of the order, also of one that was refused, name the order
// from here on, unless it is another order's.
func (g *gathering) addRefund(ctx context.Context, a *API, n sandbox.OutTradeNo) error {
	if n == "" || slices.Contains(g.numbers, n) {
		return nil
	}
	t, err := a.Gateway.Store.TransactionByOutTradeNo(ctx, g.app.Code, g.mchid, n)
	switch {
	case errors.Is(err, sandbox.ErrNotFound), err == nil && g.order != nil && t.OrigSyssn == g.order.Syssn:
		g.numbers = append(g.numbers, n)
		return nil
	}
	return err
}

// opens reports whether the exchange carries the order's prepay_id, also inside the wallet's token.
func (g *gathering) opens(e sandbox.Exchange) bool {
	if g.order == nil || g.order.PrepayID == "" || e.Surface == "openapi" {
		return false
	}
	id := g.order.PrepayID
	if strings.Contains(e.URL, id) || bytes.Contains(e.RequestBody, []byte(id)) {
		return true
	}
	_, token, _ := strings.Cut(e.URL, "?p=")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && bytes.Contains(raw, []byte(id))
}

// login adds where the openid of the payment at index i came from: the last exchange of a code for it
// before, and all that is about that code.
func (g *gathering) login(id sandbox.OpenID, i int) {
	code := ""
	paid := i
	for i--; i >= 0 && code == ""; i-- {
		if e := g.all[i]; e.OpenID == id && exchangesCode(e) {
			code = paramsOf(e).Get("code")
		}
	}
	if code == "" {
		return
	}
	var issued []int
	for j, e := range g.all {
		switch {
		case exchangesCode(e):
			g.belongs[j] = g.belongs[j] || paramsOf(e).Get("code") == code
		case e.Surface == "weixin" && e.OpenID == id && strings.Contains(e.AnswerHeader.Get("Location"), code):
			g.belongs[j] = true
			issued = append(issued, j)
		case strings.HasPrefix(pathOf(e.URL), "/sns/"): // what its token was used for until the payment
			g.belongs[j] = g.belongs[j] || e.OpenID == id && i < j && j < paid
		case strings.HasPrefix(pathOf(e.URL), "/tool/v1/get_weixin_oauth_code/"):
			g.belongs[j] = g.belongs[j] || paramsOf(e).Get("code") == code
		}
	}
	for _, j := range issued { // the visit that sent the browser there is the last one before
		for k := j - 1; k >= 0; k-- {
			if location := g.all[k].AnswerHeader.Get("Location"); location != "" && leadsTo(location, g.all[j].URL) {
				g.belongs[k] = true
				break
			}
			if asks := pathOf(g.all[k].URL) == authorizePath; asks && pathOf(g.all[j].URL) != authorizePath && g.all[k].Payer == g.all[j].Payer {
				g.belongs[k] = true // the consent page, whose answer brought the code
				break
			}
		}
	}
}

// exchangesCode reports whether an exchange is that of a login code: QFPay's, or for a merchant's own account WeChat's.
func exchangesCode(e sandbox.Exchange) bool {
	return pathOf(e.URL) == openIDPath || pathOf(e.URL) == accessTokenPath
}

// leadsTo reports whether an address is what a browser asks for when it is sent to location.
func leadsTo(location, asked string) bool {
	location, _, _ = strings.Cut(location, "#")
	return strings.HasSuffix(location, asked) && strings.HasPrefix(asked, "/")
}
