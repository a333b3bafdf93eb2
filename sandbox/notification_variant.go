package sandbox

import (
	"io"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Variant is what is right or wrong with a notification.
type Variant string

const (
	VariantGood           Variant = "good"
	VariantDuplicate      Variant = "duplicate"             // once more after it was acknowledged
	VariantConcurrent     Variant = "concurrent-duplicates" // ten at once
	VariantBadSignature   Variant = "bad-signature"
	VariantOtherSignature Variant = "other-app-signature"
	VariantWrongAmount    Variant = "wrong-amount"
	VariantWrongCurrency  Variant = "wrong-currency"
	VariantUnknownOrder   Variant = "unknown-order"
	VariantExtraFields    Variant = "extra-fields"
	VariantCompact        Variant = "compact"
	VariantUnusualText    Variant = "slash-and-non-ascii"
	VariantTruncated      Variant = "truncated"
	VariantContentType    Variant = "wrong-content-type"
	VariantOlderState     Variant = "older-state"
	VariantNever          Variant = "never"
)

// variantRow is what a variant does to a notification. What is nil or false is as it should be.
type variantRow struct {
	variant Variant
	// change spoils the fields, layout makes other bytes of them, sign takes the right signature's place.
	change func(qfpay.Object, Transaction) qfpay.Object
	layout func(qfpay.Object) []byte
	sign   func(body []byte, a App) string
	// refuse: a merchant must not acknowledge it, so one attempt is made and no ladder follows.
	refuse bool
}

var variants = [...]variantRow{
	{variant: VariantGood},
	{variant: VariantDuplicate},
	{variant: VariantConcurrent},
	{variant: VariantBadSignature, sign: signBadly, refuse: true},
	{variant: VariantOtherSignature, sign: signAsAnother, refuse: true},
	{variant: VariantWrongAmount, change: changeAmount, refuse: true},
	{variant: VariantWrongCurrency, change: changeCurrency, refuse: true},
	{variant: VariantUnknownOrder, change: changeOrder, refuse: true},
	{variant: VariantExtraFields, change: addFields},
	{variant: VariantCompact, layout: qfpay.Object.Compact},
	{variant: VariantUnusualText, change: addUnusualText},
	{variant: VariantTruncated, layout: firstHalf, refuse: true},
	{variant: VariantContentType},
	{variant: VariantOlderState},
	{variant: VariantNever},
}

// Variants lists what can be right or wrong with a notification.
func Variants() []Variant {
	list := make([]Variant, len(variants))
	for i, row := range variants {
		list[i] = row.variant
	}
	return list
}

func (v Variant) row() variantRow {
	for _, row := range variants {
		if row.variant == v {
			return row
		}
	}
	return variantRow{variant: v}
}

// MustBeRefused reports whether a merchant must not acknowledge it.
func (v Variant) MustBeRefused() bool { return v.row().refuse }

// AtOnce is how many of it are sent at the same time, the first time.
func (v Variant) AtOnce() int {
	if v == VariantConcurrent {
		return 10
	}
	return 1
}

// ContentType is the header it is sent with.
func (v Variant) ContentType() string {
	if v == VariantContentType {
		return "text/plain"
	}
	return "application/json"
}

// dress gives the bytes and the signature of a notification about t.
func (v Variant) dress(fields qfpay.Object, t Transaction, a App) (body []byte, sign string) {
	row := v.row()
	if row.change != nil {
		fields = row.change(fields, t)
	}
	if row.layout != nil {
		body = row.layout(fields)
	} else {
		body = fields.Bytes()
	}
	if row.sign != nil {
		return body, row.sign(body, a)
	}
	return body, qfpay.SignBody(body, a.ClientKey)
}

// signBadly differs from the right signature in its first digit, so it is surely wrong.
func signBadly(body []byte, a App) string {
	sign := []byte(qfpay.SignBody(body, a.ClientKey))
	if sign[0]++; sign[0] != '9'+1 && sign[0] != 'F'+1 {
		return string(sign)
	}
	sign[0] = '0'
	return string(sign)
}

// signAsAnother signs with a key that another App could have.
func signAsAnother(body []byte, a App) string {
	key := make([]byte, 16)
	_, _ = io.ReadFull(streamFrom(a.Seed, "another app's client key", 0), key) // a stream has no end and no error
	return qfpay.SignBody(body, "SANDBOXKEY"+string(key))
}

// changeAmount tells of the smallest amount there is, as somebody would who pays little for much.
func changeAmount(o qfpay.Object, t Transaction) qfpay.Object {
	if t.Amount == 1 {
		return o.With("txamt", "2")
	}
	return o.With("txamt", "1")
}

func changeCurrency(o qfpay.Object, t Transaction) qfpay.Object {
	for _, row := range qfpay.Currencies() {
		if row.Code != t.Currency {
			return o.With("txcurrcd", string(row.Code))
		}
	}
	return o
}

// changeOrder names an order nobody made; of a refund both its own number and its payment's.
func changeOrder(o qfpay.Object, t Transaction) qfpay.Object {
	if t.Kind == KindRefund {
		o = o.With("orig_out_trade_no", "UNKNOWN"+string(t.OrigSyssn))
	}
	return o.With("out_trade_no", "UNKNOWN"+string(t.Syssn))
}

// addFields adds the two that captures of QFPay's tills have (qfpay-api 4.1), and one nobody knows.
func addFields(o qfpay.Object, _ Transaction) qfpay.Object {
	return o.With("customer_source", "HK").With("outcardnm", "").With("sandbox_unknown_field", "1")
}

// addUnusualText puts into goods_info what layouts of JSON differ in: a slash, characters outside
// of ASCII, and one that takes a surrogate pair.
func addUnusualText(o qfpay.Object, _ Transaction) qfpay.Object {
	return o.With("goods_info", "測試/咖啡 ☕ 🐶")
}

func firstHalf(o qfpay.Object) []byte {
	body := o.Bytes()
	return body[:len(body)/2]
}
