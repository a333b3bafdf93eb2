package sandbox

import (
	"context"
	"net/textproto"
	"slices"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Exchange is one request and its answer as they passed on the wire, and what we conclude from it.
type Exchange struct {
	// Seq numbers the journal from 1, over all Apps.
	Seq uint64
	// App is empty when no App could be told from the request.
	App AppCode
	// At is the App's own time when the request was complete. Started and Took are real time, whatever
	// the App's clock does.
	At      time.Time
	Started time.Time
	Took    time.Duration
	// Surface is where it came in or went out: openapi, weixin, wallet, cashier, or notify (outgoing).
	Surface string

	Method        string
	URL           string
	RequestHeader textproto.MIMEHeader
	// RequestBody and AnswerBody are cut where they are long; RequestCut and AnswerCut are how many
	// bytes that passed are not kept.
	RequestBody  []byte
	RequestCut   int
	Status       int
	AnswerHeader textproto.MIMEHeader
	AnswerBody   []byte
	AnswerCut    int
	// Error is why an outgoing request got no answer.
	Error string

	// Respcd is QFPay's verdict, empty on surfaces that have none.
	Respcd   qfpay.Respcd
	Fidelity Fidelity
	// DecidedBy names the lever that decided the answer, as X-Sandbox-Decided-By does.
	DecidedBy  string
	OutTradeNo OutTradeNo
	Syssn      Syssn
	Payer      PayerID
	OpenID     OpenID
	Findings   []Finding

	// secrets are what must not reach the journal: the App's key, the one before it, and the secret of
	// its own official account.
	secrets [3]string
	// strangers are keys of other Apps that the request carries.
	strangers []string
}

// Finding is one conclusion about an exchange: the id of a row of Findings, and this case's words.
type Finding struct {
	ID string
	// Detail says in one sentence what was found.
	Detail string
	// Received is what came and Expected what would have been right, where either can be shown.
	Received, Expected string
	// Change is what to change in this case; empty is what the row says.
	Change string
}

// texts are this case's words.
func (f *Finding) texts() []*string {
	return []*string{&f.Detail, &f.Received, &f.Expected, &f.Change}
}

// Has reports whether the exchange left this finding.
func (e Exchange) Has(findingID string) bool {
	return slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.ID == findingID })
}

type exchangeKey struct{}

// WithExchange gives a request the exchange that Note and Find write to.
func WithExchange(ctx context.Context, e *Exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, e)
}

// Note adds to the request's exchange. Without one it does nothing. One goroutine per request.
func Note(ctx context.Context, change func(*Exchange)) {
	if e, ok := ctx.Value(exchangeKey{}).(*Exchange); ok {
		change(e)
	}
}

// ByDefault is what decides where no lever does: the rules.
const ByDefault = "default"

// DecidedBy tells and notes what decided the request, ByDefault where nothing said otherwise. It is
// empty without an exchange.
func DecidedBy(ctx context.Context) (by string) {
	Note(ctx, func(e *Exchange) {
		if e.DecidedBy == "" {
			e.DecidedBy = ByDefault
		}
		by = e.DecidedBy
	})
	return by
}

// Find records a conclusion beside the request.
func Find(ctx context.Context, id, detail string) { AddFinding(ctx, Finding{ID: id, Detail: detail}) }

// AddFinding is Find with what was received, what was expected and what to change.
func AddFinding(ctx context.Context, f Finding) {
	Note(ctx, func(e *Exchange) { e.Findings = append(e.Findings, f) })
}

// NoteRefusal records a refusal beside the request.
func NoteRefusal(ctx context.Context, r *Refusal) {
	Note(ctx, func(e *Exchange) {
		e.Respcd, e.Fidelity = r.Code, r.Fidelity
		e.Findings = append(e.Findings, r.Finding())
	})
}

// noteApp records whose exchange it is, at which time of theirs.
func (g *Gateway) noteApp(ctx context.Context, a App) {
	Note(ctx, func(e *Exchange) { e.App, e.At, e.secrets = a.Code, g.Now(a), a.keys() })
}

// Record puts a finished exchange in the journal, the App's client_key masked wherever it was sent
// or repeated, and long words cut.
func (g *Gateway) Record(ctx context.Context, e Exchange) error {
	if e.secrets[0] == "" && e.App != "" {
		a, err := g.Store.App(ctx, e.App)
		if err != nil {
			return err
		}
		e.secrets = a.keys()
	}
	foreign, err := g.foreignKeys(ctx, &e)
	if err != nil {
		return err
	}
	if len(foreign) > 0 {
		e.strangers = append(e.strangers[:len(e.strangers):len(e.strangers)], foreign...)
		HideKeys(ctx, foreign) // of who logs the exchange
	}
	var tokens []secret
	for _, token := range g.Tokens {
		tokens = append(tokens, newSecret(token, tokenMask))
	}
	e.mask(tokens)
	e.cut()
	seq, err := g.Store.AppendExchange(ctx, e)
	if err != nil {
		return err
	}
	if g.Recorded != nil {
		e.Seq = seq
		g.Recorded(e)
	}
	return nil
}
