// Package bundle is the text file that holds all about one order: what went wrong, the order, a
// timeline, every exchange byte for byte, and what a replay needs (docs/bundle.md). It knows the
// format alone; sandbox/control fills it and sandbox/replay plays it.
package bundle

import (
	"net/textproto"
	"time"
)

// Version is the format's; a file of another one is refused.
const Version = 1

// MaxBytes bounds a file that is read, MaxExchanges what it may hold.
const (
	MaxBytes     = 64 << 20
	MaxExchanges = 20_000
)

// Bundle is one file.
type Bundle struct {
	// Texts are for people, in their order, in front of everything else.
	Texts []Text
	// Exchanges are in the order of their Seq.
	Exchanges []Exchange
	// Replay is JSON: what a replay needs besides the exchanges.
	Replay []byte
}

// Text is a section for people. Its name is of small letters, digits and blanks.
type Text struct{ Name, Body string }

// Exchange is one request and its answer.
type Exchange struct {
	Seq uint64
	// At is the App's own time.
	At time.Time
	// Facts say what the sandbox knows about it, in their order.
	Facts []Fact

	Method, URL   string
	RequestHeader textproto.MIMEHeader
	RequestBody   []byte
	// RequestCut and AnswerCut count the bytes of the bodies that were not kept.
	RequestCut int
	// Status is 0 when no answer came.
	Status       int
	AnswerHeader textproto.MIMEHeader
	AnswerBody   []byte
	AnswerCut    int
}

// Fact is one thing known about an exchange; a name can come more than once.
type Fact struct{ Name, Value string }

// The facts a replay reads. All others are for people.
const (
	FactSurface     = "surface"
	FactCredentials = "credentials"
	FactRespcd      = "respcd"
	FactPayer       = "payer"
	FactOpenID      = "openid"
	FactLever       = "lever"
)

// What FactCredentials says.
const (
	CredentialsRight  = "right"
	CredentialsWrong  = "wrong"
	CredentialsNobody = "of no app"
)

// Fact gives the first fact of a name, empty without one.
func (e Exchange) Fact(name string) string {
	for _, f := range e.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}
