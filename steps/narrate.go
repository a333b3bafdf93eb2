package steps

import (
	"context"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

func (w *world) narrate(format string, args ...any) {
	if w.suite.Narrate != nil {
		fmt.Fprintf(w.suite.Narrate, format, args...)
	}
}

func (w *world) narrateScenario() { w.narrate("\n%s  %s\n", w.rule, w.name) }

// narrateStep prints a step and what passed on the wire because of it.
func (w *world) narrateStep(ctx context.Context, text string, err error) {
	if w.suite.Narrate == nil {
		return
	}
	sign := "ok  "
	if err != nil {
		sign = "FAIL"
	}
	w.narrate("  %s  %s\n", sign, text)
	page, journalErr := w.client.Journal(ctx, control.JournalFilter{App: w.app, Since: w.told})
	if journalErr != nil {
		return // the step itself will have said so
	}
	w.told = page.Mark
	for _, e := range page.Exchanges {
		w.narrate("        %s\n", Describe(e))
	}
	if err != nil {
		w.narrate("        %s\n", strings.ReplaceAll(err.Error(), "\n", "\n        "))
	}
}

// Describe is an exchange in one line.
func Describe(e control.Exchange) string {
	arrow, where := "->", e.Path
	if host := e.RequestHeader["Host"]; len(host) == 1 { // kept where it is a vendor's own
		where = host[0] + e.Path
	}
	if e.Surface == "notify" {
		arrow, where = "<-", e.URL
	}
	line := fmt.Sprintf("%-8s %s %-4s %s", e.Surface, arrow, e.Method, where)
	switch {
	case e.Error != "":
		line += "  " + e.Error
	case e.Surface == "notify":
		line += fmt.Sprintf("  %d %s", e.Status, strings.TrimSpace(shortText(e.AnswerBody, 40)))
	case e.Respcd != "":
		line += fmt.Sprintf("  %d %s", e.Status, e.Respcd)
	default:
		line += fmt.Sprintf("  %d", e.Status)
	}
	for _, f := range e.Findings {
		line += "  [" + f.ID + "]"
	}
	return line
}

func shortText(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
