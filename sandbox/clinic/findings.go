package clinic

import "github.com/qfpay-sandbox/qfpay-sandbox/sandbox"

const (
	clauseString  = "signature generation: parameters sorted by name, joined as name=value with &, values not encoded, client_key behind"
	clauseEmpty   = "signature generation: empty parameters are left out (qfpay-api 2.2)"
	clauseDigest  = "signature generation: MD5 or SHA256, in hex"
	clauseHeaders = "request headers: X-QF-APPCODE, X-QF-SIGN, X-QF-SIGNTYPE"
	clauseNotify  = "asynchronous notifications: MD5 over the raw body and client_key"
)

// Findings is the table of the names: what each means and what to change.
func Findings() []sandbox.FindingRow {
	rows := make([]sandbox.FindingRow, 0, len(requestNames)+len(notifyNames))
	return append(append(rows, requestNames[:]...), notifyNames[:]...)
}

var requestNames = [...]sandbox.FindingRow{
	{ID: KeyOfAnotherApp, Means: "signed with the key of another App", Change: "sign with the client_key that was issued with this app code", Clause: clauseString},
	{ID: KeyPrevious, Means: "signed with the App's previous key", Change: "sign with the new client_key; the previous one signs nothing any more", Clause: clauseString},
	{ID: KeyWhiteSpace, Means: "the key had white space or a byte order mark around it", Change: "trim the client_key where it is read; a file often ends with a newline", Clause: clauseString},
	{ID: KeyLetterCase, Means: "the key was in another letter case", Change: "take the client_key as it was issued; its letter case counts", Clause: clauseString},
	{ID: KeyMissing, Means: "no key was appended", Change: "append the client_key to the string before hashing it", Clause: clauseString},
	{ID: KeyIsAppCode, Means: "the app code was used as the key", Change: "append the client_key, not the app code", Clause: clauseString},
	{ID: KeyPlaceholder, Means: "a placeholder was appended in the key's place", Change: "put the real client_key there, and refuse to start without one", Clause: clauseString},
	{ID: KeyCut, Means: "the key lacks its first or last characters", Change: "copy the whole client_key", Clause: clauseString},
	{ID: KeyQuoted, Means: "the key was in quotes or brackets, or encoded or decoded", Change: "take the client_key as it was issued, character for character", Clause: clauseString},

	{ID: KeySeparator, Means: "something stood between the string and the key", Change: "append the client_key directly, with nothing in between", Clause: clauseString},
	{ID: KeyFirst, Means: "the key stood before the string", Change: "append the client_key behind the string", Clause: clauseString},
	{ID: KeyTwice, Means: "the key stood before the string and behind it, or twice behind it", Change: "append the client_key once, behind the string", Clause: clauseString},
	{ID: KeySorted, Means: "the key was sorted among the parameters", Change: "leave the client_key out of the parameters and append it behind the string", Clause: clauseString},

	{ID: NotSorted, Means: "the parameters were not sorted", Change: "sort the parameters by name before joining them", Clause: clauseString},
	{ID: SortedCaseInsensitively, Means: "the parameters were sorted without regard to letter case or punctuation, as a language's rules do", Change: "sort the names by their bytes; upper case comes before lower case, and _ counts", Clause: clauseString},
	{ID: SortedByPair, Means: "name=value pairs were sorted, not names", Change: "sort the names first and join afterwards", Clause: clauseString},
	{ID: SortedByValue, Means: "the parameters were sorted by value", Change: "sort by name: in PHP ksort, not asort", Clause: clauseString},
	{ID: SortedBackwards, Means: "the parameters were sorted from Z to A", Change: "sort ascending", Clause: clauseString},

	{ID: EmptyKept, Means: "the string holds an empty parameter that was not sent", Change: "leave empty parameters out of the string, as they are left out of the request", Clause: clauseEmpty},
	{ID: EmptyPartlyKept, Means: "some empty parameters were signed and some not", Change: "leave all empty parameters out, of the request too", Clause: clauseEmpty},
	{ID: EmptyAsWord, Means: "a word such as null stood for an empty or absent value", Change: "leave out parameters that have no value before the string is made", Clause: clauseEmpty},
	{ID: FalsyDropped, Means: "parameters whose value is 0 or false were left out of the string", Change: "leave out a parameter only when its value is the empty string", Clause: clauseEmpty},
	{ID: CoversSign, Means: "sign or sign_type was part of the string", Change: "leave sign and sign_type out of the string", Clause: clauseString},
	{ID: CoversAppCode, Means: "the app code was part of the string although it is no parameter of the call", Change: "sign the request's parameters only; the app code goes into its header", Clause: clauseHeaders},
	{ID: ParameterMissing, Means: "a parameter that was sent is missing from the string", Change: "make the string from the very parameters that are sent, after the last one was added", Clause: clauseString},
	{ID: ParameterExtra, Means: "the string holds a parameter that was not sent", Change: "send every parameter that is signed", Clause: clauseString},
	{ID: OnlyBody, Means: "only the body's parameters were signed, and the query has some too", Change: "sign the parameters of query and body together", Clause: clauseString},
	{ID: OnlyQuery, Means: "only the query's parameters were signed, and the body has some too", Change: "sign the parameters of query and body together", Clause: clauseString},
	{ID: BodyNotRead, Means: "parameters of a body were signed that is in a form QFPay does not read", Change: "send the parameters as application/x-www-form-urlencoded", Clause: "request format"},
	{ID: DuplicateName, Means: "a name was sent twice, and the other value was signed", Change: "send each parameter once", Clause: clauseString},
	{ID: NothingCovered, Means: "no parameter was in the string, only the key was hashed", Change: "make the signature after the parameters are filled in", Clause: clauseString},
	{ID: RawSeparator, Means: "an unencoded &, # or = inside a value split it on its way", Change: "percent-encode the values that are sent; sign them unencoded", Clause: clauseString},

	{ID: Encoded, Means: "values were signed percent-encoded", Change: "sign the values as they are, and encode them only for sending", Clause: clauseString},
	{ID: EncodedTwice, Means: "values were signed percent-encoded twice", Change: "sign the values as they are, and encode them once, for sending", Clause: clauseString},
	{ID: NumberFormat, Means: "a number was signed in another form than it was sent", Change: "make the text of each number once, and sign and send that text", Clause: clauseString},
	{ID: BooleanFormat, Means: "a yes or no was signed in another form than it was sent", Change: "make the text of each value once, and sign and send that text", Clause: clauseString},
	{ID: TimestampDiffers, Means: "another time, or the time in another form, was signed than sent", Change: "make the text of the time once, and sign and send that text", Clause: clauseString},
	{ID: ValuesTrimmed, Means: "values were signed without the blanks they were sent with", Change: "trim before signing and sending, or not at all", Clause: clauseString},
	{ID: LineEnds, Means: "a value's line ends were changed between signing and sending", Change: "sign the line ends that are sent; multipart and text areas make \\r\\n of \\n", Clause: clauseString},
	{ID: UnicodeEscaped, Means: "values were signed with JSON's escapes, such as \\u and \\/, or without those that were sent", Change: "sign the characters themselves, in UTF-8", Clause: clauseString},
	{ID: HTMLEscaped, Means: "values were signed or sent with HTML's or SQL's escapes", Change: "sign and send the values as they are; escape only where a page or a statement is written", Clause: clauseString},
	{ID: ValueCut, Means: "a value was signed only up to a character in it", Change: "sign the whole value; split name and value at the first = only", Clause: clauseString},
	{ID: ValueChangedOnWay, Means: "a value was changed between signing and sending, so that another one arrived", Change: "percent-encode each value exactly once for sending", Clause: clauseString},
	{ID: ValuesQuoted, Means: "values were signed in quotes", Change: "join name=value without quotes", Clause: clauseString},
	{ID: JSONValue, Means: "a JSON value was signed in another form than it was sent", Change: "make the JSON text once, and sign and send that text", Clause: clauseString},

	{ID: JSONSigned, Means: "JSON was signed instead of name=value pairs", Change: "join the sorted parameters as name=value with &", Clause: clauseString},
	{ID: TrailingAmpersand, Means: "an & or ? stood at an end of the string", Change: "put & only between the parameters", Clause: clauseString},
	{ID: StringWhiteSpace, Means: "the string holds white space that no value has", Change: "join the parameters without blanks and newlines", Clause: clauseString},
	{ID: ValuesOnly, Means: "only the values were signed, without their names", Change: "join name=value with &", Clause: clauseString},
	{ID: SeparatorsOtherwise, Means: "names, values or pairs were joined with other characters", Change: "join names and values with =, and pairs with &", Clause: clauseString},
	{ID: StringLetterCase, Means: "the string was put into lower or upper case before it was hashed", Change: "hash the string as it is; only the digest may be in either case", Clause: clauseString},
	{ID: CharacterSet, Means: "the string was hashed or sent in another character set than UTF-8", Change: "use UTF-8 for hashing and sending", Clause: "signature generation: UTF-8 (qfpay-api 2.2)"},
	{ID: CoversAddress, Means: "the address or the method was part of the string", Change: "sign the parameters only", Clause: clauseString},

	{ID: MD5ForSHA256, Means: "the request says SHA256 and carries an MD5", Change: "hash with SHA256, or leave X-QF-SIGNTYPE away", Clause: clauseHeaders},
	{ID: SHA256WithoutHeader, Means: "the signature is a SHA256 and the request does not say so", Change: "send the header X-QF-SIGNTYPE: SHA256", Clause: clauseHeaders},
	{ID: SignTypeMisspelt, Means: "the signature is a SHA256, which the request says in a way QFPay does not read", Change: "send the header X-QF-SIGNTYPE: SHA256", Clause: clauseHeaders},
	{ID: HMAC, Means: "the digest is an HMAC", Change: "append the client_key to the string and hash that plainly", Clause: clauseDigest},
	{ID: Base64, Means: "the digest is in Base64", Change: "write the digest in hex", Clause: clauseDigest},
	{ID: HashedTwice, Means: "the digest was hashed, or written in hex, a second time", Change: "hash once, and write it in hex once", Clause: clauseDigest},
	{ID: Truncated, Means: "the digest was cut", Change: "send all of the digest: 32 hex digits of MD5, 64 of SHA256", Clause: clauseDigest},
	{ID: HexDigits, Means: "the digest's hex lost its zeros, or was written byte by byte without two digits each", Change: "write each byte as two hex digits", Clause: clauseDigest},
	{ID: OtherDigest, Means: "the digest is of another kind than MD5 and SHA256", Change: "hash with MD5, or with SHA256 and the header X-QF-SIGNTYPE: SHA256", Clause: clauseDigest},
	{ID: Decorated, Means: "the digest came with something around or in it", Change: "send the bare hex digits", Clause: clauseDigest},
	{ID: NotHashed, Means: "the string was sent in place of its digest", Change: "send the digest of the string, never the string: it holds your client_key, which should be changed", Clause: clauseDigest},
	{ID: IsTheKey, Means: "a key was sent as the signature", Change: "send the digest of the string; change the client_key, for it has been on the wire", Clause: clauseDigest},
	{ID: IsAppCode, Means: "the app code was sent as the signature", Change: "send the digest of the string", Clause: clauseDigest},
	{ID: FromDocument, Means: "the signature is one printed in QFPay's documents", Change: "make the signature of this request", Clause: clauseDigest},

	{ID: SignMissing, Means: "no signature came", Change: "send the digest in the header X-QF-SIGN, as the parameter sign of get_weixin_oauth_code", Clause: clauseHeaders},
	{ID: SignMisspelt, Means: "the signature came under another name", Change: "send the digest in the header X-QF-SIGN, as the parameter sign of get_weixin_oauth_code", Clause: clauseHeaders},
	{ID: AppCodeMissing, Means: "no app code came", Change: "send it in the header X-QF-APPCODE, as the parameter app_code of get_weixin_oauth_code", Clause: clauseHeaders},
	{ID: AppCodeMisspelt, Means: "the app code came under another name", Change: "send it in the header X-QF-APPCODE, as the parameter app_code of get_weixin_oauth_code", Clause: clauseHeaders},
	{ID: AppCodeIsTheKey, Means: "a key was sent as the app code", Change: "exchange app code and client_key in the settings; change the key, for it has been on the wire", Clause: clauseHeaders},
	{ID: AppCodeAlmost, Means: "the app code is nearly that of an App there is", Change: "copy the app code again", Clause: clauseHeaders},
	{ID: AppCodeOtherNumber, Means: "another number was sent as the app code", Change: "send the app code QFPay issued, not the mchid and not WeChat's appid", Clause: clauseHeaders},

	{ID: Unrecognised, Means: "the signature fits none of the recipes known here", Change: "see that client_key is this App's, as issued; if it is, compare the string you sign with the one shown, character by character", Clause: clauseString},
}

