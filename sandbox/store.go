package sandbox

import (
	"context"
	"errors"
	"time"
)

// Errors a Store answers with; compare with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("exists already")
	// ErrTaken is TakeOAuthCode's answer when somebody took the code before.
	ErrTaken = errors.New("taken already")
)

// Store remembers whatever outlives one request, and knows no rules. It takes and returns values:
// what a caller does to them afterwards changes nothing stored. Each method is atomic, also
// towards other processes on the same database. The function given to an Update method may be
// called more than once; its error is returned and nothing is changed. The contract is
// storetest.Run.
type Store interface {
	// CreateApp: ErrExists when the code or the account's appid is taken.
	CreateApp(ctx context.Context, a App) error
	App(ctx context.Context, code AppCode) (App, error)
	AppByAppID(ctx context.Context, appID string) (App, error)
	// Apps lists by code, those after the one given, at most limit.
	Apps(ctx context.Context, after AppCode, limit int) ([]App, error)
	// UpdateApp cannot change Code, Account.AppID or Drawn.
	UpdateApp(ctx context.Context, code AppCode, change func(*App) error) (App, error)
	// DrawNumber gives 1, 2, 3 … of an App's stream, each once.
	DrawNumber(ctx context.Context, code AppCode) (uint64, error)

	// CreatePayer: ErrExists when the id is taken.
	CreatePayer(ctx context.Context, p Payer) error
	Payer(ctx context.Context, id PayerID) (Payer, error)
	UpdatePayer(ctx context.Context, id PayerID, change func(*Payer) error) (Payer, error)

	// CreateOAuthCode: ErrExists when the code's text is taken.
	CreateOAuthCode(ctx context.Context, c OAuthCode) error
	// OAuthCode: ErrNotFound also for a code of another App.
	OAuthCode(ctx context.Context, app AppCode, code string) (OAuthCode, error)
	// TakeOAuthCode succeeds exactly once per code and adds the Grant in the same change. Later calls
	// get ErrTaken with the code as the first one left it. ErrNotFound as OAuthCode.
	TakeOAuthCode(ctx context.Context, app AppCode, code string, at time.Time, grant Grant) (OAuthCode, error)
	// TakeGrant uses up the App's grant for this openid and reports whether there was one.
	TakeGrant(ctx context.Context, app AppCode, openID OpenID) (bool, error)

	// CreateTransaction: ErrExists when syssn, prepay_id, or (App, mchid, out_trade_no) is taken.
	CreateTransaction(ctx context.Context, t Transaction) error
	TransactionBySyssn(ctx context.Context, app AppCode, n Syssn) (Transaction, error)
	TransactionByOutTradeNo(ctx context.Context, app AppCode, m Mchid, n OutTradeNo) (Transaction, error)
	TransactionByPrepayID(ctx context.Context, app AppCode, prepayID string) (Transaction, error)
	// Transactions lists an App's newest first, only of one mchid unless that is empty: skip so many, give at most limit.
	Transactions(ctx context.Context, app AppCode, m Mchid, skip, limit int) ([]Transaction, error)
	// UpdateTransaction stores the change and the notifications it brings forth together or not at
	// all. It cannot change App, Mchid, Syssn, OutTradeNo or PrepayID.
	UpdateTransaction(ctx context.Context, app AppCode, n Syssn, change func(*Transaction) ([]Notification, error)) (Transaction, error)

	// Notification ids are given by the store, 1, 2, 3 …
	Notification(ctx context.Context, id uint64) (Notification, error)
	// UpdateNotification cannot change ID, App or OutTradeNo.
	UpdateNotification(ctx context.Context, id uint64, change func(*Notification) error) (Notification, error)
	// Notifications lists an App's in order of id; only of one order unless that is empty.
	Notifications(ctx context.Context, app AppCode, order OutTradeNo) ([]Notification, error)
	// NextNotification gives the App's pending notification that is due first. ErrNotFound: none is pending.
	NextNotification(ctx context.Context, app AppCode) (Notification, error)
	// AppsWithPending lists the Apps that have a pending notification.
	AppsWithPending(ctx context.Context) ([]AppCode, error)

	// AppendExchange gives the exchange its Seq.
	AppendExchange(ctx context.Context, e Exchange) error
	// Journal reads an App's exchanges with Seq above since, oldest first, at most limit. An empty
	// app means everybody's.
	Journal(ctx context.Context, app AppCode, since uint64, limit int) (JournalPage, error)
	// WaitJournal returns when the App's journal holds a Seq above since, or with ctx's error.
	WaitJournal(ctx context.Context, app AppCode, since uint64) error
}

// JournalPage is a stretch of the journal.
type JournalPage struct {
	Exchanges []Exchange
	// Mark is the Seq to go on from: the last one read, or the newest there is.
	Mark uint64
	// Dropped counts the App's exchanges the journal no longer holds.
	Dropped uint64
}
