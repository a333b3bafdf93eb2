package clinic

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// NotificationCase is a genuine notification, and the keys a merchant may have verified it with.
type NotificationCase struct {
	// App is whose notification it is, Others are Apps whose keys may have been taken by mistake.
	App    sandbox.App
	Others []sandbox.App
	// Body is what was sent.
	Body []byte
	// Computed are digests that the merchant's side may have made: what its answer or its log shows.
	Computed []string
}

// bodyWay is one wrong form of the bytes that a merchant may hash.
type bodyWay struct {
	id, said string
	make     func(c *NotificationCase) string
}

// bodyWays are tried in this order.
var bodyWays = [...]bodyWay{
	{NotifyReserialised, "without the blanks, as JSON.stringify writes it", func(c *NotificationCase) string { return fromUnicodeEscapes(tightened(c)) }},
	{NotifyReserialised, "as PHP's json_encode writes it, with \\/ and \\u escapes", func(c *NotificationCase) string { return strings.ReplaceAll(tightened(c), "/", `\/`) }},
	{NotifyReserialised, "without the blanks and with \\u escapes", func(c *NotificationCase) string { return tightened(c) }},
	{NotifyReserialised, "as PHP's json_encode writes it with its flag for Unicode, with \\/", func(c *NotificationCase) string {
		return strings.ReplaceAll(fromUnicodeEscapes(tightened(c)), "/", `\/`)
	}},
	{NotifyReserialised, "with the characters that came as \\u escapes, as Python's json.dumps writes it with ensure_ascii off", func(c *NotificationCase) string { return fromUnicodeEscapes(string(c.Body)) }},
	{NotifyReserialised, "with \\/ for /", func(c *NotificationCase) string { return strings.ReplaceAll(string(c.Body), "/", `\/`) }},
	{NotifyReserialised, "with a blank behind colons only", func(c *NotificationCase) string { return respaced(tightened(c), ",", ": ") }},
	{NotifyReserialised, "without the blanks and with Go's escapes for HTML", func(c *NotificationCase) string { return forHTML(fromUnicodeEscapes(tightened(c))) }},
	{NotifyReserialised, "as Python prints a dict", func(c *NotificationCase) string {
		return strings.ReplaceAll(fromUnicodeEscapes(string(c.Body)), `"`, "'")
	}},
	{NotifySorted, "with its members sorted, without blanks", func(c *NotificationCase) string { return c.sortedAs(jsonLayout{comma: ",", colon: ":"}) }},
	{NotifySorted, "with its members sorted, without blanks and with Go's escapes for HTML", func(c *NotificationCase) string {
		return forHTML(c.sortedAs(jsonLayout{comma: ",", colon: ":"}))
	}},
	{NotifySorted, "with its members sorted, as Python's json.dumps writes it", func(c *NotificationCase) string { return c.sortedAs(jsonLayout{comma: ", ", colon: ": ", ascii: true}) }},
	{NotifySorted, "with its members sorted, as PHP's json_encode writes it", func(c *NotificationCase) string {
		return c.sortedAs(jsonLayout{comma: ",", colon: ":", ascii: true, slash: true})
	}},
	{NotifyParsedForm, "as its members sorted and joined as name=value, without the empty ones", func(c *NotificationCase) string { return string(sorted(members(c.Body)).join(nil)) }},
	{NotifyParsedForm, "as its members sorted and joined as name=value", func(c *NotificationCase) string { return members(c.Body).CanonicalWithEmpties() }},
	{NotifyWhiteSpace, "with a newline behind it", func(c *NotificationCase) string { return string(c.Body) + "\n" }},
	{NotifyWhiteSpace, "with \\r\\n behind it", func(c *NotificationCase) string { return string(c.Body) + "\r\n" }},
	{NotifyWhiteSpace, "with a blank behind it", func(c *NotificationCase) string { return string(c.Body) + " " }},
	{NotifyWhiteSpace, "without any blanks, those inside values too", func(c *NotificationCase) string { return strings.ReplaceAll(string(c.Body), " ", "") }},
	{NotifyReserialised, "with nothing of the body: it had been read before, or was taken from the form", func(*NotificationCase) string { return "" }},
}

