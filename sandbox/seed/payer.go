package seed

import (
	"go.yaml.in/yaml/v4"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func (r *reader) payers(n *yaml.Node) []sandbox.Payer {
	var list []sandbox.Payer
	lines := map[sandbox.PayerID]int{}
	r.list(n, "payers", func(n *yaml.Node) {
		before := len(r.mistakes)
		p := r.payer(n)
		switch first, twice := lines[p.ID]; {
		case len(r.mistakes) > before: // said already
		case p.ID == "":
			r.wrong(n, "a payer has no id, which the browser's cookie sandbox_payer would name")
		case twice:
			r.wrong(n, "id is %q, which the payer in line %d has", p.ID, first)
		default:
			lines[p.ID] = n.Line
			list = append(list, p)
		}
	})
	return list
}

// payer reads a payer as app does an App.
func (r *reader) payer(n *yaml.Node) sandbox.Payer {
	var p sandbox.Payer
	take := func(n *yaml.Node, change func(*sandbox.Payer)) {
		next := p
		change(&next)
		probe := next
		if probe.ID == "" {
			probe.ID = "P" // it may come in a later line
		}
		if err := sandbox.CheckPayer(probe); err != nil {
			r.refuse(n, err)
			return
		}
		p = next
	}
	text := func(name string, set func(*sandbox.Payer, string)) key {
		return key{name, func(n *yaml.Node) {
			if s, ok := r.text(n, name); ok {
				take(n, func(p *sandbox.Payer) { set(p, s) })
			}
		}}
	}
	r.mapping(n, "a payer", []key{
		text("id", func(p *sandbox.Payer, s string) { p.ID = sandbox.PayerID(s) }),
		text("name", func(p *sandbox.Payer, s string) { p.Name = s }),
		{"behaviour", func(n *yaml.Node) {
			if s, ok := r.word(n, "behaviour", wordsOf(sandbox.Behaviours())); ok {
				p.Behaviour = sandbox.Behaviour(s)
			}
		}},
		{"method", func(n *yaml.Node) {
			if s, ok := r.word(n, "method", wordsOf(sandbox.Methods())); ok {
				p.Method = sandbox.Method(s)
			}
		}},
		{"consent", func(n *yaml.Node) {
			if s, ok := r.word(n, "consent", wordsOf(sandbox.Consents())); ok {
				p.Consent = sandbox.Consent(s)
			}
		}},
		{"bridge", func(n *yaml.Node) {
			if s, ok := r.word(n, "bridge", wordsOf(sandbox.Bridges())); ok {
				p.Bridge = sandbox.Bridge(s)
			}
		}},
		text("real_name", func(p *sandbox.Payer, s string) { p.RealName = s }),
		text("creid", func(p *sandbox.Payer, s string) { p.CreID = s }),
		{"delay", func(n *yaml.Node) {
			if d, ok := r.duration(n, "delay"); ok {
				take(n, func(p *sandbox.Payer) { p.Delay = d })
			}
		}},
	})
	return p
}
