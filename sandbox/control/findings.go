package control

import (
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
)

// findingRows is every row a finding can have, by id.
var findingRows = func() map[string]FindingRow {
	rows := map[string]FindingRow{}
	for _, row := range allFindings() {
		rows[row.ID] = row
	}
	return rows
}()

// allFindings lists them by kind: refusals first, then what served requests leave, then the names of
// wrong signatures.
func allFindings() []FindingRow {
	var rows []FindingRow
	for _, list := range []struct {
		kind string
		rows []sandbox.FindingRow
	}{{"refusal", sandbox.RefusalFindings()}, {"finding", sandbox.Findings()}, {"signature", clinic.Findings()}} {
		for _, f := range list.rows {
			rows = append(rows, FindingRow{list.kind, f.ID, f.Means, f.Change, f.Clause})
		}
	}
	return rows
}

// FindingRowOf gives the row of a finding's id. False: it has none.
func FindingRowOf(id string) (FindingRow, bool) {
	row, ok := findingRows[id]
	return row, ok
}

func (a *API) findings(*http.Request) (any, error) {
	return map[string]any{"findings": allFindings()}, nil
}
