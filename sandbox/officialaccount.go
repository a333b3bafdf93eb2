package sandbox

import (
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// OfficialAccount is a WeChat official account: the one QFPay's merchants share (each App has one of
// its own here, assumption 1), or a merchant's own, bound to its QFPay account (method 1).
type OfficialAccount struct {
	// AppID is WeChat's appid: "wx" and 16 lower-case hex digits.
	AppID string
	// Secret is WeChat's AppSecret: 32 lower-case hex digits. Of a merchant's own account only.
	Secret string
	// PayKey signs paySign, also of orders for the merchant's own account. It never leaves the sandbox,
	// as QFPay's never leaves QFPay. Of QFPay's account only.
	PayKey string
	// OAuthDomains are the hosts redirect_uri may name, each compared whole: shop.example, and where
	// the port is not the scheme's own with it, 127.0.0.1:8090. Of a merchant's own account only.
	OAuthDomains []string
	// PayDirectories are the page directories that may raise the wallet, besides the cashier's own.
	PayDirectories []string
	// LoginError ends each login at the account with this error page of WeChat's, such as 10004 for an
	// account that is banned; 0 is none.
	LoginError int
	// Token is the account's cgi-bin/token that was given out last.
	Token AccountToken
}

// AccountToken tells an account's newest access token from those before it.
type AccountToken struct {
	// Serial counts the tokens given out; 0 is none.
	Serial   uint64
	IssuedAt time.Time
}

// MaxOAuthDomains bounds an account's list.
const MaxOAuthDomains = 100

var (
	appIDShape  = regexp.MustCompile(`^wx[0-9a-f]{16}$`)
	secretShape = regexp.MustCompile(`^[0-9a-f]{32}$`)
	hostShape   = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)
)

// fillOwn draws the secret of a merchant's own account that came without one.
func (o *OfficialAccount) fillOwn(seed string) error {
	if o.AppID == "" || o.Secret != "" {
		return nil
	}
	var raw [16]byte
	if _, err := io.ReadFull(streamFrom(seed, "secret "+o.AppID, 0), raw[:]); err != nil {
		return err
	}
	o.Secret = hex.EncodeToString(raw[:])
	return nil
}

// validateOwn judges a merchant's own account. One without an appid is none, and has nothing else.
func (a App) validateOwn() error {
	o := a.Own
	switch {
	case o.AppID == "" && (o.Secret != "" || len(o.OAuthDomains) > 0 || len(o.PayDirectories) > 0 || o.LoginError != 0):
		return fmt.Errorf("%w: official_account has no appid, want wx and 16 lower-case hex digits", ErrInvalid)
	case o.AppID == "":
		return nil
	case !appIDShape.MatchString(o.AppID):
		return fmt.Errorf("%w: official_account appid is %q, want wx and 16 lower-case hex digits", ErrInvalid, o.AppID)
	case o.AppID == a.Account.AppID:
		return fmt.Errorf("%w: official_account appid is %q, which is QFPay's own account here", ErrInvalid, o.AppID)
	case !secretShape.MatchString(o.Secret):
		return fmt.Errorf("%w: official_account secret has %d bytes, want 32 lower-case hex digits", ErrInvalid, len(o.Secret))
	case len(o.OAuthDomains) > MaxOAuthDomains:
		return fmt.Errorf("%w: oauth_domains has %d entries, want at most %d", ErrInvalid, len(o.OAuthDomains), MaxOAuthDomains)
	}
	for _, d := range o.OAuthDomains {
		if len(d) > 256 || !hostShape.MatchString(d) {
			return fmt.Errorf("%w: oauth_domain is %q, want a host such as shop.example or 127.0.0.1:8090, without scheme and path", ErrInvalid, d)
		}
	}
	if _, ok := wechat.PageErrorOf(o.LoginError); !ok && o.LoginError != 0 {
		return fmt.Errorf("%w: login_error is %d, want 0 or one of %s", ErrInvalid, o.LoginError, pageErrorCodes())
	}
	if d, found := firstTwice(o.OAuthDomains); found {
		return fmt.Errorf("%w: oauth_domains has %q twice, want each once", ErrInvalid, d)
	}
	return validatePayDirectories(o.PayDirectories)
}

func pageErrorCodes() string {
	var codes []string
	for _, e := range wechat.PageErrors() {
		codes = append(codes, strconv.Itoa(e.Code))
	}
	return strings.Join(codes, ", ")
}

// mayReceive reports whether codes of the account may be sent to an address on this host, which may
// carry a port. Letter case does not count (wechat 2.2).
func (o *OfficialAccount) mayReceive(host string) bool {
	for _, d := range o.OAuthDomains {
		if strings.EqualFold(d, host) {
			return true
		}
	}
	return false
}

// HasOwnAccount reports whether the App is a merchant of method 1.
func (a *App) HasOwnAccount() bool { return a.Own.AppID != "" }

// accountNamed is the one of the App's accounts with this appid; empty is QFPay's. An own account that
// is no longer bound is still known by its name.
func (a *App) accountNamed(appID string) *OfficialAccount {
	switch appID {
	case "", a.Account.AppID:
		return &a.Account
	case a.Own.AppID:
		return &a.Own
	}
	return &OfficialAccount{AppID: appID}
}

// payerAccount is the account whose openids orders of this flow are for: QFPay binds a merchant's own
// account for payments in WeChat's browser (assumption 57).
func (a *App) payerAccount(flow qfpay.Flow) *OfficialAccount {
	if flow == qfpay.FlowJSAPI && a.HasOwnAccount() {
		return &a.Own
	}
	return &a.Account
}

// openIDAt is stable: the same person has the same OpenID towards the same account (qfpay-api 7.4).
func openIDAt(p PayerID, account *OfficialAccount) OpenID {
	return OpenID(wechat.OpenIDFor(string(p), account.AppID))
}
