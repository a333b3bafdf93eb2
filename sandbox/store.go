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
// storetest.Run. Times come back as the same instants, in whatever zone.
type Store interface {
	// CreateApp: ErrExists when the code, or the appid of one of its accounts, is taken.
	CreateApp(ctx context.Context, a App) error
	App(ctx context.Context, code AppCode) (App, error)
	// AppByAppID finds an App by either account's appid.
	AppByAppID(ctx context.Context, appID string) (App, error)
	// Apps lists by code, those after the one given, at most limit.
	Apps(ctx context.Context, after AppCode, limit int) ([]App, error)
	// UpdateApp cannot change Code, Account.AppID or Drawn; ErrExists when the new Own.AppID is taken. What App and Apps give may share memory
	// with what is stored: its slices are to be read only. UpdateApp's function gets slices of its own.
	UpdateApp(ctx context.Context, code AppCode, change func(*App) error) (App, error)
	// DrawNumber gives 1, 2, 3 … of an App's stream, each once.
	DrawNumber(ctx context.Context, code AppCode) (uint64, error)

	// CreatePayer: ErrExists when the id is taken.
	CreatePayer(ctx context.Context, p Payer) error
	Payer(ctx context.Context, id PayerID) (Payer, error)
	// Payers lists by id, those after the one given, at most limit.
	Payers(ctx context.Context, after PayerID, limit int) ([]Payer, error)
	UpdatePayer(ctx context.Context, id PayerID, change func(*Payer) error) (Payer, error)

	// CreateOAuthCode: ErrExists when the code's text is taken. Storing one lets the store forget those
	// of the App that expired longer than CodeMemory before it was issued, and the oldest when there are
	// more than MaxCodes; the same bound holds for auth codes and for grants.
	CreateOAuthCode(ctx context.Context, c OAuthCode) error
	// OAuthCode: ErrNotFound also for a code of another App.
	OAuthCode(ctx context.Context, app AppCode, code string) (OAuthCode, error)
	// TakeOAuthCode succeeds exactly once per code and adds the Grant in the same change. Later calls
	// get ErrTaken with the code as the first one left it. ErrNotFound as OAuthCode.
	TakeOAuthCode(ctx context.Context, app AppCode, code string, at time.Time, grant Grant) (OAuthCode, error)
	// TakeAuthCode uses up a payer-presented code and gives it as it was before; the first use of one
	// that CreateAuthCode never made stores it as taken and gives it with nothing but Code, App and
	// TakenAt. Later calls get ErrTaken, with the code as the first one left it.
	CreateAuthCode(ctx context.Context, c AuthCode) error
	TakeAuthCode(ctx context.Context, app AppCode, code string, at time.Time) (AuthCode, error)
	// TakeGrant uses up the App's grant for this openid and reports whether there was one.
	TakeGrant(ctx context.Context, app AppCode, openID OpenID) (bool, error)

	// CreateTransaction: ErrExists when syssn, prepay_id, or (App, mchid, out_trade_no) is taken. An
	// empty prepay_id is none, takes nothing and finds nothing.
	CreateTransaction(ctx context.Context, t Transaction) error
	TransactionBySyssn(ctx context.Context, app AppCode, n Syssn) (Transaction, error)
	TransactionByOutTradeNo(ctx context.Context, app AppCode, m Mchid, n OutTradeNo) (Transaction, error)
	TransactionByPrepayID(ctx context.Context, app AppCode, prepayID string) (Transaction, error)
	// EachTransaction gives those of the range to yield, newest first, until it returns false. yield
	// may not call the Store.
	EachTransaction(ctx context.Context, r TransactionRange, yield func(Transaction) (more bool)) error
	// ChangeTransactions hands the transactions with these numbers to change, in that order, and
	// stores what it did to them and what it brought together or not at all. It cannot change App,
	// Mchid, Kind, Syssn, OutTradeNo, PrepayID or CreatedAt. ErrNotFound when one of the numbers is
	// unknown; ErrExists when a number of a transaction it brought is taken, as CreateTransaction.
	ChangeTransactions(ctx context.Context, app AppCode, numbers []Syssn, change func([]*Transaction) (Brought, error)) error
	// NextTransaction gives the App's transaction whose DueAt is first, the older one of two due at
	// once. ErrNotFound: none has one.
	NextTransaction(ctx context.Context, app AppCode) (Transaction, error)

	// Notification ids are given by the store, 1, 2, 3 … to those that are kept. An App's are kept up to
	// MaxNotifications, the oldest settled one making room for a new one, which is not kept itself
	// when there is none or when MaxPendingNotifications are pending. What is forgotten is not found.
	Notification(ctx context.Context, id uint64) (Notification, error)
	// UpdateNotification cannot change ID, App or OutTradeNo.
	UpdateNotification(ctx context.Context, id uint64, change func(*Notification) error) (Notification, error)
	// Notifications lists an App's in order of id; only of one order unless that is empty.
	Notifications(ctx context.Context, app AppCode, order OutTradeNo) ([]Notification, error)
	// NextNotification gives the App's pending notification whose NextAt is first. One without a
	// NextAt waits for something and is not due. ErrNotFound: none is due, now or later.
	NextNotification(ctx context.Context, app AppCode) (Notification, error)
	// NotificationCounts says how many of the App's notifications are pending, how many are kept, those
	// included, and how many were forgotten or not kept for want of room.
	NotificationCounts(ctx context.Context, app AppCode) (pending, kept, dropped int, err error)
	// AppsWithPending lists the Apps for which NextNotification or NextTransaction has an answer.
	AppsWithPending(ctx context.Context) ([]AppCode, error)

	// CountCall adds a call of the App at this instant of its clock and gives how many it has made
	// in the same second and in the same minute of it, this one included.
	CountCall(ctx context.Context, app AppCode, at time.Time) (second, minute int, err error)

	// Snapshot copies all that belongs to an App, its journal and the calls it made aside; an empty
	// code is every App and every payer. ErrNotFound.
	Snapshot(ctx context.Context, app AppCode) (Snapshot, error)
	// Restore puts each App of the snapshot, Drawn as it was, and what belongs to it, in place of what
	// there is under its code, journals aside; its calls count from none. It adds or replaces the
	// payers. Other Apps stay. ErrExists when an appid belongs to an App that stays, or when the
	// snapshot has an App, an appid or a number of a transaction twice; ErrNotFound when something in
	// it belongs to an App that is not; then nothing is changed.
	Restore(ctx context.Context, s Snapshot) error
	// Reset forgets all that belongs to an App but the App itself, its journal included, and says how
	// much that was; Drawn is 0 again, so that the ids come again from the first on. An empty code is
	// every App, and the journal's exchanges of nobody; payers stay. ErrNotFound. UpdateApp is the
	// caller's to reset the rest.
	Reset(ctx context.Context, app AppCode) (Counts, error)

	// AppendExchange gives the exchange its Seq.
	AppendExchange(ctx context.Context, e Exchange) (seq uint64, err error)
	// Journal reads an App's exchanges with Seq above since, oldest first, at most limit. An empty
	// app means everybody's.
	Journal(ctx context.Context, app AppCode, since uint64, limit int) (JournalPage, error)
	// JournalBefore reads an App's exchanges with Seq below before, newest first, at most limit; before 0
	// is no bound. Its cost does not grow with what is stored. Mark is the newest Seq there is.
	JournalBefore(ctx context.Context, app AppCode, before uint64, limit int) (JournalPage, error)
	// WaitJournal returns when the App's journal holds a Seq above since, or with ctx's error.
	WaitJournal(ctx context.Context, app AppCode, since uint64) error
}