// tightened is the body without the blanks between its members.
func tightened(c *NotificationCase) string {
	var b strings.Builder
	inside, escaped := false, false
	for _, ch := range c.Body {
		switch {
		case escaped:
			escaped = false
		case inside && ch == '\\':
			escaped = true
		case ch == '"':
			inside = !inside
		case !inside && (ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r'):
			continue
		}
		b.WriteByte(ch)
	}
	return b.String()
}

func (c *NotificationCase) sortedAs(how jsonLayout) string {
	params := members(c.Body)
	slices.SortFunc(params, func(a, b qfpay.Param) int { return cmp.Compare(a.Name, b.Name) })
	l := make(list, len(params))
	for i, p := range params {
		l[i] = item{Param: p}
	}
	return string(how.object(nil, l, false))
}

func forHTML(s string) string {
	return strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(s)
}

// Candidate is one wrong way to verify a notification, and the digest it gives.
type Candidate struct {
	ID, Detail, Digest string
}

// candidates gives the wrong ways, each with its digest, the likelier first.
func (c *NotificationCase) candidates(yield func(Candidate) bool) {
	key, body := c.App.ClientKey, string(c.Body)
	give := func(id, said, digest string) bool { return yield(Candidate{id, said, digest}) }
	plain := func(text, key string) string { return hexOf(md5Of(text+key), true) }
	for _, w := range bodyWays {
		if text := w.make(c); text != body && !give(w.id, "the body was hashed "+w.said, plain(text, key)) {
			return
		}
	}
	if c.App.PreviousKey != "" && !give(NotifyKey, "the previous client_key was used", plain(body, c.App.PreviousKey)) {
		return
	}
	for _, k := range [...]struct{ key, said string }{{key + "\n", "the key had a newline behind it"}, {key + " ", "the key had a blank behind it"}, {" " + key, "the key had a blank before it"}, {key + "\r\n", "the key had \\r\\n behind it"},
		{"", "no key was appended"}, {string(c.App.Code), "the app code was used as the key"}, {strings.ToLower(key), "the key was in lower case"}, {strings.ToUpper(key), "the key was in upper case"}} {
		if k.key != key && !give(NotifyKey, k.said, plain(body, k.key)) {
			return
		}
	}
	for _, separator := range [...]string{"&key=", "&", "&client_key=", "\n", " ", "|"} {
		if !give(NotifyKeySeparator, quoted(separator)+" stood between body and key", plain(body, separator+key)) {
			return
		}
	}
	if !give(NotifyKeySeparator, "the key stood before the body", plain(key+body, "")) || !give(NotifyKeySeparator, "the key stood before the body and behind it", plain(key+body, key)) {
		return
	}
	var h hashes
	for _, d := range [...]digest{{alg: algSHA256}, {alg: algMD5, keyed: macOfString}, {alg: algSHA256, keyed: macOfString}, {alg: algSHA1}, {alg: algMD5, again: upperAgain}, {alg: algMD5, again: lowerAgain}, {alg: algSHA512}} {
		said := "the digest is a " + algorithmTable[d.alg].name
		switch {
		case d.keyed != plainly:
			said = "the digest is an HMAC-" + algorithmTable[d.alg].name + ", with the key as its key"
		case d.again != once:
			said = "the digest was hashed twice"
		}
		if !give(NotifyDigest, said, strings.ToUpper(d.written(h.sum(&d, []byte(body+key), c.Body, key)))) {
			return
		}
	}
	// A request's signature over the members, which many take a notification's for.
	for _, separator := range [...]string{"&key=", "&"} {
		if !give(NotifyParsedForm, "the members were sorted and joined as name=value, with "+quoted(separator)+" before the key", plain(members(c.Body).Canonical(), separator+key)) {
			return
		}
	}
	for i := range c.Others {
		if a := &c.Others[i]; a.Code != c.App.Code && !give(NotifyKey, "the client_key of App "+string(a.Code)+" was used", plain(body, a.ClientKey)) {
			return
		}
	}
}

// How many digests are listed, and of one name.
const (
	mostCandidates = 14
	mostOfOneName  = 2
)

// Notification says why a genuine notification may have been refused: which mistake gives one of the
// digests the merchant's side made; without any, which digests the likeliest mistakes would give.
func Notification(c NotificationCase) []sandbox.Finding {
	if len(c.Body) > maxBody {
		return nil
	}
	right := qfpay.SignBody(c.Body, c.App.ClientKey)
	expected := right + " over the body's " + quoted(beginning16(c.Body)) + "… and " + keyMask
	give := func(id, detail, received string) []sandbox.Finding {
		f := sandbox.Finding{ID: id, Detail: detail, Received: received, Expected: expected, Change: changeOf(id)}
		return []sandbox.Finding{f}
	}
	if len(c.Computed) == 0 {
		return give(NotifyCandidates, c.listed(), "")
	}
	isRight, strange := false, ""
	for _, computed := range c.Computed {
		bare := strings.TrimSpace(computed)
		switch {
		case bare == right:
			isRight = true // it may be the header we sent, shown beside their own
			continue
		case bare == strings.ToLower(right):
			return give(NotifyLetterCase, "the merchant's side has the right digest in lower case; compared letter by letter it differs", computed)
		}
		for candidate := range c.candidates {
			if strings.EqualFold(candidate.Digest, bare) {
				return give(candidate.ID, candidate.Detail, computed)
			}
		}
		strange = cmp.Or(strange, computed)
	}
	if isRight && strange == "" {
		return give(NotifyRight, "the merchant's side has the right digest, so something else was wrong", right)
	}
	return give(NotifyUnrecognised, "the digest "+strange+" of the merchant's side fits no recipe known here; "+c.listed(), strange)
}

// listed are the digests of the likeliest mistakes, in one line.
func (c *NotificationCase) listed() string {
	var list, seen []string
	counts := map[string]int{}
	for candidate := range c.candidates {
		if slices.Contains(seen, candidate.Digest) || counts[candidate.ID] == mostOfOneName {
			continue
		}
		counts[candidate.ID]++
		seen = append(seen, candidate.Digest)
		list = append(list, candidate.Digest+" if "+candidate.Detail)
		if len(list) == mostCandidates {
			break
		}
	}
	return "these are the digests of common mistakes: " + strings.Join(list, "; ")
}

func beginning16(body []byte) string { return string(body[:min(len(body), 16)]) }

// looksLikeDigest are hex texts of the lengths of MD5 and SHA256.
var looksLikeDigest = regexp.MustCompile(`\b(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{32})\b`)

// DigestsIn gives the texts in a merchant's answer that may be digests: its body's and its headers'.
func DigestsIn(texts ...string) (found []string) {
	for _, text := range texts {
		for _, digest := range looksLikeDigest.FindAllString(text[:min(len(text), 4096)], 4) {
			if !slices.Contains(found, digest) {
				found = append(found, digest)
			}
		}
	}
	return found
}
