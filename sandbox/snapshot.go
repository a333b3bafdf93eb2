package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Snapshot copies an App and all that belongs to it, client_key included, its journal aside; an
// empty code is every App and every payer. Errors: ErrNotFound.
func (g *Gateway) Snapshot(ctx context.Context, app AppCode) (Snapshot, error) {
	return g.Store.Snapshot(ctx, app)
}

// Restore puts the Apps of a snapshot in place of those with their codes, whole or not at all, and
// adds or replaces its payers; other Apps stay. Clocks stand as far from the real time as they did.
// Errors: ErrInvalid, ErrExists when an appid belongs to another App.
func (g *Gateway) Restore(ctx context.Context, s Snapshot) error {
	for i, p := range s.Payers { // snapshots of before 2026-11-24 have neither
		s.Payers[i].Consent, s.Payers[i].Bridge = cmp.Or(p.Consent, ConsentAsk), cmp.Or(p.Bridge, BridgeLate)
	}
	if err := s.validate(); err != nil {
		return err
	}
	for _, a := range s.Apps {
		// A clock that stands gets further behind than one could be set.
		now := g.Now(a)
		if away := now.Sub(g.Clock.Now()); away > 2*MaxClockOffset || away < -2*MaxClockOffset {
			return fmt.Errorf("%w: app %s: clock would read %s, more than %s away from the real time", ErrInvalid, a.Code, FormatTime(now), 2*MaxClockOffset)
		}
	}
	if err := g.Store.Restore(ctx, s); err != nil {
		return err
	}
	g.NotificationDue()
	return nil
}

// validate keeps out what the rules would never have stored: a snapshot may have been edited, or be cut.
func (s Snapshot) validate() error {
	if len(s.Apps) == 0 && len(s.Payers) == 0 {
		return fmt.Errorf("%w: snapshot has neither apps nor payers", ErrInvalid)
	}
	apps, err := s.validateApps()
	if err != nil {
		return err
	}
	payers := map[PayerID]bool{}
	for _, p := range s.Payers {
		if payers[p.ID] {
			return fmt.Errorf("%w: payer %s is there twice", ErrInvalid, p.ID)
		}
		if err := p.validate(); err != nil {
			return refusedIn("payer "+string(p.ID), err)
		}
		payers[p.ID] = true
	}
	belongs := func(what, name string, app AppCode) error {
		if !apps[app] {
			return fmt.Errorf("%w: %s %s belongs to app %q, which is not in the snapshot", ErrInvalid, what, name, app)
		}
		return nil
	}
	for _, c := range s.OAuthCodes {
		if err := belongs("code", c.Code, c.App); err != nil {
			return err
		}
	}
	for _, c := range s.AuthCodes {
		if err := belongs("auth_code", c.Code, c.App); err != nil {
			return err
		}
	}
	for _, gr := range s.Grants {
		if err := belongs("grant of", string(gr.OpenID), gr.App); err != nil {
			return err
		}
	}
	for _, t := range s.Transactions {
		if err := belongs("transaction", string(t.Syssn), t.App); err != nil {
			return err
		}
	}
	for _, n := range s.Notifications {
		if err := belongs("notification of", string(n.Syssn), n.App); err != nil {
			return err
		}
		if err := n.validate(); err != nil {
			return err
		}
	}
	return s.validateTransactions()
}

// refusedIn says of whom a setting was refused.
func refusedIn(whose string, err error) error {
	return fmt.Errorf("%w: %s: %s", ErrInvalid, whose, strings.TrimPrefix(err.Error(), ErrInvalid.Error()+": "))
}

func (s Snapshot) validateApps() (map[AppCode]bool, error) {
	codes, appIDs := map[AppCode]bool{}, map[string]bool{}
	for _, a := range s.Apps {
		if err := a.validate(); err != nil {
			return nil, refusedIn("app "+string(a.Code), err)
		}
		switch {
		case a.Account.AppID == "" || a.Account.PayKey == "" || a.ClientKey == "" || a.Seed == "":
			return nil, fmt.Errorf("%w: app %s lacks one of ClientKey, Seed, Account.AppID and Account.PayKey", ErrInvalid, a.Code)
		case codes[a.Code]:
			return nil, fmt.Errorf("%w: app %s is there twice", ErrInvalid, a.Code)
		case appIDs[a.Account.AppID]:
			return nil, fmt.Errorf("%w: appid %s is there twice", ErrInvalid, a.Account.AppID)
		case a.HasOwnAccount() && appIDs[a.Own.AppID]:
			return nil, fmt.Errorf("%w: appid %s is there twice", ErrInvalid, a.Own.AppID)
		}
		codes[a.Code], appIDs[a.Account.AppID] = true, true
		if a.HasOwnAccount() {
			appIDs[a.Own.AppID] = true
		}
	}
	return codes, nil
}

func (s Snapshot) validateTransactions() error {
	// Numbers are unique within an App.
	type key struct {
		app    AppCode
		mchid  Mchid
		number string
	}
	numbers, orders, prepays := map[key]bool{}, map[key]bool{}, map[key]bool{}
	for _, t := range s.Transactions {
		if err := t.validate(); err != nil {
			return err
		}
		number, order, prepay := key{t.App, "", string(t.Syssn)}, key{t.App, t.Mchid, string(t.OutTradeNo)}, key{t.App, "", t.PrepayID}
		switch {
		case numbers[number]:
			return fmt.Errorf("%w: transaction %s is there twice", ErrInvalid, t.Syssn)
		case orders[order]:
			return fmt.Errorf("%w: out_trade_no %s of app %s is there twice", ErrInvalid, t.OutTradeNo, t.App)
		case t.PrepayID != "" && prepays[prepay]:
			return fmt.Errorf("%w: prepay_id of transaction %s is there twice", ErrInvalid, t.Syssn)
		}
		numbers[number], orders[order], prepays[prepay] = true, true, true
	}
	return s.validateRefunds()
}