// JournalPage is a stretch of the journal.
type JournalPage struct {
	Exchanges []Exchange
	// Mark is the Seq to go on from: the last one read, or the newest there is.
	Mark uint64
	// Dropped counts the App's exchanges the journal had no room for any more.
	Dropped uint64
	// Oldest is the Seq of the App's oldest exchange that is kept, 0 when none is.
	Oldest uint64
}

// TransactionRange chooses transactions of an App by when they were created.
type TransactionRange struct {
	App AppCode
	// Mchid is the shop's, empty for all of the App's.
	Mchid Mchid
	// OpenID is whose they are now, empty for everybody's. The cost of a range with one grows with what
	// is stored of that openid only.
	OpenID OpenID
	// From is the first instant, To the first one after; zero is no bound.
	From, To time.Time
}

// Brought is what a change of transactions brings with it.
type Brought struct {
	Transactions  []Transaction
	Notifications []Notification
}

// What a Store keeps of one App, beyond which it forgets the oldest.
const (
	MaxNotifications        = 20_000
	MaxPendingNotifications = 10_000
	// MaxCodes is of OAuth codes, of auth codes and of grants, each.
	MaxCodes = 100_000
	// CodeMemory is how long an OAuth code is remembered, at least, after it expired.
	CodeMemory = time.Hour
)

// Snapshot is all that belongs to some Apps, journals aside.
type Snapshot struct {
	Apps          []App   // by code
	Payers        []Payer // by id
	OAuthCodes    []OAuthCode
	AuthCodes     []AuthCode
	Grants        []Grant
	Transactions  []Transaction  // each App's in order of creation
	Notifications []Notification // in order of id; Restore gives new ids
}

// Counts says how much there was.
type Counts struct {
	Transactions  int
	Notifications int
	OAuthCodes    int
	AuthCodes     int
	Exchanges     int
}
