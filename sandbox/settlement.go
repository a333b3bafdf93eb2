package sandbox

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// settlePayment takes the money for an order: state, the wallet's number, who paid and the
// notifications change together. by is the payer's account where the order is for nobody yet.
// Errors: ErrTransition when the order cannot be paid any more, ErrNotFound.
func (g *Gateway) settlePayment(ctx context.Context, app App, n Syssn, by OpenID) error {
	return g.settleVariant(ctx, app, n, by, "")
}

// settleVariant is settlePayment; a variant other than "" is what an amount case wants of the notification.
func (g *Gateway) settleVariant(ctx context.Context, app App, n Syssn, by OpenID, variant Variant) error {
	source, err := g.draw(ctx, app)
	if err != nil {
		return err
	}
	number, err := drawWalletNumber(source)
	if err != nil {
		return err
	}
	told, order := true, OutTradeNo("")
	var news []Notification
	err = g.Store.ChangeTransactions(ctx, app.Code, []Syssn{n}, func(ts []*Transaction) (Brought, error) {
		t, now := ts[0], g.Now(app)
		if err := t.happen(HappensPaid, now); err != nil {
			return Brought{}, err
		}
		if t.OpenID == "" {
			t.OpenID = by
		}
		if variant != "" {
			t.Variant = variant
		}
		t.Chnlsn, order = number.of(*t), t.OutTradeNo
		news, told = notificationsOn(OnPaid, app, *t, nil, now)
		return Brought{Notifications: news}, nil
	})
	if err != nil {
		return err
	}
	if !told {
		Find(ctx, FindNoNotifyURL, fmt.Sprintf("order %s was paid; neither it nor the App has a notify URL", order))
	}
	g.findDropped(ctx, app.Code, news)
	g.NotificationDue()
	return nil
}

// failPayment ends an order that its payer did not pay. Errors: ErrTransition, ErrNotFound.
func (g *Gateway) failPayment(ctx context.Context, app App, n Syssn, code qfpay.Respcd) error {
	return g.Store.ChangeTransactions(ctx, app.Code, []Syssn{n}, func(ts []*Transaction) (Brought, error) {
		t := ts[0]
		if err := t.happen(HappensFailed, g.Now(app)); err != nil {
			return Brought{}, err
		}
		t.Failure = code
		return Brought{}, nil
	})
}

// walletNumber is what a wallet's own number is made of, drawn before the wallet is known.
type walletNumber struct {
	digits string // 24
	uuid   [16]byte
}

func drawWalletNumber(source io.Reader) (walletNumber, error) {
	var n walletNumber
	var err error
	if n.digits, err = randomDigits(source, 24); err != nil {
		return n, err
	}
	_, err = io.ReadFull(source, n.uuid[:])
	return n, err
}

// of gives chnlsn as each wallet writes it: WeChat 28 digits from 4200, Alipay 28 from the date and
// 2200, PayMe a UUID; the others' are unpublished, and take 24 digits from the date (assumption 36).
func (n walletNumber) of(t Transaction) string {
	date := t.PaidAt.In(QFPayZone).Format("20060102")
	switch walletOf(t) {
	case walletWeChat:
		return "4200" + n.digits
	case walletAlipay:
		return date + "2200" + n.digits[:16]
	case walletPayMe:
		u := n.uuid
		u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
		text := hex.EncodeToString(u[:])
		return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
	}
	return date + n.digits[:16]
}

// walletKind is the wallets whose numbers and accounts look alike.
type walletKind int

const (
	walletOther walletKind = iota
	walletWeChat
	walletAlipay
	walletPayMe
)

// walletOf tells the wallet of an order. A code of any wallet (800008) is known by its payer's account.
func walletOf(t Transaction) walletKind {
	if t.PayType == qfpay.AnyWalletCPM {
		switch {
		case strings.HasPrefix(string(t.OpenID), "o"):
			return walletWeChat
		case strings.HasPrefix(string(t.OpenID), alipayAccount):
			return walletAlipay
		}
		return walletOther
	}
	row, _ := t.PayType.Row()
	return kindOfWallet(row.Wallet)
}

func kindOfWallet(name string) walletKind {
	switch {
	case strings.HasPrefix(name, "WeChat"):
		return walletWeChat
	case strings.HasPrefix(name, "Alipay"):
		return walletAlipay
	case name == "PayMe":
		return walletPayMe
	}
	return walletOther
}
