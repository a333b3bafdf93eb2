package clinic

import (
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Diagnose names the mistake in a signature that was refused.
func Diagnose(c Case) Diagnosis {
	d := Diagnosis{
		Canonical: c.Params.Canonical() + "(client_key)", Received: c.Sign,
		Expected: qfpay.Sign(c.Params.Canonical(), c.App.ClientKey, c.SignType),
	}
	return d
}

// Findings is the diagnosis as the journal keeps it, one for each mistake.
func (d Diagnosis) Findings() []sandbox.Finding {
	if len(d.Mistakes) == 0 {
		return []sandbox.Finding{{ID: Unrecognised, Detail: d.Difference, Received: d.Received, Expected: d.Expected + " over " + d.Canonical}}
	}
	var list []sandbox.Finding
	for _, m := range d.Mistakes {
		list = append(list, sandbox.Finding{ID: m.ID, Detail: m.Detail, Received: strings.TrimSpace(d.Received + " over " + d.Signed), Expected: d.Expected + " over " + d.Canonical, Change: m.Change})
	}
	return list
}
