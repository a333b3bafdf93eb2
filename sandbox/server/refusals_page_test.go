package server_test

import (
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

const refusalsIntro = `# Refusals

Every refusal of QFPay's calls: what goes on the wire, when, and how sure we are of it. The page is made from the code's tables and the
goldens by ` + "`go test ./sandbox/server -run TestRefusalsPage -update`" + `; a test fails when it is old, when a row has no golden, and when a golden has
no row. The rule is what the journal's finding is called; what to change about each is in [findings.md](findings.md). HTTP is 200 where the condition names no
other.

*documented*: a published document says so. *observed*: a captured answer shows it. *assumed*: the public record is silent, see
[assumptions.md](assumptions.md). "qfpay-api" is this project's collection of the public record, by section. ` + "`GET /_sandbox/v1/fidelity`" + ` serves the
same as JSON. Any of them can be had without its condition too: see [levers.md](levers.md) and the last table.
`

var refusalHeadings = map[sandbox.Endpoint]string{
	sandbox.AtOAuthCode: "`GET /tool/v1/get_weixin_oauth_code`", sandbox.AtOpenID: "`GET|POST /tool/v1/get_weixin_openid`", sandbox.AtPayment: "`POST /trade/v1/payment`",
	sandbox.AtQuery: "`POST|GET /trade/v1/query`", sandbox.AtRefund: "`POST /trade/v1/refund`", sandbox.AtClose: "`POST|GET /trade/v1/close`",
	sandbox.AtReversal: "`POST|GET /trade/v1/reversal`", sandbox.AtAddNote: "`POST /trade/v1/add_note`", sandbox.AtOther: "Other paths of QFPay's",
}

// writeRefusalsPage is docs/refusals.md.
func writeRefusalsPage(rows map[rowKey][]goldenAnswer, codes map[string]goldenAnswer) string {
	var b strings.Builder
	b.WriteString(refusalsIntro)
	total := 0
	for _, at := range append(sandbox.Endpoints(), sandbox.AtOther) {
		fmt.Fprintf(&b, "\n## %s\n\n", refusalHeadings[at])
		b.WriteString("| respcd | resperr | respmsg | when | rule | fidelity | source | golden |\n|---|---|---|---|---|---|---|---|\n")
		for _, row := range sandbox.RefusalsAt(at) {
			total++
			fmt.Fprintf(&b, "| %s | %s | %s | %s | `%s` | %s | %s | %s |\n", row.Code, cell(row.Resperr), cell(row.Respmsg), cell(row.When), row.Rule, row.Fidelity, cell(row.Source),
				cell(goldenCell(rows[rowKey{at, row.Rule, row.Respmsg}])))
		}
	}
	b.WriteString("\n## Answers of calls that work\n\n| call | answer | fidelity | source |\n|---|---|---|---|\n")
	for _, row := range sandbox.Successes() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", refusalHeadings[row.At], cell(row.Means), row.Fidelity, cell(row.Source))
	}
	b.WriteString("\n## Any published code, by lever\n\nOn every call, with `X-Sandbox-Outcome` or a fault; `respmsg` is empty (assumption 52). The goldens are in `levers.txtar`.\n\n" +
		"| respcd | resperr | means | outcome | fidelity | source |\n|---|---|---|---|---|---|\n")
	for _, row := range sandbox.CodesByLever() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", row.Code, cell(row.Resperr), cell(row.Meaning), row.Outcome, row.Fidelity, cell(row.Source))
	}
	fmt.Fprintf(&b, "\n%d refusals by their conditions, %d codes by lever.\n", total, len(codes))
	return b.String()
}

// goldenCell names the first golden of a row. Counting the others would make the page old too often.
func goldenCell(goldens []goldenAnswer) string {
	if len(goldens) == 0 {
		return "none yet"
	}
	return goldens[0].where()
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
