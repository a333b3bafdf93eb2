package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// maxSnapshot bounds a snapshot both ways, in bytes, so that what is given can be taken back.
const maxSnapshot = 64 << 20

// snapshotVersion changes whenever an older sandbox could misread a snapshot.
const snapshotVersion = 1

// snapshotDocument is a snapshot as JSON. What is in the lists are the sandbox's own records under
// their own names, all of them: it is for giving back, not for reading.
type snapshotDocument struct {
	Version       int                           `json:"version"`
	Apps          records[sandbox.App]          `json:"apps"`
	Payers        records[sandbox.Payer]        `json:"payers"`
	OAuthCodes    records[sandbox.OAuthCode]    `json:"oauth_codes"`
	AuthCodes     records[sandbox.AuthCode]     `json:"auth_codes"`
	Grants        records[sandbox.Grant]        `json:"grants"`
	Transactions  records[sandbox.Transaction]  `json:"transactions"`
	Notifications records[sandbox.Notification] `json:"notifications"`
}

// document is an answer that is JSON already.
type document []byte

// Restored says how much a snapshot brought.
type Restored struct {
	Apps          int `json:"apps"`
	Payers        int `json:"payers"`
	Transactions  int `json:"transactions"`
	Notifications int `json:"notifications"`
}

// Reset asks for one App, or for all.
type Reset struct {
	App sandbox.AppCode `json:"app,omitempty"`
	All bool            `json:"all,omitempty"`
}

// Forgotten says how much a reset took away.
type Forgotten struct {
	Transactions  int `json:"transactions"`
	Notifications int `json:"notifications"`
	Codes         int `json:"codes"`
	Exchanges     int `json:"exchanges"`
	Faults        int `json:"faults"`
	OrderPlans    int `json:"order_plans"`
}

func (a *API) snapshot(r *http.Request) (any, error) {
	app := sandbox.AppCode(r.URL.Query().Get("app"))
	s, err := a.Gateway.Snapshot(r.Context(), app)
	if err != nil {
		return nil, nameApp(err, app)
	}
	return encodeSnapshot(s, maxSnapshot)
}

// encodeSnapshot gives the document, or a problem when it has more than most bytes.
func encodeSnapshot(s sandbox.Snapshot, most int) (any, error) {
	b := &bounded{most: most}
	fmt.Fprintf(b, `{"version": %d`, snapshotVersion)
	writeList(b, "apps", s.Apps)
	writeList(b, "payers", s.Payers)
	writeList(b, "oauth_codes", s.OAuthCodes)
	writeList(b, "auth_codes", s.AuthCodes)
	writeList(b, "grants", s.Grants)
	writeList(b, "transactions", s.Transactions)
	writeList(b, "notifications", s.Notifications)
	fmt.Fprint(b, "\n}\n")
	if errors.Is(b.err, errTooLarge) {
		return nil, &problem{Status: http.StatusConflict, Code: "snapshot-too-large", Message: fmt.Sprintf("the snapshot has more than the %d bytes a restore takes; take one of a single App, or reset Apps you need no more", most)}
	}
	return document(b.Bytes()), b.err
}

// bounded keeps what is written until it is too much.
type bounded struct {
	bytes.Buffer
	most int
	err  error
}

var errTooLarge = errors.New("too large")

func (b *bounded) Write(p []byte) (int, error) {
	switch {
	case b.err != nil:
	case b.Len()+len(p) > b.most:
		b.err = errTooLarge
	default:
		return b.Buffer.Write(p)
	}
	return 0, b.err
}

// writeList writes one record a line.
func writeList[T any](b *bounded, name string, list []T) {
	fmt.Fprintf(b, ",\n%q: [", name)
	for i := 0; i < len(list) && b.err == nil; i++ {
		raw, err := json.Marshal(list[i])
		if err != nil {
			b.err = err
			return
		}
		comma := ","
		if i == 0 {
			comma = ""
		}
		fmt.Fprintf(b, "%s\n%s", comma, raw)
	}
	fmt.Fprint(b, "]")
}

func (a *API) restore(r *http.Request) (any, error) {
	var in snapshotDocument
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if in.Version != snapshotVersion {
		return nil, badRequest("version is %d, want %d: a snapshot as GET %s/snapshot gives it", in.Version, snapshotVersion, Prefix)
	}
	err := a.Gateway.Restore(r.Context(), sandbox.Snapshot{
		Apps: in.Apps, Payers: in.Payers, OAuthCodes: in.OAuthCodes, AuthCodes: in.AuthCodes, Grants: in.Grants,
		Transactions: in.Transactions, Notifications: in.Notifications,
	})
	if errors.Is(err, sandbox.ErrExists) {
		return nil, &problem{Status: http.StatusConflict, Code: "exists", Message: "an appid of the snapshot belongs to another App here, so nothing was restored"}
	}
	if err != nil {
		return nil, err
	}
	return Restored{len(in.Apps), len(in.Payers), len(in.Transactions), len(in.Notifications)}, nil
}

func (a *API) reset(r *http.Request) (any, error) {
	var in Reset
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if (in.App == "") != in.All {
		return nil, badRequest(`app is %q and all is %t, want {"app": an app code} or {"all": true}`, in.App, in.All)
	}
	f, err := a.Gateway.Reset(r.Context(), in.App)
	if err != nil {
		return nil, nameApp(err, in.App)
	}
	return Forgotten{
		Transactions: f.Transactions, Notifications: f.Notifications, Codes: f.OAuthCodes + f.AuthCodes, Exchanges: f.Exchanges,
		Faults: f.Faults, OrderPlans: f.OrderPlans,
	}, nil
}

// nameApp says which App does not exist, where the path does not name it.
func nameApp(err error, app sandbox.AppCode) error {
	if errors.Is(err, sandbox.ErrNotFound) {
		return &problem{Status: http.StatusNotFound, Code: "not-found", Message: fmt.Sprintf("app %q does not exist here", app)}
	}
	return err
}
