package clinic

// The mistakes there are names for. Each is a finding's id.
const (
	// The key.
	KeyOfAnotherApp = "sign-key-of-another-app"
	KeyPrevious     = "sign-key-previous"
	KeyWhiteSpace   = "sign-key-white-space"
	KeyLetterCase   = "sign-key-letter-case"
	KeyMissing      = "sign-key-missing"
	KeyIsAppCode    = "sign-key-is-app-code"
	KeyPlaceholder  = "sign-key-placeholder"
	KeyCut          = "sign-key-cut"
	KeyQuoted       = "sign-key-quoted"

	// Where the key goes.
	KeySeparator = "sign-key-separator"
	KeyFirst     = "sign-key-first"
	KeyTwice     = "sign-key-twice"
	KeySorted    = "sign-key-sorted"

	// The order.
	NotSorted               = "sign-not-sorted"
	SortedCaseInsensitively = "sign-sorted-case-insensitively"
	SortedByPair            = "sign-sorted-by-pair"
	SortedByValue           = "sign-sorted-by-value"
	SortedBackwards         = "sign-sorted-backwards"

	// Which parameters.
	EmptyKept        = "sign-empty-kept"
	EmptyPartlyKept  = "sign-empty-partly-kept"
	EmptyAsWord      = "sign-empty-as-word"
	FalsyDropped     = "sign-falsy-dropped"
	CoversSign       = "sign-covers-sign"
	CoversAppCode    = "sign-covers-app-code"
	ParameterMissing = "sign-parameter-missing"
	ParameterExtra   = "sign-parameter-extra"
	OnlyBody         = "sign-only-body"
	OnlyQuery        = "sign-only-query"
	BodyNotRead      = "sign-body-not-read"
	DuplicateName    = "sign-duplicate-name"
	NothingCovered   = "sign-nothing-covered"
	RawSeparator     = "sign-raw-separator"

	// The values.
	Encoded           = "sign-encoded"
	EncodedTwice      = "sign-encoded-twice"
	NumberFormat      = "sign-number-format"
	BooleanFormat     = "sign-boolean-format"
	TimestampDiffers  = "sign-timestamp-differs"
	ValuesTrimmed     = "sign-values-trimmed"
	LineEnds          = "sign-line-ends"
	UnicodeEscaped    = "sign-unicode-escaped"
	HTMLEscaped       = "sign-html-escaped"
	ValueCut          = "sign-value-cut"
	ValueChangedOnWay = "sign-value-changed-on-way"
	ValuesQuoted      = "sign-values-quoted"
	JSONValue         = "sign-json-value"

	// The string as a whole.
	JSONSigned          = "sign-json"
	TrailingAmpersand   = "sign-trailing-ampersand"
	StringWhiteSpace    = "sign-string-white-space"
	ValuesOnly          = "sign-values-only"
	SeparatorsOtherwise = "sign-separators"
	StringLetterCase    = "sign-string-letter-case"
	CharacterSet        = "sign-character-set"
	CoversAddress       = "sign-covers-address"

	// The digest.
	MD5ForSHA256        = "sign-md5-for-sha256"
	SHA256WithoutHeader = "sign-sha256-without-header"
	SignTypeMisspelt    = "sign-type-misspelt"
	HMAC                = "sign-hmac"
	Base64              = "sign-base64"
	HashedTwice         = "sign-hashed-twice"
	Truncated           = "sign-truncated"
	HexDigits           = "sign-hex-digits"
	OtherDigest         = "sign-other-digest"
	Decorated           = "sign-decorated"
	NotHashed           = "sign-not-hashed"
	IsTheKey            = "sign-is-the-key"
	IsAppCode           = "sign-is-app-code"
	FromDocument        = "sign-from-document"

	// The headers.
	SignMissing        = "sign-header-missing"
	SignMisspelt       = "sign-header-misspelt"
	AppCodeMissing     = "app-code-header-missing"
	AppCodeMisspelt    = "app-code-header-misspelt"
	AppCodeIsTheKey    = "app-code-is-the-key"
	AppCodeAlmost      = "app-code-almost"
	AppCodeOtherNumber = "app-code-other-number"

	// Nothing fits.
	Unrecognised = "sign-unrecognised"

	// Notifications, on the merchant's side.
	NotifyReserialised = "notify-sign-reserialised"
	NotifySorted       = "notify-sign-sorted-keys"
	NotifyParsedForm   = "notify-sign-parsed-form"
	NotifyWhiteSpace   = "notify-sign-white-space"
	NotifyKey          = "notify-sign-wrong-key"
	NotifyKeySeparator = "notify-sign-key-separator"
	NotifyDigest       = "notify-sign-other-digest"
	NotifyLetterCase   = "notify-sign-letter-case"
	NotifyRight        = "notify-sign-right"
	NotifyUnrecognised = "notify-sign-unrecognised"
	NotifyCandidates   = "notify-sign-candidates"
)
