package control

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// stamp is an instant as QFPay tells it, with milliseconds.
func stamp(t time.Time) string {
	return t.In(sandbox.QFPayZone).Format(sandbox.DateTimeLayout + ".000")
}

// summary is what went wrong, the first of its kind each, in order.
func (s *story) summary() string {
	var out strings.Builder
	switch {
	case s.order == nil:
		fmt.Fprintf(&out, "The order was never accepted: no payment with out_trade_no %s was taken by app %s.\n", s.number, s.app.Code)
	case s.view.State == sandbox.StateCreated:
		fmt.Fprintf(&out, "The order is made, and nobody has paid it.\n")
	default:
		fmt.Fprintf(&out, "The order is %s.\n", s.view.State)
	}
	type kind struct {
		finding Finding
		seqs    []string
		about   string
	}
	var kinds []*kind
	refused := 0
	for _, e := range s.exchanges {
		if isRefusal(e) {
			refused++
		}
		for _, f := range exchangeView(e).Findings {
			i := slices.IndexFunc(kinds, func(k *kind) bool { return k.finding.ID == f.ID })
			if i < 0 {
				i = len(kinds)
				kinds = append(kinds, &kind{finding: f, about: callLine(e) + ": " + outcomeOf(e)})
			}
			if n := fmt.Sprintf("#%d", e.Seq); !slices.Contains(kinds[i].seqs, n) {
				kinds[i].seqs = append(kinds[i].seqs, n)
			}
		}
	}
	if len(kinds) == 0 {
		fmt.Fprintf(&out, "Nothing was found wrong in %d exchanges.\n", len(s.exchanges))
	} else {
		fmt.Fprintf(&out, "%d of %d exchanges were refused or failed; %d kinds of findings:\n", refused, len(s.exchanges), len(kinds))
	}
	for _, k := range kinds {
		shown := k.seqs
		if len(shown) > 8 {
			shown = append(slices.Clone(shown[:8]), fmt.Sprintf("and %d more", len(k.seqs)-8))
		}
		fmt.Fprintf(&out, "\n%s in %s\n", k.finding.ID, strings.Join(shown, ", "))
		fmt.Fprintf(&out, "  %s\n", k.about)
		for _, line := range findingLines(k.finding) {
			fmt.Fprintf(&out, "  %s\n", line)
		}
	}
	for _, n := range s.told {
		if n.Pending {
			fmt.Fprintf(&out, "\nNotification %d is not over: %s.\n", n.ID, n.Describe())
		}
	}
	if s.leftOut > 0 {
		fmt.Fprintf(&out, "\nLeft out for want of room: %d exchanges, #%d to #%d, from the middle.\n", s.leftOut, s.exchanges[s.gap].Seq, s.exchanges[s.gap+s.leftOut-1].Seq)
	}
	if s.dropped > 0 {
		fmt.Fprintf(&out, "\nThe journal has dropped the App's %d oldest exchanges; some may have been of this order.\n", s.dropped)
	}
	return out.String()
}

// isRefusal: QFPay said no, or no answer came, or a failure.
func isRefusal(e sandbox.Exchange) bool {
	return e.Respcd != "" && e.Respcd != qfpay.RespOK || e.Status == 0 || e.Status >= 400
}

func findingLines(f Finding) (lines []string) {
	for _, part := range []struct{ name, text string }{
		{"found", f.Detail}, {"received", f.Received}, {"expected", f.Expected}, {"change", f.Change}, {"clause", f.Clause},
	} {
		if part.text != "" {
			lines = append(lines, fmt.Sprintf("%-9s %s", part.name+":", strings.ReplaceAll(part.text, "\n", " ")))
		}
	}
	return lines
}

// callLine names an exchange's call.
func callLine(e sandbox.Exchange) string {
	return e.Method + " " + pathOf(e.URL)
}

// outcomeOf is the answer in a few words.
func outcomeOf(e sandbox.Exchange) string {
	switch {
	case e.Error != "":
		return "no answer: " + e.Error
	case e.Status == 0:
		return "no answer"
	case e.Respcd != "":
		said := fmt.Sprintf("HTTP %d, respcd %s", e.Status, e.Respcd)
		if row, ok := e.Respcd.Row(); ok && e.Respcd != qfpay.RespOK {
			meaning, _, _ := strings.Cut(row.Meaning, " (")
			said += " " + meaning
		}
		return said
	case e.AnswerHeader.Get("Location") != "":
		address, _, _ := strings.Cut(e.AnswerHeader.Get("Location"), "?")
		return fmt.Sprintf("HTTP %d to %s", e.Status, address)
	case e.Surface == "notify":
		return fmt.Sprintf("HTTP %d %q", e.Status, briefly(string(e.AnswerBody)))
	default:
		return fmt.Sprintf("HTTP %d", e.Status)
	}
}

func briefly(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}

