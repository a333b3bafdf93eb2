// Package clinic names the mistake behind a signature that does not fit. It tries a closed list of
// wrong recipes, alone and in plausible pairs, on what was sent; a recipe whose digest is the one
// received is what the caller did. It never guesses: a name is given for an equal digest only.
package clinic

import (
	"net/http"
	"net/url"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Case is a refused request as it came, and the keys it may have been signed with.
type Case struct {
	// App is whose app code came; the zero App where it is nobody's.
	App sandbox.App
	// Others are Apps whose keys may have been taken by mistake.
	Others []sandbox.App
	// Params are what the signature has to cover, decoded; Sign is the digest that came and SignType
	// the one that was announced.
	Params   qfpay.Params
	Sign     string
	SignType qfpay.SignType
	// Method, URL, Header and Body are the request as it came; any may be empty where only
	// parameters are known.
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
}

// Mistake is one departure from the recipe.
type Mistake struct {
	// ID is a row of Findings.
	ID string
	// Detail says it of this request, such as which parameter; Change what to do about it.
	Detail string
	Change string
}

// Diagnosis is what can be said about a refused signature. No text in it holds a key.
type Diagnosis struct {
	// Mistakes explain what came, together: one, or two made at once, and besides what is wrong with
	// the names of the headers or around the digest.
	Mistakes []Mistake
	// Right: the digest fits, so nothing is wrong with it. Unrecognised: it fits no recipe there is.
	Right, Unrecognised bool
	// Canonical is the string to sign, and Signed the one that was, (client_key) in the key's place.
	// Signed is empty when it is not known.
	Canonical, Signed string
	// Received is the digest that came, Expected the right one; empty when it is not known whose
	// key would make it.
	Received, Expected string
	// Difference says where Signed departs from Canonical; when nothing was recognised, what is equal
	// nevertheless and where the first difference could be.
	Difference string
	// Tried counts the digests made. Exhausted: the request was too large to try every recipe.
	Tried     int
	Exhausted bool
}
