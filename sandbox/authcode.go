package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// AuthCode is what a payer shows at a till: digits the merchant scans, used once.
type AuthCode struct {
	Code string
	App  AppCode
	// Payer is whose code it is; empty when nobody here issued it.
	Payer     PayerID
	IssuedAt  time.Time
	ExpiresAt time.Time
	// TakenAt is when it was used, zero until then.
	TakenAt time.Time
}

// AuthCodeLife is how long a payer's code can be scanned, on the App's clock (qfpay-api 6.5).
const AuthCodeLife = 24 * time.Hour

// The wallets whose codes can be issued here, and the first digits of theirs.
var issuing = map[string]string{"wechat": "13", "alipay": "28"}

// IssueAuthCode makes a payer's code for the App's tills: 18 digits of the wallet, "wechat" (also
// when empty) or "alipay". Errors: ErrInvalid, ErrNotFound.
func (g *Gateway) IssueAuthCode(ctx context.Context, code AppCode, id PayerID, wallet string) (AuthCode, error) {
	if wallet == "" {
		wallet = "wechat"
	}
	prefix, known := issuing[wallet]
	if !known {
		return AuthCode{}, fmt.Errorf("%w: wallet is %q, want wechat or alipay", ErrInvalid, wallet)
	}
	if _, err := g.Store.Payer(ctx, id); err != nil {
		return AuthCode{}, err
	}
	app, err := g.Store.App(ctx, code)
	if errors.Is(err, ErrNotFound) {
		return AuthCode{}, fmt.Errorf("%w: app is %q, want the app_code of one that exists", ErrInvalid, code)
	}
	if err != nil {
		return AuthCode{}, err
	}
	source, err := g.draw(ctx, app)
	if err != nil {
		return AuthCode{}, err
	}
	digits, err := randomDigits(source, 16)
	if err != nil {
		return AuthCode{}, err
	}
	now := g.Now(app)
	c := AuthCode{Code: prefix + digits, App: code, Payer: id, IssuedAt: now, ExpiresAt: now.Add(AuthCodeLife)}
	return c, g.Store.CreateAuthCode(ctx, c)
}

// checkAuthCode tells the wallet of a code by its first digits: 10 to 15 WeChat, 25 to 30 Alipay,
// 62 UnionPay. Those of other wallets are unpublished; they pass where the pay type says the wallet.
// Errors: *Refusal.
func checkAuthCode(code string, payType qfpay.PayType) (walletKind, error) {
	if len(code) < 16 || len(code) > 24 || strings.Trim(code, "0123456789") != "" {
		return 0, refuse("auth-code-malformed", fmt.Sprintf("auth_code is %q, want the 16 to 24 digits of the payer's code", code))
	}
	of := ""
	switch prefix := code[:2]; {
	case prefix >= "10" && prefix <= "15":
		of = "WeChat"
	case prefix >= "25" && prefix <= "30":
		of = "Alipay"
	case prefix == "62":
		of = "UnionPay"
	}
	row, _ := payType.Row()
	switch {
	case payType == qfpay.AnyWalletCPM && of == "":
		return 0, refuse("auth-code-malformed", fmt.Sprintf("auth_code starts with %s, by which no wallet is known: WeChat's start with 10 to 15, Alipay's with 25 to 30, UnionPay's with 62", code[:2]))
	case payType == qfpay.AnyWalletCPM:
		return kindOfWallet(of), nil
	case of == "":
		return kindOfWallet(row.Wallet), nil
	case !strings.HasPrefix(row.Wallet, of):
		return 0, refuse("auth-code-wallet", fmt.Sprintf("auth_code starts with %s, a code of %s, and pay_type %s is for %s", code[:2], of, payType, row.Wallet))
	}
	return kindOfWallet(of), nil
}

// takeAuthCode uses the code up and gives its payer. One nobody here issued is of a payer nobody
// here knows, named by the code. Errors: *Refusal.
func (g *Gateway) takeAuthCode(ctx context.Context, a App, text string) (Payer, error) {
	now := g.Now(a)
	code, err := g.Store.TakeAuthCode(ctx, a.Code, text, now)
	if errors.Is(err, ErrTaken) {
		return Payer{}, refuse("auth-code-used", fmt.Sprintf("auth_code was used at %s; a code is for one payment, scan the payer's next one", FormatTime(code.TakenAt)))
	}
	if err != nil {
		return Payer{}, err
	}
	if !code.ExpiresAt.IsZero() && !now.Before(code.ExpiresAt) {
		return Payer{}, refuse("auth-code-expired", fmt.Sprintf("auth_code was issued at %s and lived until %s; it is %s now", FormatTime(code.IssuedAt), FormatTime(code.ExpiresAt), FormatTime(now)))
	}
	stranger := Payer{ID: PayerID(text), Method: MethodBalance}
	if code.Payer == "" {
		return stranger, nil
	}
	p, err := g.Store.Payer(ctx, code.Payer)
	if errors.Is(err, ErrNotFound) { // the payers were reset since
		return stranger, nil
	}
	return p, err
}