var notifyNames = [...]sandbox.FindingRow{
	{ID: NotifyReserialised, Means: "the merchant hashed the notification after parsing and writing it again", Change: "hash the bytes of the body as they came, before parsing them", Clause: clauseNotify},
	{ID: NotifySorted, Means: "the merchant hashed the notification with its members sorted", Change: "hash the bytes of the body as they came, before parsing them", Clause: clauseNotify},
	{ID: NotifyParsedForm, Means: "the merchant hashed the members as name=value, as for a request", Change: "hash the bytes of the body as they came; a notification is not signed as a request is", Clause: clauseNotify},
	{ID: NotifyWhiteSpace, Means: "the merchant hashed the body with white space added or removed", Change: "hash the bytes of the body as they came", Clause: clauseNotify},
	{ID: NotifyKey, Means: "the merchant verified with another key", Change: "verify with the client_key of the App that paid", Clause: clauseNotify},
	{ID: NotifyKeySeparator, Means: "the merchant put something between body and key, or the key first", Change: "append the client_key directly behind the body", Clause: clauseNotify},
	{ID: NotifyDigest, Means: "the merchant used another digest than MD5", Change: "use MD5 for notifications, also when requests are signed with SHA256", Clause: clauseNotify},
	{ID: NotifyLetterCase, Means: "the merchant has the right digest in lower case", Change: "compare without regard to letter case; X-QF-SIGN is in upper case", Clause: clauseNotify},
	{ID: NotifyRight, Means: "the merchant has the right digest, so the signature is not why the notification was refused", Change: "look at what is checked after the signature", Clause: clauseNotify},
	{ID: NotifyUnrecognised, Means: "the digest the merchant made fits no recipe known here", Change: "hash the bytes of the body as they came, with the client_key behind", Clause: clauseNotify},
	{ID: NotifyCandidates, Means: "the digests that common mistakes would give for a notification", Change: "look for these digests in your own log", Clause: clauseNotify},
}
