package replay

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// stage is the fresh App a bundle is played in.
type stage struct {
	Player
	profile control.BundleReplay
	app     control.App
	// vendor is where the sandbox answers as QFPay and WeChat.
	vendor *url.URL
	http   *http.Client
	now    time.Time
	names  names
	// payers are the new ids of recorded payers, payerOf those of recorded openids.
	payers  map[sandbox.PayerID]sandbox.PayerID
	payerOf map[sandbox.OpenID]sandbox.PayerID
}

// never is the plan of a replay whose notifications go to nobody: a plan replaces QFPay's wholly, so
// nothing is sent for refunds either.
var never = []control.Delivery{{On: sandbox.OnPaid, Variant: sandbox.VariantNever}}

func (p Player) stage(ctx context.Context, profile control.BundleReplay, exchanges []bundle.Exchange) (*stage, error) {
	about, err := p.Client.About(ctx)
	if err != nil {
		return nil, err
	}
	vendor, err := url.Parse(about.URL)
	if err != nil || vendor.Host == "" {
		return nil, fmt.Errorf("the sandbox says QFPay is at %q, which is no address", about.URL)
	}
	s := &stage{
		Player: p, profile: profile, vendor: vendor, payers: map[sandbox.PayerID]sandbox.PayerID{}, payerOf: map[sandbox.OpenID]sandbox.PayerID{},
		// No connection is used twice, so that nothing is sent twice when a fault closes one; no proxy comes between.
		http: &http.Client{
			Timeout: 2 * time.Minute, Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	if err := s.makeApp(ctx); err != nil {
		return nil, s.blame(err)
	}
	if err := s.makePayers(ctx, exchanges); err != nil {
		return nil, s.blame(err)
	}
	if len(exchanges) > 0 {
		if _, err := s.Client.SetClock(ctx, s.app.AppCode, exchanges[0].At); err != nil {
			return nil, s.blame(err)
		}
		s.now = exchanges[0].At
	}
	return s, nil
}

// blame says that the bundle asks for something the sandbox refuses.
func (s *stage) blame(err error) error {
	var refused *control.Error
	if errors.As(err, &refused) && refused.Status == http.StatusBadRequest {
		return fmt.Errorf("%w: the sandbox refuses what it asks for: %s", ErrBundle, refused.Message)
	}
	return err
}

func (s *stage) makeApp(ctx context.Context) (err error) {
	was := s.profile.App
	in := control.NewApp{
		Name: was.Name, Mchids: was.Mchids, NotifyURL: s.NotifyURL, Currency: was.Currency, PayTypes: was.PayTypes, PayDirectories: was.PayDirectories,
		NotifyDelay: was.NotifyDelay, Delivery: was.Delivery,
		Settings: control.SettingsChange{
			Canada: &was.Settings.Canada, AmountCases: &was.Settings.AmountCases, DailyBalance: &was.Settings.DailyBalance, RateLimit: &was.Settings.RateLimit,
			RefundNotifyStatus: &was.Settings.RefundNotifyStatus,
		},
	}
	if was.Settings.RefundDelay != "" {
		in.Settings.RefundDelay = &was.Settings.RefundDelay
	}
	if was.Settings.Cancelling != "" {
		in.Settings.Cancelling = &was.Settings.Cancelling
	}
	if own := was.OfficialAccount; own != nil { // an appid belongs to one App of a sandbox
		var raw [8]byte
		_, _ = rand.Read(raw[:]) // it never fails
		in.OfficialAccount = &control.OfficialAccount{AppID: "wx" + hex.EncodeToString(raw[:]), OAuthDomains: own.OAuthDomains, PayDirectories: own.PayDirectories, LoginError: own.LoginError}
	}
	if s.NotifyURL == "" {
		in.Delivery = never
	} else if was.NotifyURL != "" {
		s.names.address(was.NotifyURL, s.NotifyURL)
	}
	if s.app, err = s.Client.CreateApp(ctx, in); err != nil {
		return err
	}
	if _, err = s.Client.FreezeClock(ctx, s.app.AppCode); err != nil {
		return err
	}
	if plan := s.profile.OrderPlan; plan != nil && s.NotifyURL != "" {
		if _, err = s.Client.SetOrderPlan(ctx, s.app.AppCode, s.profile.OutTradeNo, plan.Delivery...); err != nil {
			return err
		}
	}
	s.names.assigned("app_code", string(was.AppCode), string(s.app.AppCode))
	s.names.word(was.AppID, s.app.AppID)
	s.names.text("(client_key)", s.app.ClientKey)
	if own := s.app.OfficialAccount; own != nil {
		s.names.word(was.OfficialAccount.AppID, own.AppID)
		s.names.text(sandbox.MaskedSecret, own.Secret)
	}
	if then, err := url.Parse(s.profile.Sandbox.URL); err == nil {
		s.names.host(then.Host, s.vendor.Host)
	}
	return nil
}

// makePayers makes a payer for each that was: payers belong to the whole sandbox, and those that are
// there already stay as they are.
func (s *stage) makePayers(ctx context.Context, exchanges []bundle.Exchange) error {
	for _, p := range payersOf(s.profile, exchanges) {
		was := p.Payer
		was.ID = ""
		payer, err := s.Client.CreatePayer(ctx, was)
		if err != nil {
			return err
		}
		accounts, err := s.Client.Accounts(ctx, s.app.AppCode, payer.ID)
		if err != nil {
			return err
		}
		if p.ID != "" {
			s.payers[p.ID] = payer.ID
		}
		s.payerOf[p.OpenID] = payer.ID
		s.names.word(string(p.OpenID), string(accounts.OpenID))
	}
	return nil
}

// clockTo moves the App's clock on to a recorded time; what falls due on the way is done.
func (s *stage) clockTo(ctx context.Context, at time.Time) error {
	if !at.After(s.now) {
		return nil
	}
	if _, err := s.Client.SetClock(ctx, s.app.AppCode, at); err != nil {
		return s.blame(err)
	}
	s.now = at
	return nil
}

// arm lets a call meet the fault it met; what is given ends that.
func (s *stage) arm(ctx context.Context, e bundle.Exchange) (disarm func() error, err error) {
	lever := e.Fact(bundle.FactLever)
	if lever == "" {
		return func() error { return nil }, nil
	}
	effect, err := sandbox.ParseEffect(lever)
	if err != nil {
		return nil, err
	}
	if effect.Delay = 0; effect == (sandbox.Effect{}) { // nobody waits for a delay again
		return func() error { return nil }, nil
	}
	if _, err := s.Client.AddFault(ctx, s.app.AppCode, control.NewFault{Effect: effect.String()}); err != nil {
		return nil, s.blame(err)
	}
	return func() error {
		_, err := s.Client.RemoveFaults(ctx, s.app.AppCode)
		return err
	}, nil
}

// scanned gives a request that carries a payer's code from the till another one of the same payer.
func (s *stage) scanned(ctx context.Context, e bundle.Exchange) error {
	payer, known := s.payers[sandbox.PayerID(e.Fact(bundle.FactPayer))]
	code := paramsOf(e).Get("auth_code")
	if !known || code == "" || s.names.knows(code) {
		return nil
	}
	wallet := "wechat"
	if strings.HasPrefix(code, "2") {
		wallet = "alipay"
	}
	issued, err := s.Client.IssueAuthCode(ctx, payer, control.NewAuthCode{App: s.app.AppCode, Wallet: wallet})
	if err != nil {
		return err
	}
	s.names.word(code, issued.AuthCode)
	return nil
}
