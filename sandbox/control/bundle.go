package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// BundleReplay is what a replay needs besides the exchanges: the part replay of a bundle. It holds
// no key, and no seed, from which keys follow.
type BundleReplay struct {
	// MadeAt is the App's time; Sandbox is where it happened.
	MadeAt  time.Time `json:"made_at"`
	Sandbox Which     `json:"sandbox"`
	App     BundleApp `json:"app"`
	// OutTradeNo is the order's number, Numbers also those of its refunds.
	OutTradeNo sandbox.OutTradeNo   `json:"out_trade_no"`
	Mchid      sandbox.Mchid        `json:"mchid"`
	Numbers    []sandbox.OutTradeNo `json:"numbers"`
	// OrderPlan is the order's own delivery plan, null where it follows the App's.
	OrderPlan *OrderPlan    `json:"order_plan"`
	Faults    []Fault       `json:"faults"`
	Payers    []BundlePayer `json:"payers"`
	Deeds     []BundleDeed  `json:"deeds"`
	// LeftOut counts the exchanges there was no room for.
	LeftOut int `json:"left_out"`
}

// BundleApp is an App without its credentials.
type BundleApp struct {
	AppCode   sandbox.AppCode `json:"app_code"`
	Name      string          `json:"name"`
	Mchids    []sandbox.Mchid `json:"mchids"`
	NotifyURL string          `json:"notify_url"`
	AppID     string          `json:"appid"`
	// OfficialAccount is the merchant's own, without its secret; null without one.
	OfficialAccount *OfficialAccount `json:"official_account,omitempty"`
	Currency        []qfpay.Currency `json:"currencies"`
	PayTypes        []qfpay.PayType  `json:"pay_types"`
	PayDirectories  []string         `json:"pay_directories"`
	Settings        Settings         `json:"settings"`
	NotifyDelay     string           `json:"notify_delay"`
	Delivery        []Delivery       `json:"delivery"`
}

// BundlePayer is a payer as it is when the bundle is made, with its openid towards the App.
type BundlePayer struct {
	Payer
	OpenID sandbox.OpenID `json:"openid"`
}

// BundleDeed is what a payer did through the controls, of which there is no exchange.
type BundleDeed struct {
	At time.Time `json:"at"`
	// Before is the exchange it came before, 0 when it came last.
	Before uint64 `json:"before"`
	// Does is pay.
	Does   string         `json:"does"`
	OpenID sandbox.OpenID `json:"openid"`
}

// attachment is an answer that is a file.
type attachment struct {
	name, kind string
	body       []byte
}

func (a *API) writeAttachment(w http.ResponseWriter, f attachment) {
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	a.writeWhole(w, http.StatusOK, f.kind, f.body)
}

// maxBundle bounds what a bundle holds of exchanges, in bytes as the journal counts them.
const maxBundle = 16 << 20

// bundleOrder serves everything about one order as one text file. An order that was never accepted
// has one too, as long as a request named it.
func (a *API) bundleOrder(r *http.Request) (any, error) {
	vars := mux.Vars(r)
	s, err := a.story(r.Context(), sandbox.AppCode(vars["app"]), sandbox.Mchid(r.URL.Query().Get("mchid")), sandbox.OutTradeNo(vars["out_trade_no"]))
	if err != nil {
		return nil, err
	}
	b, err := a.bundle(r.Context(), s)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		return nil, err
	}
	return attachment{name: "order-" + fileName(string(s.number)) + ".bundle.txt", kind: "text/plain; charset=utf-8", body: out.Bytes()}, nil
}

// fileName keeps what every file system takes.
func fileName(s string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r == '-', r == '_':
			return r
		}
		return '_'
	}, s)
	return kept[:min(len(kept), 64)]
}

// errSeveral says that the number alone does not name one order.
func errSeveral(n sandbox.OutTradeNo, shops []sandbox.Mchid) error {
	return badRequest("order %q exists in %d shops, want mchid, one of %s", n, len(shops), strings.Join(words(shops), ", "))
}

func words[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, w := range list {
		texts[i] = string(w)
	}
	return texts
}

// bundle writes a story down. The keys are masked once more: what was stored of an order, or passed
// before a key was one, may hold them.
func (a *API) bundle(ctx context.Context, s *story) (bundle.Bundle, error) {
	profile, err := a.replayOf(ctx, s)
	if err != nil {
		return bundle.Bundle{}, err
	}
	raw, err := json.Marshal(profile)
	if err == nil {
		raw, err = s.hideInJSON(raw)
	}
	if err != nil {
		return bundle.Bundle{}, err
	}
	b := bundle.Bundle{
		Texts: []bundle.Text{
			{Name: "what went wrong", Body: s.hide(s.summary())},
			{Name: "order", Body: s.hide(a.orderText(s))},
			{Name: "timeline", Body: s.hide(s.timeline())},
		},
		Replay: append(raw, '\n'),
	}
	for _, e := range s.kept() {
		b.Exchanges = append(b.Exchanges, s.written(e))
	}
	return b, nil
}

