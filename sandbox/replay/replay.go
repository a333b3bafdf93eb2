// Package replay plays a bundle's calls again: a fresh App with the recorded settings, its clock at
// the recorded times, the same requests in the same order, signed anew where they were signed right.
// Each answer is compared with the recorded one; other ids and times are no difference.
package replay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// ErrBundle says that a bundle's part replay cannot be played; its text says why.
var ErrBundle = errors.New("the bundle cannot be played")

// Player plays bundles against a sandbox.
type Player struct {
	// Client reaches the sandbox's controls.
	Client *control.Client
	// NotifyURL gets all notifications of the replay; empty sends none to anybody.
	NotifyURL string
}

// Result is what became of a replay.
type Result struct {
	// App is the fresh App, which stays for whoever wants to look at it.
	App        sandbox.AppCode    `json:"app"`
	OutTradeNo sandbox.OutTradeNo `json:"out_trade_no"`
	Steps      []Step             `json:"steps"`
	Same       int                `json:"same"`
	Different  int                `json:"different"`
	NotPlayed  int                `json:"not_played"`
	// LeftOut counts the exchanges the bundle had no room for.
	LeftOut int `json:"left_out"`
}

// AllSame: everything was played, and nothing was answered differently.
func (r Result) AllSame() bool {
	return r.Same > 0 && r.Different == 0 && r.NotPlayed == 0 && r.LeftOut == 0
}

// Step is one call, or one deed of a payer.
type Step struct {
	// Seq is the exchange's in the bundle, 0 for a deed.
	Seq uint64    `json:"seq"`
	At  time.Time `json:"at"`
	// Call is what was asked, Recorded the answer then and Now the one of the replay, in few words.
	Call     string `json:"call"`
	Recorded string `json:"recorded"`
	Now      string `json:"now"`
	// Verdict is same, different or not played.
	Verdict Verdict `json:"verdict"`
	// Differences say where the answers differ; Note what is special about the step.
	Differences []string `json:"differences"`
	Note        string   `json:"note"`
}

// Verdict is what a comparison came to.
type Verdict string

const (
	Same      Verdict = "same"
	Different Verdict = "different"
	NotPlayed Verdict = "not played"
)

// Play plays a bundle in a fresh App. Errors: ErrBundle, *control.Error, those of the network and ctx's.
func (p Player) Play(ctx context.Context, b bundle.Bundle) (Result, error) {
	profile, err := readProfile(b)
	if err != nil {
		return Result{}, err
	}
	s, err := p.stage(ctx, profile, b.Exchanges)
	if err != nil {
		return Result{}, err
	}
	result := Result{App: s.app.AppCode, OutTradeNo: profile.OutTradeNo, LeftOut: profile.LeftOut, Steps: []Step{}}
	keep := func(step Step, err error) error {
		if err != nil {
			return err
		}
		switch step.Verdict {
		case Same:
			result.Same++
		case Different:
			result.Different++
		case NotPlayed:
			result.NotPlayed++
		default:
			return nil // happened by itself
		}
		result.Steps = append(result.Steps, s.hidden(step))
		return nil
	}
	deeds := profile.Deeds
	for _, e := range b.Exchanges {
		for len(deeds) > 0 && deeds[0].Before != 0 && deeds[0].Before <= e.Seq {
			if err := keep(s.do(ctx, deeds[0])); err != nil {
				return result, err
			}
			deeds = deeds[1:]
		}
		if e.Fact(bundle.FactSurface) == "notify" {
			continue // the sandbox's own, not the merchant's
		}
		if err := keep(s.play(ctx, e)); err != nil {
			return result, err
		}
	}
	for _, deed := range deeds {
		if err := keep(s.do(ctx, deed)); err != nil {
			return result, err
		}
	}
	if p.NotifyURL != "" { // what was still due then is due now
		if err := s.clockTo(ctx, profile.MadeAt); err != nil {
			return result, err
		}
	}
	return result, nil
}

// play sends one recorded request and compares the answer.
func (s *stage) play(ctx context.Context, e bundle.Exchange) (Step, error) {
	path, _, _ := strings.Cut(e.URL, "?")
	step := Step{Seq: e.Seq, At: e.At, Call: e.Method + " " + path, Recorded: brief(answerOf(e)), Verdict: NotPlayed}
	if why := unplayable(e); why != "" {
		step.Note = why
		return step, nil
	}
	if err := s.clockTo(ctx, e.At); err != nil {
		return step, err
	}
	if err := s.scanned(ctx, e); err != nil {
		return step, err
	}
	disarm, err := s.arm(ctx, e)
	if err != nil {
		return step, err
	}
	req, why := s.request(ctx, e)
	if why != "" {
		step.Note = why
		return step, disarm()
	}
	now, err := s.send(req)
	if err != nil {
		return step, err
	}
	step.Now = brief(now)
	step.Differences = s.compare(e, now)
	step.Verdict = Same
	if len(step.Differences) > 0 {
		step.Verdict = Different
	}
	switch e.Fact(bundle.FactCredentials) {
	case bundle.CredentialsWrong:
		step.Note = "sent with the signature it came with: it was wrong, and cannot be made again without the key"
	case bundle.CredentialsNobody:
		step.Note = "sent with the app code it came with, which was nobody's"
	}
	if e.AnswerCut > 0 {
		step.Note = strings.TrimPrefix(step.Note+fmt.Sprintf("; %d bytes of the recorded answer were not kept, so its body is not compared", e.AnswerCut), "; ")
	}
	return step, disarm()
}

// do is a payer's deed through the controls, unless it happened by itself.
func (s *stage) do(ctx context.Context, deed control.BundleDeed) (Step, error) {
	step := Step{At: deed.At, Call: "the payer pays (controls)", Recorded: "paid"}
	if err := s.clockTo(ctx, deed.At); err != nil {
		return step, err
	}
	mchid, number := s.profile.Mchid, s.profile.OutTradeNo
	o, err := s.Client.Order(ctx, s.app.AppCode, mchid, number)
	if err == nil && o.PaidAt != nil {
		return step, nil
	}
	if err == nil {
		by := control.OrderPayer{Mchid: mchid} // whom the order is for
		if o.OpenID == "" {
			by.Payer = s.payerOf[deed.OpenID]
		}
		_, err = s.Client.PayOrder(ctx, s.app.AppCode, number, by)
	}
	var refused *control.Error
	switch {
	case err == nil:
		step.Now, step.Verdict = "paid", Same
	case errors.As(err, &refused) && refused.Status < http.StatusInternalServerError:
		step.Now, step.Verdict, step.Differences = "refused: "+refused.Message, Different, []string{"it was paid, and is refused now: " + refused.Message}
	default:
		return step, err
	}
	return step, nil
}

// hidden masks the new key, as the sandbox does.
func (s *stage) hidden(step Step) Step {
	for _, text := range []*string{&step.Call, &step.Recorded, &step.Now, &step.Note} {
		*text = sandbox.HideKey(*text, s.app.ClientKey)
	}
	for i := range step.Differences {
		step.Differences[i] = sandbox.HideKey(step.Differences[i], s.app.ClientKey)
	}
	if step.Differences == nil {
		step.Differences = []string{}
	}
	return step
}
