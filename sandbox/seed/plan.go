package seed

import (
	"go.yaml.in/yaml/v4"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// delivery reads one notification of a plan. False: a mistake was found in it.
func (r *reader) delivery(n *yaml.Node) (sandbox.Delivery, bool) {
	d := sandbox.Delivery{Variant: sandbox.VariantGood}
	before := len(r.mistakes)
	r.mapping(n, "a delivery", []key{
		{"on", func(n *yaml.Node) {
			if s, ok := r.word(n, "on", wordsOf(sandbox.Occasions())); ok {
				d.On = sandbox.Occasion(s)
			}
		}},
		{"after", func(n *yaml.Node) { d.After, _ = r.duration(n, "after") }},
		{"variant", func(n *yaml.Node) {
			if s, ok := r.word(n, "variant", wordsOf(sandbox.Variants())); ok {
				d.Variant = sandbox.Variant(s)
			}
		}},
		{"before_return", func(n *yaml.Node) { d.BeforeReturn, _ = r.truth(n, "before_return") }},
	})
	if d.On == "" && len(r.mistakes) == before {
		r.wrong(n, "a delivery has no on, which says what it follows: paid, returned, closed or refunded")
	}
	return d, len(r.mistakes) == before
}

// orderPlan reads the plan of one order. False: a mistake was found in it.
func (r *reader) orderPlan(n *yaml.Node) (sandbox.OrderPlan, bool) {
	var o sandbox.OrderPlan
	before := len(r.mistakes)
	r.mapping(n, "an order", []key{
		{"out_trade_no", func(n *yaml.Node) {
			s, _ := r.text(n, "out_trade_no")
			o.OutTradeNo = sandbox.OutTradeNo(s)
		}},
		{"delivery", func(n *yaml.Node) {
			r.list(n, "delivery", func(n *yaml.Node) {
				if d, ok := r.delivery(n); ok {
					o.Plan.Deliveries = append(o.Plan.Deliveries, d)
				}
			})
		}},
	})
	if o.OutTradeNo == "" && len(r.mistakes) == before {
		r.wrong(n, "an order has no out_trade_no, which says whose plan it is")
	}
	return o, len(r.mistakes) == before
}