// story is an order with everything that belongs to it.
type story struct {
	app    sandbox.App
	now    time.Time
	number sandbox.OutTradeNo
	mchid  sandbox.Mchid
	// order is nil when no payment with the number was ever accepted.
	order   *sandbox.Transaction
	view    *Order
	refunds []sandbox.Transaction
	told    []sandbox.Notification
	// exchanges are those of the order by Seq; leftOut of them have no room, from index gap on.
	exchanges    []sandbox.Exchange
	gap, leftOut int
	numbers      []sandbox.OutTradeNo
	dropped      uint64
}

// kept are the exchanges there is room for.
func (s *story) kept() []sandbox.Exchange {
	if s.leftOut == 0 {
		return s.exchanges
	}
	return append(s.exchanges[:s.gap:s.gap], s.exchanges[s.gap+s.leftOut:]...)
}

// fit leaves exchanges of the middle out where all of them are too much: how it began is what a
// replay needs, how it ended what somebody asks about.
func (s *story) fit(most int) {
	size := make([]int, len(s.exchanges))
	total := 0
	for i := range s.exchanges {
		size[i] = sizeOf(&s.exchanges[i])
		total += size[i]
	}
	if total <= most {
		return
	}
	begin, end := 0, len(s.exchanges)
	for used := 0; begin < end && used+size[begin] <= most/2; begin++ {
		used += size[begin]
	}
	for used := 0; begin < end && used+size[end-1] <= most/2; end-- {
		used += size[end-1]
	}
	s.gap, s.leftOut = begin, end-begin
}

// hide masks the App's keys.
func (s *story) hide(text string) string {
	text = sandbox.HideKey(sandbox.HideKey(text, s.app.ClientKey), s.app.PreviousKey)
	if secret := s.app.Own.Secret; secret != "" {
		text = strings.ReplaceAll(text, secret, sandbox.MaskedSecret)
	}
	return text
}

// hideInJSON masks them in the values, so that JSON stays JSON whatever the key is.
func (s *story) hideInJSON(raw []byte) ([]byte, error) {
	var tree any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			return s.hide(v)
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for name := range v {
				v[name] = walk(v[name])
			}
		}
		return v
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(walk(tree))
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// story finds an order and what belongs to it. An App with shops needs no mchid where one shop alone
// has the number. Errors: problems, the store's.
func (a *API) story(ctx context.Context, code sandbox.AppCode, m sandbox.Mchid, n sandbox.OutTradeNo) (*story, error) {
	app, err := a.Gateway.Store.App(ctx, code)
	if err != nil {
		return nil, err
	}
	s := &story{app: app, now: a.Gateway.Now(app), number: n, mchid: m, numbers: []sandbox.OutTradeNo{n}}
	shops := []sandbox.Mchid{m}
	if m == "" {
		shops = append(shops, app.Mchids...)
	}
	var found []sandbox.Mchid
	for _, shop := range shops {
		o, refunds, err := a.Gateway.FindOrder(ctx, code, shop, n)
		switch {
		case errors.Is(err, sandbox.ErrNotFound):
			continue
		case err != nil:
			return nil, err
		}
		view := a.orderView(o, refunds)
		found = append(found, shop)
		s.order, s.view, s.refunds, s.mchid = &o.Transaction, &view, refunds, shop
	}
	if len(found) > 1 {
		return nil, errSeveral(n, found)
	}
	if err := a.gather(ctx, s); err != nil {
		return nil, err
	}
	if s.order == nil && len(s.exchanges) == 0 {
		return nil, &problem{Status: http.StatusNotFound, Code: "not-found", Message: fmt.Sprintf("order %q does not exist here: no payment was made with this out_trade_no, and the journal of app %q holds no request that names it", n, code)}
	}
	for _, number := range s.numbers {
		list, err := a.Gateway.Store.Notifications(ctx, code, number)
		if err != nil {
			return nil, err
		}
		for _, one := range list {
			if s.order == nil || one.Syssn == s.order.Syssn || s.isRefund(one.Syssn) {
				s.told = append(s.told, one)
			}
		}
	}
	s.fit(maxBundle)
	return s, nil
}

func (s *story) isRefund(n sandbox.Syssn) bool {
	for _, r := range s.refunds {
		if r.Syssn == n {
			return true
		}
	}
	return false
}
