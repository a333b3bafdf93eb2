package seed

import (
	"go.yaml.in/yaml/v4"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// fault reads which calls go wrong, how and how often. False: it has no effect that can be read.
func (r *reader) fault(n *yaml.Node) (sandbox.Fault, bool) {
	var f sandbox.Fault
	whole, before := false, len(r.mistakes)
	r.mapping(n, "a fault", []key{
		{"route", func(n *yaml.Node) {
			if s, ok := r.word(n, "route", wordsOf(sandbox.Endpoints())); ok {
				f.Route = sandbox.Endpoint(s)
			}
		}},
		{"out_trade_no", func(n *yaml.Node) {
			s, _ := r.text(n, "out_trade_no")
			f.OutTradeNo = sandbox.OutTradeNo(s)
		}},
		{"nth", func(n *yaml.Node) { f.Nth, _ = r.number(n, "nth") }},
		{"times", func(n *yaml.Node) { f.Times, _ = r.number(n, "times") }},
		{"effect", func(n *yaml.Node) {
			s, ok := r.text(n, "effect")
			if !ok {
				return
			}
			effect, err := sandbox.ParseEffect(s)
			if err != nil {
				r.wrong(n, "effect is %q: %s", s, err)
				return
			}
			f.Effect, whole = effect, true
		}},
	})
	if !whole && len(r.mistakes) == before {
		r.wrong(n, "a fault has no effect, which says what goes wrong")
	}
	return f, whole
}