// parties are who speaks to whom, by surface; the calls a browser makes at QFPay are its payer's.
func parties(e sandbox.Exchange) (from, to string) {
	switch {
	case e.Surface == "notify":
		return "QFPay", "merchant"
	case e.Surface == "weixin", e.Surface == "wallet":
		return "payer", "WeChat"
	case e.Surface == "cashier", strings.HasPrefix(pathOf(e.URL), "/tool/v1/get_weixin_oauth_code"):
		return "payer", "QFPay"
	default:
		return "merchant", "QFPay"
	}
}

// orderText is the order as the sandbox has it.
func (a *API) orderText(s *story) string {
	var out strings.Builder
	line := func(name string, value any) {
		if text := fmt.Sprint(value); text != "" {
			fmt.Fprintf(&out, "%-14s %s\n", name, text)
		}
	}
	at := func(name string, t time.Time) {
		if !t.IsZero() {
			line(name, stamp(t))
		}
	}
	line("app", fmt.Sprintf("%s  %s", s.app.Code, s.app.Name))
	line("out_trade_no", s.number)
	line("mchid", s.mchid)
	at("as of", s.now)
	if o := s.order; o != nil {
		row, _ := o.PayType.Row()
		line("syssn", o.Syssn)
		line("state", s.view.State)
		line("respcd", fmt.Sprintf("%s, cancel %s in an enquiry", s.view.Respcd, s.view.Cancel))
		line("amount", o.Currency.Format(int64(o.Amount)))
		line("refunded", o.Currency.Format(int64(o.Refunded)))
		line("pay_type", fmt.Sprintf("%s  %s", o.PayType, row.Wallet))
		line("goods_name", o.GoodsName)
		line("payer", s.payerLine())
		line("decided by", o.Lever)
		at("created", o.CreatedAt)
		at("payable until", o.ExpiresAt)
		at("paid", o.PaidAt)
		at("closed", o.ClosedAt)
		at("due", o.DueAt)
		line("failed with", o.Failure)
		line("chnlsn", o.Chnlsn)
		line("note", o.Note)
		for _, r := range s.refunds {
			done := ""
			if !r.PaidAt.IsZero() {
				done = ", arrived " + stamp(r.PaidAt)
			}
			line("refund", fmt.Sprintf("%s  %s  %s, %s, asked for %s%s", r.OutTradeNo, r.Syssn, r.Currency.Format(int64(r.Amount)), r.State, stamp(r.CreatedAt), done))
		}
	} else {
		line("state", "never accepted")
	}
	plan, own := s.app.OrderPlan(s.number)
	whose := "the order's own"
	if !own {
		plan, whose = s.app.Delivery, "the App's"
	}
	if len(plan.Deliveries) == 0 {
		line("delivery plan", fmt.Sprintf("QFPay's (%s): good on paid after %s, good on refunded", whose, plan.Delay))
	}
	for _, d := range plan.Deliveries {
		line("delivery plan", fmt.Sprintf("%s: %s on %s after %s", whose, d.Variant, d.On, d.After))
	}
	for _, f := range s.app.Faults {
		line("fault", fmt.Sprintf("%d: %s on %s, order %s, from the %d. call, %d times; fired %d times", f.ID, f.Effect, cmp.Or(string(f.Route), "every call"),
			cmp.Or(string(f.OutTradeNo), "any"), max(f.Nth, 1), max(f.Times, 1), f.Fired))
	}
	for _, n := range s.told {
		line("notification", fmt.Sprintf("%d, %s, %s, to %s: %s", n.ID, n.Kind, n.Variant, n.URL, n.Describe()))
		for i, t := range n.Attempts {
			line("", fmt.Sprintf("  attempt %d at %s: %s", i+1, stamp(t.At), t.Verdict))
		}
	}
	return out.String()
}

// payerLine says who the order is for or who paid it.
func (s *story) payerLine() string {
	var names []string
	for _, e := range s.exchanges {
		if e.Payer != "" && e.OpenID == s.order.OpenID && !slices.Contains(names, string(e.Payer)) {
			names = append(names, string(e.Payer))
		}
	}
	return strings.TrimSpace(strings.Join(names, ", ") + "  " + string(s.order.OpenID))
}

// timeline is one line an event, with its distance from the first.
func (s *story) timeline() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "time (UTC+8)\tfrom start\t#\twho → whom\tcall\tanswer\tdecided by\tfindings\n")
	start := s.now
	if len(s.exchanges) > 0 {
		start = s.exchanges[0].At
	}
	events := s.events()
	row := func(at time.Time, seq, who, call, rest string) {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", stamp(at), distance(at.Sub(start)), seq, who, tabless(call), rest)
	}
	for i, e := range s.exchanges {
		for len(events) > 0 && events[0].at.Before(e.At) {
			row(events[0].at, "", "QFPay", events[0].what, "\t\t")
			events = events[1:]
		}
		switch {
		case s.leftOut > 0 && i == s.gap:
			row(e.At, "", "", fmt.Sprintf("%d exchanges left out", s.leftOut), "\t\t")
			continue
		case s.leftOut > 0 && i > s.gap && i < s.gap+s.leftOut:
			continue
		}
		from, to := parties(e)
		row(e.At, fmt.Sprintf("#%d", e.Seq), from+" → "+to, callLine(e), tabless(outcomeOf(e))+"\t"+cmp.Or(e.DecidedBy, "-")+"\t"+findingList(e.Findings))
	}
	for _, event := range events {
		row(event.at, "", "QFPay", event.what, "\t\t")
	}
	_ = w.Flush() // into memory
	var lines []string
	for line := range strings.Lines(out.String()) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	return strings.Join(lines, "\n") + "\n"
}