// validateRefunds holds refunds and the sums their payments keep of them to each other.
func (s Snapshot) validateRefunds() error {
	type key struct {
		app   AppCode
		syssn Syssn
	}
	type sums struct {
		currency           qfpay.Currency
		refunded, underWay Amount
	}
	payments := map[key]*sums{}
	for _, t := range s.Transactions {
		if t.Kind == KindPayment {
			payments[key{t.App, t.Syssn}] = &sums{currency: t.Currency}
		}
	}
	for _, t := range s.Transactions {
		if t.Kind != KindRefund {
			continue
		}
		of := payments[key{t.App, t.OrigSyssn}]
		switch {
		case of == nil:
			return fmt.Errorf("%w: refund %s gives back %q, which is not in the snapshot as a payment", ErrInvalid, t.Syssn, t.OrigSyssn)
		case of.currency != t.Currency:
			return fmt.Errorf("%w: refund %s is in %s, want its payment's %s", ErrInvalid, t.Syssn, t.Currency, of.currency)
		case t.State == StateCreated:
			of.underWay += t.Amount
		case t.State == StatePaid:
			of.refunded += t.Amount
		}
	}
	for _, t := range s.Transactions {
		if of := payments[key{t.App, t.Syssn}]; of != nil && (t.Refunded != of.refunded || t.Refunding != of.underWay) {
			return fmt.Errorf("%w: transaction %s: Refunded and Refunding are %s and %s, want what its refunds make, %s and %s",
				ErrInvalid, t.Syssn, t.Refunded, t.Refunding, of.refunded, of.underWay)
		}
	}
	return nil
}

// validate judges a stored transaction by itself.
func (t Transaction) validate() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("%w: transaction %s: %s", ErrInvalid, t.Syssn, fmt.Sprintf(format, args...))
	}
	_, currency := t.Currency.Row()
	_, payType := t.PayType.Row()
	switch {
	case !plainWord(string(t.Syssn), 40):
		return wrong("Syssn is %q, want 1 to 40 letters and digits", t.Syssn)
	case checkText(string(t.OutTradeNo), 128) != nil || t.OutTradeNo == "":
		return wrong("OutTradeNo is %q, want 1 to 128 printable characters", t.OutTradeNo)
	case t.Kind != KindPayment && t.Kind != KindRefund:
		return wrong("Kind is %q, want %s or %s", t.Kind, KindPayment, KindRefund)
	case !slices.Contains(States(), t.State):
		return wrong("State is %q, want one of %q", t.State, States())
	case !currency:
		return wrong("Currency is %q, want one of %s", t.Currency, currencyList(nil))
	case !payType:
		return wrong("PayType is %q, want one of QFPay's table", t.PayType)
	case t.Variant != "" && !slices.Contains(Variants(), t.Variant):
		return wrong("Variant is %q, want nothing or one of %s", t.Variant, oneOf(Variants()))
	case t.Behaviour != "" && !slices.Contains(Behaviours(), t.Behaviour):
		return wrong("Behaviour is %q, want nothing or one of %s", t.Behaviour, oneOf(Behaviours()))
	case t.Amount < 1 || t.Amount > mostAmount:
		return wrong("Amount is %s, want at least 1 and at most %s", t.Amount, mostAmount)
	case t.Refunded < 0 || t.Refunding < 0 || t.Refunded > t.Amount-t.Refunding:
		return wrong("Refunded and Refunding are %s and %s, want together at most the Amount %s", t.Refunded, t.Refunding, t.Amount)
	case t.State == StateFailed && t.Failure == "", t.Failure != "" && !knownRespcd(t.Failure), t.DueFailure != "" && !knownRespcd(t.DueFailure):
		return wrong("Failure and DueFailure are %q and %q, want a respcd of four digits where it failed or will", t.Failure, t.DueFailure)
	}
	return nil
}

// validate judges a stored notification by itself.
func (n Notification) validate() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("%w: notification of %s: %s", ErrInvalid, n.Syssn, fmt.Sprintf(format, args...))
	}
	if err := checkWebAddress(n.URL, 256); err != nil {
		return wrong("URL %s", err)
	}
	switch {
	case n.Kind != KindPayment && n.Kind != KindRefund:
		return wrong("Kind is %q, want %s or %s", n.Kind, KindPayment, KindRefund)
	case !slices.Contains(Variants(), n.Variant):
		return wrong("Variant is %q, want one of %s", n.Variant, oneOf(Variants()))
	case n.Waiting != "" && !slices.Contains(Occasions(), n.Waiting):
		return wrong("Waiting is %q, want nothing or one of %s", n.Waiting, oneOf(Occasions()))
	case n.Rung < 0 || n.Rung > len(Ladder)+1:
		return wrong("Rung is %d, want 0 to %d", n.Rung, len(Ladder)+1)
	}
	return nil
}

func knownRespcd(c qfpay.Respcd) bool { return len(c) == 4 && plainWord(string(c), 4) }

// States lists the states a transaction can be in.
func States() []State {
	return []State{StateCreated, StatePaid, StatePartlyRefunded, StateRefunded, StateClosed, StateExpired, StateFailed}
}
