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

func allFindings() []FindingRow {
	var rows []FindingRow
	for _, list := range [][]sandbox.FindingRow{sandbox.Findings(), clinic.Findings()} {
		for _, f := range list {
			rows = append(rows, FindingRow(f))
		}
	}
	return rows
}

func findingRow(id string) (FindingRow, bool) {
	row, ok := findingRows[id]
	return row, ok
}

func (a *API) findings(*http.Request) (any, error) {
	return map[string]any{"findings": allFindings()}, nil
}