// event is what became of the order at an instant.
type event struct {
	at   time.Time
	what string
}

func (s *story) events() []event {
	var list []event
	add := func(at time.Time, what string) {
		if !at.IsZero() {
			list = append(list, event{at, what})
		}
	}
	if o := s.order; o != nil {
		add(o.CreatedAt, "the order is made")
		add(o.PaidAt, "the order is paid")
		add(o.ClosedAt, "the order is closed")
		if !o.ExpiresAt.IsZero() && o.ExpiresAt.Before(s.now) && o.PaidAt.IsZero() && o.ClosedAt.IsZero() {
			add(o.ExpiresAt, "the order can be paid no more")
		}
	}
	for _, r := range s.refunds {
		add(r.PaidAt, "refund "+string(r.OutTradeNo)+" has arrived")
	}
	slices.SortStableFunc(list, func(x, y event) int { return x.at.Compare(y.at) })
	return list
}

func findingList(findings []sandbox.Finding) string {
	ids := make([]string, len(findings))
	for i, f := range findings {
		ids[i] = f.ID
	}
	return strings.Join(ids, " ")
}

func tabless(s string) string { return strings.NewReplacer("\t", " ", "\n", " ").Replace(s) }

// distance is how long after the start, with its sign.
func distance(d time.Duration) string {
	if d < 0 {
		return "-" + (-d).Round(time.Millisecond).String()
	}
	return "+" + d.Round(time.Millisecond).String()
}

// written is an exchange as the file has it.
func (s *story) written(e sandbox.Exchange) bundle.Exchange {
	from, to := parties(e)
	w := bundle.Exchange{
		Seq: e.Seq, At: e.At, Method: e.Method, URL: s.hide(e.URL), RequestHeader: s.hideInHeader(e.RequestHeader), RequestBody: []byte(s.hide(string(e.RequestBody))),
		RequestCut: e.RequestCut, Status: e.Status, AnswerHeader: s.hideInHeader(e.AnswerHeader), AnswerBody: []byte(s.hide(string(e.AnswerBody))), AnswerCut: e.AnswerCut,
	}
	fact := func(name, value string) {
		if value != "" {
			w.Facts = append(w.Facts, bundle.Fact{Name: name, Value: s.hide(value)})
		}
	}
	fact("from", from+" → "+to)
	fact(bundle.FactSurface, e.Surface)
	fact("took", e.Took.String())
	fact(bundle.FactCredentials, credentialsOf(e))
	fact(bundle.FactRespcd, string(e.Respcd))
	fact("fidelity", string(e.Fidelity))
	fact("decided by", e.DecidedBy)
	fact(bundle.FactLever, s.leverOf(e))
	fact("out_trade_no", string(e.OutTradeNo))
	fact("syssn", string(e.Syssn))
	fact(bundle.FactPayer, string(e.Payer))
	fact(bundle.FactOpenID, string(e.OpenID))
	fact("error", e.Error)
	for _, f := range exchangeView(e).Findings {
		fact("finding", f.ID+"\n"+strings.Join(findingLines(f), "\n"))
	}
	return w
}

func (s *story) hideInHeader(h map[string][]string) map[string][]string {
	hidden := make(map[string][]string, len(h))
	for name, values := range h {
		for _, v := range values {
			hidden[s.hide(name)] = append(hidden[s.hide(name)], s.hide(v))
		}
	}
	return hidden
}

// credentialsOf says whether a replay is to sign the request anew: one whose signature was refused,
// or that was nobody's, keeps the one it came with. Empty where none is asked for.
func credentialsOf(e sandbox.Exchange) string {
	switch {
	case e.Surface != "openapi":
		return ""
	case e.App == "":
		return bundle.CredentialsNobody
	case e.Has("signature-wrong"), e.Has("app-code-unknown"):
		return bundle.CredentialsWrong
	default:
		return bundle.CredentialsRight
	}
}

// leverOf gives the effect of the fault that decided a call, in the words of X-Sandbox-Outcome: as the
// App still has it, else as the finding tells.
func (s *story) leverOf(e sandbox.Exchange) string {
	number, byFault := strings.CutPrefix(e.DecidedBy, "fault ")
	if !byFault || e.Surface != "openapi" {
		return ""
	}
	for _, f := range e.Findings {
		if effect, ok := strings.CutPrefix(f.Detail, e.DecidedBy+": "); ok && f.ID == sandbox.FindLever {
			effect, _, _ = strings.Cut(effect, ";")
			return effect
		}
	}
	for _, f := range s.app.Faults {
		if fmt.Sprint(f.ID) == number {
			return f.Effect.String()
		}
	}
	return ""
}
