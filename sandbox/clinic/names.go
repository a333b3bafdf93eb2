package clinic

import "github.com/qfpay-sandbox/qfpay-sandbox/sandbox"

// The mistakes there are names for. Each is a finding's id.
const (
	// The key.
	KeyOfAnotherApp = "sign-key-of-another-app"
	KeyPrevious     = "sign-key-previous"
	KeyWhiteSpace   = "sign-key-white-space"
	KeyLetterCase   = "sign-key-letter-case"
	KeyMissing      = "sign-key-missing"
	KeySeparator    = "sign-key-separator"
	KeyFirst        = "sign-key-first"
	KeyIsAppCode    = "sign-key-is-app-code"

	// The order.
	NotSorted               = "sign-not-sorted"
	SortedCaseInsensitively = "sign-sorted-case-insensitively"
	SortedByPair            = "sign-sorted-by-pair"
	SortedBackwards         = "sign-sorted-backwards"

	// Which parameters.
	EmptyKept        = "sign-empty-kept"
	EmptyPartlyKept  = "sign-empty-partly-kept"
	FalsyDropped     = "sign-falsy-dropped"
	CoversSign       = "sign-covers-sign"
	CoversAppCode    = "sign-covers-app-code"
	ParameterMissing = "sign-parameter-missing"
	ParameterExtra   = "sign-parameter-extra"
	OnlyBody         = "sign-only-body"
	OnlyQuery        = "sign-only-query"

	// The values.
	Encoded           = "sign-encoded"
	EncodedTwice      = "sign-encoded-twice"
	NumberFormat      = "sign-number-format"
	TimestampDiffers  = "sign-timestamp-differs"
	ValuesTrimmed     = "sign-values-trimmed"
	LineEnds          = "sign-line-ends"
	CharacterSet      = "sign-character-set"
	UnicodeEscaped    = "sign-unicode-escaped"
	RawSeparator      = "sign-raw-separator"
	ValueChangedOnWay = "sign-value-changed-on-way"

	// The string as a whole.
	JSONSigned          = "sign-json"
	TrailingAmpersand   = "sign-trailing-ampersand"
	StringWhiteSpace    = "sign-string-white-space"
	ValuesOnly          = "sign-values-only"
	SeparatorsOtherwise = "sign-separators"

	// The digest.
	MD5ForSHA256        = "sign-md5-for-sha256"
	SHA256WithoutHeader = "sign-sha256-without-header"
	HMAC                = "sign-hmac"
	Base64              = "sign-base64"
	HashedTwice         = "sign-hashed-twice"
	Truncated           = "sign-truncated"
	OtherDigest         = "sign-other-digest"
	Decorated           = "sign-decorated"
	IsTheKey            = "sign-is-the-key"

	// The headers.
	SignMissing      = "sign-header-missing"
	SignMisspelt     = "sign-header-misspelt"
	AppCodeMissing   = "app-code-header-missing"
	AppCodeMisspelt  = "app-code-header-misspelt"
	AppCodeIsTheKey  = "app-code-is-the-key"
	AppCodeAlmost    = "app-code-almost"
	SignTypeMisspelt = "sign-type-misspelt"

	// Nothing fits.
	Unrecognised = "sign-unrecognised"
)

// Findings is the table of the names.
func Findings() []sandbox.FindingRow {
	return []sandbox.FindingRow{
		{ID: Unrecognised, Means: "the signature fits none of the recipes known here", Change: "compare the string you sign with the one shown", Clause: "signature generation"},
	}
}
