package sandbox

import (
	"cmp"
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
	// Method is what the wallet pays with.
	Method Method
	// RealName and CreID are of the bank card bound to the wallet. Without a CreID none is bound,
	// and every real name passes.
	RealName string
	CreID    string
	// Delay is how long a slow payer takes; 0 is SlowDelay.
	Delay time.Duration
	// Consent is the answer when an official account asks for nickname and picture, Bridge when
	// WeixinJSBridge appears in the pages of the payer's WeChat.
	Consent   Consent
	Bridge    Bridge
	CreatedAt time.Time
}

// Method is what a wallet pays with.
type Method string

const (
	MethodBalance Method = "balance"
	MethodDebit   Method = "debit"
	MethodCredit  Method = "credit"
)

// Methods lists what a wallet can pay with.
func Methods() []Method { return []Method{MethodBalance, MethodDebit, MethodCredit} }

// SlowDelay is how long a payer enters the password when nothing else is said.
const SlowDelay = 5 * time.Second

// Takes is how long the payer needs to enter the password.
func (p Payer) Takes() time.Duration {
	if p.Delay > 0 {
		return p.Delay
	}
	return SlowDelay
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
	// BehaveWrongAccount makes the wallet take the payer for somebody the order is not for.
	BehaveWrongAccount Behaviour = "wrong-account"
	// BehaveRealNameMismatch makes the real name in the wallet another one than any that is declared.
	BehaveRealNameMismatch Behaviour = "real-name-mismatch"
	// BehavePaysNeverReturns pays and closes WeChat: the page that opened the wallet hears nothing.
	BehavePaysNeverReturns Behaviour = "pays-never-returns"
	// BehavePaysBridgeCancels pays, and the page is told cancel.
	BehavePaysBridgeCancels Behaviour = "pays-bridge-cancels"
	// BehaveOKUnpaid does not pay, and the page is told ok.
	BehaveOKUnpaid Behaviour = "bridge-ok-unpaid"
	// BehaveSlow pays when the payer's Delay is over.
	BehaveSlow Behaviour = "slow"
	// BehavePending is slow where the merchant scans the payer's code, and leaves that call with 1145.
	BehavePending Behaviour = "pending"
)

// Behaviours lists what a payer can be told to do.
func Behaviours() []Behaviour {
	return []Behaviour{
		BehaveManual, BehavePay, BehaveCancel, BehaveInsufficientBalance, BehaveWrongAccount, BehaveRealNameMismatch,
		BehavePaysNeverReturns, BehavePaysBridgeCancels, BehaveOKUnpaid, BehaveSlow, BehavePending,
	}
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

// CreatePayer stores a new payer, filling an empty id, name, behaviour and method. Errors: ErrInvalid, ErrExists.
func (g *Gateway) CreatePayer(ctx context.Context, p Payer) (Payer, error) {
	if p.ID == "" {
		id, err := randomText(g.Entropy, 12)
		if err != nil {
			return Payer{}, err
		}
		p.ID = PayerID("P" + id)
	}
	p = p.filled()
	p.CreatedAt = g.Clock.Now()
	if err := p.validate(); err != nil {
		return Payer{}, err
	}
	return p, g.Store.CreatePayer(ctx, p)
}

// CheckPayer says what CreatePayer would refuse about a payer with an id, whatever is stored. Errors: ErrInvalid.
func CheckPayer(p Payer) error { return p.filled().validate() }

func (p Payer) filled() Payer {
	if p.Name == "" {
		p.Name = "Payer " + string(p.ID[:min(len(p.ID), 5)])
	}
	if p.Behaviour == "" {
		p.Behaviour = BehaveManual
	}
	if p.Method == "" {
		p.Method = MethodBalance
	}
	p.Consent = cmp.Or(p.Consent, ConsentAsk)
	p.Bridge = cmp.Or(p.Bridge, BridgeLate)
	return p
}

func (p Payer) validate() error {
	if !ValidPayerID(string(p.ID)) {
		return fmt.Errorf("%w: payer id is %q, want 1 to 32 letters, digits, - and _", ErrInvalid, p.ID)
	}
	if len([]rune(p.Name)) > 64 || !printable(p.Name) {
		return fmt.Errorf("%w: payer name is %q, want 1 to 64 printable characters", ErrInvalid, p.Name)
	}
	if !slices.Contains(Behaviours(), p.Behaviour) {
		return fmt.Errorf("%w: behaviour is %q, want one of %s", ErrInvalid, p.Behaviour, oneOf(Behaviours()))
	}
	if !slices.Contains(Methods(), p.Method) {
		return fmt.Errorf("%w: method is %q, want one of %s", ErrInvalid, p.Method, oneOf(Methods()))
	}
	if !slices.Contains(Consents(), p.Consent) {
		return fmt.Errorf("%w: consent is %q, want one of %s", ErrInvalid, p.Consent, oneOf(Consents()))
	}
	if !slices.Contains(Bridges(), p.Bridge) {
		return fmt.Errorf("%w: bridge is %q, want one of %s", ErrInvalid, p.Bridge, oneOf(Bridges()))
	}
	if len([]rune(p.RealName)) > 64 || p.RealName != "" && !printable(p.RealName) {
		return fmt.Errorf("%w: real name is %q, want up to 64 printable characters", ErrInvalid, p.RealName)
	}
	if p.CreID != "" && !plainWord(p.CreID, 32) {
		return fmt.Errorf("%w: creid is %q, want an identity card number of up to 32 letters and digits, or nothing", ErrInvalid, p.CreID)
	}
	if p.Delay < 0 || p.Delay > MaxPayerDelay {
		return fmt.Errorf("%w: delay is %s, want 0 to %s", ErrInvalid, p.Delay, MaxPayerDelay)
	}
	return nil
}

// MaxPayerDelay bounds how slow a payer can be.
const MaxPayerDelay = 24 * time.Hour

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
