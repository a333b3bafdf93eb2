package clinic

import (
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// selections are wrong choices of what the string is made of.
var selections = []row{
	{id: CoversSign, dim: ofParams, common: true, each: signParameters, list: withParameter, detail: func(_ *request, a arg) string {
		return "the string holds " + a.s + "=" + a.t + ", and neither sign nor sign_type is ever signed"
	}},
	{id: CoversAppCode, dim: ofParams, common: true, each: appCodeParameters, list: withParameter, detail: func(_ *request, a arg) string {
		return "the string holds " + a.s + "=" + a.t + ", which is no parameter of this request"
	}},
	{id: BodyNotRead, dim: ofParams, common: true, each: func(q *request, yield func(arg) bool) {
		if !q.bodyRead && len(q.Body) > 0 && q.unreadBody() != nil {
			_ = yield(arg{}) && len(q.query) > 0 && yield(arg{i: 1})
		}
	}, list: func(q *request, dst, l list, a arg) list {
		if a.i == 1 {
			return append(dst, q.unreadBody()...)
		}
		dst = append(dst, l...)
		for _, it := range q.unreadBody() {
			if !l.has(it.Name) {
				dst = append(list(nil), dst.with(nil, it.Name, it.Value)...)
			}
		}
		return dst
	}, detail: func(q *request, _ arg) string {
		return "the parameters of the body were signed, but a body of type " + quoted(q.bodyKind) + " holds no parameters for QFPay"
	}},
	{id: EmptyPartlyKept, dim: ofParams, each: func(q *request, yield func(arg) bool) {
		for i := range q.full {
			if q.full[i].Value == "" && (!yield(arg{i: i}) || !yield(arg{i: i, s: "-"})) {
				return
			}
		}
	}, list: func(q *request, dst, _ list, a arg) list {
		for i, it := range q.full {
			if it.Value != "" || (i == a.i) == (a.s == "") {
				dst = append(dst, it)
			}
		}
		return dst
	}, detail: func(q *request, a arg) string {
		if a.s == "" {
			return "of the empty parameters the string holds " + q.full[a.i].Name + " only"
		}
		return "of the empty parameters the string lacks " + q.full[a.i].Name + " only"
	}},
	{id: RawSeparator, dim: ofParams, common: true, each: splitValues, list: (*request).mended, detail: splitDetail},
	{id: OnlyBody, dim: ofParams, common: true, each: bothSources, list: from(inBody), detail: func(q *request, _ arg) string {
		return "the string holds the body's parameters only, without " + q.namesFrom(inQuery) + " of the query"
	}},
	{id: OnlyQuery, dim: ofParams, common: true, each: bothSources, list: from(inQuery), detail: func(q *request, _ arg) string {
		return "the string holds the query's parameters only, without " + q.namesFrom(inBody) + " of the body"
	}},
	{id: FalsyDropped, dim: ofParams, common: true, each: func(q *request, yield func(arg) bool) {
		_ = yield(arg{s: "0"}) && yield(arg{s: "0 false", rare: true}) && yield(arg{s: "0 0.0 0.00 false False null None", rare: true})
	}, list: func(_ *request, dst, l list, a arg) list {
		for _, it := range l {
			if it.Value == "" || !isWord(it.Value, a.s) {
				dst = append(dst, it)
			}
		}
		return dst
	}, detail: func(q *request, a arg) string {
		var gone []string
		for _, it := range q.base {
			if isWord(it.Value, a.s) {
				gone = append(gone, it.Name+"="+it.Value)
			}
		}
		return "the string lacks " + enumerated(gone) + ", as if that were empty"
	}},
	{id: NothingCovered, dim: ofParams, common: true, list: func(_ *request, dst, _ list, _ arg) list { return dst }, detail: func(*request, arg) string {
		return "the string was empty: only the key was hashed"
	}},
	{id: ParameterMissing, dim: ofParams, common: true, each: missing, list: func(q *request, dst, l list, a arg) list {
		return q.without(dst, l, a)
	}, detail: func(q *request, a arg) string {
		return "the string lacks " + enumerated(q.missingNames(a)) + ", which was sent"
	}},
	{id: EmptyAsWord, dim: ofParams, each: func(_ *request, yield func(arg) bool) {
		for _, word := range emptyWords {
			if !yield(arg{s: word}) {
				return
			}
		}
	}, list: func(q *request, dst, _ list, a arg) list {
		for _, it := range q.full {
			if it.Value == "" {
				it.Value = a.s
			}
			dst = append(dst, it)
		}
		return dst
	}, detail: func(_ *request, a arg) string {
		return "the string has the word " + quoted(a.s) + " where a parameter is empty"
	}},
	{id: KeySorted, dim: ofParams, each: func(q *request, yield func(arg) bool) {
		for _, name := range keyNames {
			if !yield(arg{s: name, i: withoutKey}) || !yield(arg{s: name}) {
				return
			}
		}
	}, list: func(q *request, dst, l list, a arg) list {
		return l.with(dst, a.s, q.key)
	}, detail: func(_ *request, a arg) string {
		if a.i == withoutKey {
			return "the key was sorted among the parameters as " + a.s + ", and not appended"
		}
		return "the key was sorted among the parameters as " + a.s + ", and appended as well"
	}},
	{id: DuplicateName, dim: ofParams, each: otherValues, list: func(_ *request, dst, l list, a arg) list {
		for _, it := range l {
			if it.Name == a.s {
				it.Value = a.t
			}
			dst = append(dst, it)
		}
		return dst
	}, detail: func(_ *request, a arg) string {
		return a.s + " was sent more than once, and the value that was signed, " + quoted(a.t) + ", is not the one that counts: the body's, and of several the first"
	}},
	{id: EmptyKept, dim: ofParams, each: func(q *request, yield func(arg) bool) {
		q.absent(func(name string) bool { return yield(arg{s: name}) })
	}, list: withParameter, detail: func(_ *request, a arg) string {
		return "the string holds " + a.s + "= with no value, and no " + a.s + " was sent"
	}},
	{id: ParameterExtra, dim: ofParams, common: true, each: extras, list: withParameter, detail: func(_ *request, a arg) string {
		return "the string holds " + a.s + "=" + a.t + ", which was not sent"
	}},
}

// withoutKey in an arg of KeySorted: nothing is appended behind the string.
const withoutKey = -1

func withParameter(_ *request, dst, l list, a arg) list { return l.with(dst, a.s, a.t) }

func isWord(value, words string) bool {
	for word := range strings.FieldsSeq(words) {
		if word == value {
			return true
		}
	}
	return false
}

// signParameters: sign cannot be in its own string with its own value, but empty, with an older
// value, or beside the header with what came as a parameter.
func signParameters(q *request, yield func(arg) bool) {
	for _, p := range q.Params {
		if (p.Name == "sign_type" || p.Name == "sign" && p.Value != q.Sign) && p.Value != "" && !yield(arg{s: p.Name, t: p.Value}) {
			return
		}
	}
	_ = yield(arg{s: "sign"}) && yield(arg{s: "sign_type", t: q.SignType.String()}) &&
		yield(arg{s: "sign_type", t: strings.ToLower(q.SignType.String()), rare: true}) &&
		yield(arg{s: "signtype", t: q.SignType.String(), rare: true}) && yield(arg{s: "signType", t: q.SignType.String(), rare: true}) &&
		yield(arg{s: "X-QF-SIGNTYPE", t: q.SignType.String(), rare: true}) && yield(arg{s: "sign_type", rare: true}) && yield(arg{s: "signature", rare: true})
}

func appCodeParameters(q *request, yield func(arg) bool) {
	for i, name := range [...]string{"app_code", "appcode", "X-QF-APPCODE", "appCode", "app_id", "appid", "x-qf-appcode", "AppCode", "code", "appKey", "app_key", "X-QF-APP-CODE", "client_id"} {
		if !q.full.has(name) && !yield(arg{s: name, t: string(q.App.Code), rare: i > 2}) {
			return
		}
	}
}

func bothSources(q *request, yield func(arg) bool) {
	if len(q.query) > 0 && len(q.body) > 0 {
		yield(arg{})
	}
}

// from keeps one part of the request, with that part's own values.
func from(which source) func(*request, list, list, arg) list {
	return func(q *request, dst, _ list, _ arg) list {
		sent := q.query
		if which == inBody {
			sent = q.body
		}
		params := make(qfpay.Params, 0, len(sent))
		seen := firsts(sent)
		for i, s := range sent {
			if seen[s.Name] == i {
				params = append(params, s.Param)
			}
		}
		return append(dst, sorted(params)...)
	}
}

func (q *request) namesFrom(which source) string {
	var names []string
	for _, it := range q.all {
		if it.from == which {
			names = append(names, it.Name)
		}
	}
	return enumerated(names)
}

// mostForTwo bounds the requests of which two missing parameters are looked for.
const mostForTwo = 16

// missing gives each parameter, the last few that were added, and any two.
func missing(q *request, yield func(arg) bool) {
	for i := range q.full {
		if q.full[i].Value != "" && !yield(arg{i: i, rare: len(q.full) > mostForTwo}) {
			return
		}
	}
	for n := 2; n < len(q.all); n++ {
		if !yield(arg{i: n, s: "last", rare: true}) {
			return
		}
	}
	if len(q.full) > mostForTwo {
		return
	}
	for i := range q.full {
		for j := range i {
			if q.full[i].Value != "" && q.full[j].Value != "" && !yield(arg{i: i<<8 | j, s: "two", rare: true}) {
				return
			}
		}
	}
}

// lacks reports whether a parameter is one of the missing.
func (q *request) lacks(it item, a arg) bool {
	switch a.s {
	case "last":
		return it.at >= q.all[len(q.all)-a.i].at
	case "two":
		return it.Name == q.full[a.i>>8].Name || it.Name == q.full[a.i&255].Name
	default:
		return it.Name == q.full[a.i].Name
	}
}

func (q *request) without(dst, l list, a arg) list {
	for _, it := range l {
		if !q.lacks(it, a) {
			dst = append(dst, it)
		}
	}
	return dst
}

func (q *request) missingNames(a arg) (names []string) {
	for _, it := range q.full {
		if q.lacks(it, a) {
			names = append(names, it.Name)
		}
	}
	return names
}
