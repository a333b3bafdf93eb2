package sandbox

import (
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Effect is what becomes of a call. Several may come together; the zero value changes nothing.
type Effect struct {
	// Respcd is answered in place of doing the work, or, with AfterWork, in place of the work's answer.
	Respcd qfpay.Respcd
	// Status is an HTTP status answered with a proxy's HTML page.
	Status int
	// Delay holds the answer back, in real time.
	Delay time.Duration
	// Cut closes the connection.
	Cut CutPoint
	// Damage spoils the answer's bytes.
	Damage Damage
	// AfterWork does the work first and loses only its answer.
	AfterWork bool
	// Behaviour is what the payer of the order does, whoever it is, or what becomes of the refund.
	Behaviour Behaviour
}

// CutPoint is where the connection is closed.
type CutPoint string

const (
	CutBefore CutPoint = "before" // nothing is done, nothing answered
	CutDuring CutPoint = "during" // nothing is done, half of an answer's head is sent
	CutAfter  CutPoint = "after"  // the work is done, nothing is answered
)

// Damage is what is wrong with an answer's bytes.
type Damage string

const (
	DamageCutBody     Damage = "cut-body"           // half of the announced bytes
	DamageMalformed   Damage = "malformed-json"     // JSON that does not parse
	DamageContentType Damage = "wrong-content-type" // the right bytes as text/html
	DamageSlowDrip    Damage = "slow-drip"          // a byte at a time
)

var (
	cutPoints = [...]CutPoint{CutBefore, CutDuring, CutAfter}
	damages   = [...]Damage{DamageCutBody, DamageMalformed, DamageContentType, DamageSlowDrip}
)
