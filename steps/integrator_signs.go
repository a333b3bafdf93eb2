package steps

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) signingSteps(sc *godog.ScenarioContext) {
	sc.When(`^the integrator sends a payment signed (.+)$`, w.sendSigned)
	sc.When(`^the integrator gets a new key$`, w.changeKey)
}

// signing is what a wrong signature is made of. Nothing of it is the sandbox's own code.
type signing struct {
	own, other, before string
	pairs              []string // name=value, as they are sent
}

func (s signing) sorted() string {
	list := slices.Clone(s.pairs)
	slices.Sort(list)
	return strings.Join(list, "&")
}

func md5Of(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

func sha256Of(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// waysToSign are the mistakes of the sentences.
var waysToSign = map[string]func(signing) string{
	"as it should be":                  func(s signing) string { return md5Of(s.sorted() + s.own) },
	"in the order it is sent":          func(s signing) string { return md5Of(strings.Join(s.pairs, "&") + s.own) },
	"with &key= before the key":        func(s signing) string { return md5Of(s.sorted() + "&key=" + s.own) },
	"with the key in front":            func(s signing) string { return md5Of(s.own + s.sorted()) },
	"without the key":                  func(s signing) string { return md5Of(s.sorted()) },
	"with another App's key":           func(s signing) string { return md5Of(s.sorted() + s.other) },
	"with the key before":              func(s signing) string { return md5Of(s.sorted() + s.before) },
	"with a line break behind the key": func(s signing) string { return md5Of(s.sorted() + s.own + "\n") },
	"with SHA256 and no word of it":    func(s signing) string { return sha256Of(s.sorted() + s.own) },
	"twice":                            func(s signing) string { return md5Of(md5Of(s.sorted() + s.own)) },
	"over percent-encoded values": func(s signing) string {
		var list []string
		for _, pair := range s.pairs {
			name, value, _ := strings.Cut(pair, "=")
			list = append(list, name+"="+url.QueryEscape(value))
		}
		return md5Of(signing{pairs: list}.sorted() + s.own)
	},
	"over all but its goods_name": func(s signing) string {
		list := slices.DeleteFunc(slices.Clone(s.pairs), func(pair string) bool { return strings.HasPrefix(pair, "goods_name=") })
		return md5Of(signing{pairs: list}.sorted() + s.own)
	},
	"with HMAC": func(s signing) string {
		mac := hmac.New(md5.New, []byte(s.own))
		_, _ = mac.Write([]byte(s.sorted())) // a hash never fails
		return hex.EncodeToString(mac.Sum(nil))
	},
	"in base64": func(s signing) string {
		sum := md5.Sum([]byte(s.sorted() + s.own))
		return base64.StdEncoding.EncodeToString(sum[:])
	},
	"with a key of nobody": func(s signing) string { return md5Of(s.sorted() + "nobody's " + s.own) },
}

// sendSigned sends a payment that is right but for its signature.
func (w *world) sendSigned(ctx context.Context, how string) error {
	sign, known := waysToSign[how]
	if !known {
		return broke(fmt.Errorf("no way to sign is called %q", how))
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	stranger, err := w.client.CreateApp(ctx, control.NewApp{Name: "Stranger"})
	if err != nil {
		return broke(err)
	}
	p := w.withShop(qfpay.Params{
		{Name: "txamt", Value: fmt.Sprint(w.order.askedTxamt)}, {Name: "txcurrcd", Value: "HKD"}, {Name: "pay_type", Value: string(qfpay.WeChatMPM)},
		{Name: "out_trade_no", Value: w.order.askedNo}, {Name: "txdtm", Value: now.Format("2006-01-02 15:04:05")}, {Name: "goods_name", Value: w.fake.GoodsName()},
	})
	s := signing{own: w.own.ClientKey, other: stranger.ClientKey, before: w.keyBefore}
	for _, one := range p {
		s.pairs = append(s.pairs, one.Name+"="+one.Value)
	}
	w.order.outTradeNo = control.OutTradeNo(w.order.askedNo)
	return w.callAs(ctx, http.MethodPost, "/trade/v1/payment", p, string(w.own.AppCode), sign(s))
}

// changeKey is what a merchant does whose key has leaked.
func (w *world) changeKey(ctx context.Context) error {
	w.keyBefore = w.own.ClientKey
	changed := "NEW" + w.own.ClientKey
	var err error
	w.own, err = w.client.ChangeApp(ctx, w.app, control.AppChange{ClientKey: &changed})
	return broke(err)
}
