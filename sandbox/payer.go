package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Payer is a person with a phone. A payer belongs to the sandbox, not to an App: the same person
// can buy in several shops and has another OpenID towards each account.
type Payer struct {
	ID PayerID
	// Name is what the wallet shows as the account.
	Name      string
	Behaviour Behaviour
	CreatedAt time.Time
}

// Behaviour is what a payer does when the wallet opens.
type Behaviour string

const (
	// BehaveManual leaves it to whoever sits at the screen, or to the program that clicks.
	BehaveManual Behaviour = "manual"
	// BehavePay pays, and BehaveCancel closes the wallet, as soon as it is open.
	BehavePay    Behaviour = "pay"
	BehaveCancel Behaviour = "cancel"
	// BehaveInsufficientBalance lets the wallet open and finds no money in it when the payer pays.
	BehaveInsufficientBalance Behaviour = "insufficient-balance"
)

// Behaviours lists what a payer can be told to do.
func Behaviours() []Behaviour {
	return []Behaviour{BehaveManual, BehavePay, BehaveCancel, BehaveInsufficientBalance}
}

// ValidPayerID reports whether s can name a payer: 1 to 32 letters, digits, "-" and "_".
func ValidPayerID(s string) bool {
	if s == "" || len(s) > 32 {
		return false
	}
	for _, r := range s {
		if !(r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return false
		}
	}
	return true
}

// CreatePayer stores a new payer, filling an empty id, name and behaviour. Errors: ErrInvalid, ErrExists.
func (g *Gateway) CreatePayer(ctx context.Context, p Payer) (Payer, error) {
	if p.ID == "" {
		id, err := randomText(g.Entropy, 12)
		if err != nil {
			return Payer{}, err
		}
		p.ID = PayerID("P" + id)
	}
	if p.Name == "" {
		p.Name = "Payer " + string(p.ID[:min(len(p.ID), 5)])
	}
	if p.Behaviour == "" {
		p.Behaviour = BehaveManual
	}
	p.CreatedAt = g.Clock.Now()
	if !ValidPayerID(string(p.ID)) {
		return Payer{}, fmt.Errorf("%w: payer id is %q, want 1 to 32 letters, digits, - and _", ErrInvalid, p.ID)
	}
	if err := p.validate(); err != nil {
		return Payer{}, err
	}
	return p, g.Store.CreatePayer(ctx, p)
}

func (p Payer) validate() error {
	if len([]rune(p.Name)) > 64 || !printable(p.Name) {
		return fmt.Errorf("%w: payer name is %q, want 1 to 64 printable characters", ErrInvalid, p.Name)
	}
	if !slices.Contains(Behaviours(), p.Behaviour) {
		return fmt.Errorf("%w: behaviour is %q, want one of %v", ErrInvalid, p.Behaviour, Behaviours())
	}
	return nil
}

// UpdatePayer changes a payer and refuses a change that leaves it invalid. Errors: ErrInvalid, ErrNotFound.
func (g *Gateway) UpdatePayer(ctx context.Context, id PayerID, change func(*Payer)) (Payer, error) {
	return g.Store.UpdatePayer(ctx, id, func(p *Payer) error {
		change(p)
		return p.validate()
	})
}

// PayerOf gives the payer a browser says it belongs to. A browser that names nobody, or nobody
// valid, belongs to a new payer; one that names a payer this sandbox does not know (it was
// restarted) gets that payer anew, with the same openids as before.
func (g *Gateway) PayerOf(ctx context.Context, named string) (Payer, error) {
	if !ValidPayerID(named) {
		return g.CreatePayer(ctx, Payer{})
	}
	id := PayerID(named)
	p, err := g.Store.Payer(ctx, id)
	if !errors.Is(err, ErrNotFound) {
		return p, err
	}
	p, err = g.CreatePayer(ctx, Payer{ID: id})
	if errors.Is(err, ErrExists) { // two requests of a new browser at once
		return g.Store.Payer(ctx, id)
	}
	return p, err
}
