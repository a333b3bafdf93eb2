package clinic

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// source is where a parameter stood.
type source uint8

const (
	inQuery source = 1 << iota
	inBody
)

// item is a parameter with what is known of its place in the request.
type item struct {
	qfpay.Param
	// at is the place of arrival. onWire: the value before it was decoded is known, as request.wires
	// in that place.
	at     int32
	from   source
	onWire bool
}

// list is what one string is made of, sorted by name unless a recipe says otherwise.
type list []item

// request is a Case taken apart, once for all recipes.
type request struct {
	Case
	// browser: the credentials belong into the query, as parameters.
	browser bool
	key     string
	// all are the parameters in order of arrival, without sign and sign_type; full is all sorted,
	// base is full without empty values: what QFPay signs.
	all, full, base list
	wires           []string
	query, body     []segment
	bodyKind        string
	// bodyRead: the body's parameters count.
	bodyRead bool
	// unread are the parameters of a body that is not read, once they were looked for.
	unread     list
	unreadDone bool
}

// segment is one name=value as it stood on the wire, and what it means.
type segment struct {
	qfpay.Param
	// wire is the value before it was decoded; equals is whether there was a =.
	wire   string
	equals bool
}

// More parameters than any call has. Beyond, or in longer bodies, only what needs no list is tried.
const (
	maxParameters = 1000
	maxBody       = 128 << 10
)

func readCase(c Case) *request {
	q := &request{Case: c, key: c.App.ClientKey}
	if c.Header == nil {
		q.Header = http.Header{}
	}
	raw := ""
	if c.URL != nil {
		q.browser = strings.Contains(c.URL.Path, "/get_weixin_oauth_code")
		raw = c.URL.RawQuery
		if strings.HasSuffix(c.URL.Path, "/return") {
			raw = "" // the parameters came inside one of ours
		}
	}
	if len(c.Params) > maxParameters || len(raw)+len(c.Body) > maxBody {
		return q
	}
	q.query = segments(raw)
	q.bodyKind, _, _ = mime.ParseMediaType(q.Header.Get("Content-Type"))
	if q.bodyKind == "" || q.bodyKind == "application/x-www-form-urlencoded" {
		q.body, q.bodyRead = segments(string(c.Body)), true
	}
	q.bodyRead = q.bodyRead || q.bodyKind == "multipart/form-data"
	sources := [...]struct {
		from source
		sent []segment
		at   map[string]int
	}{{inQuery, q.query, firsts(q.query)}, {inBody, q.body, firsts(q.body)}}
	q.all, q.wires = make(list, 0, len(c.Params)), make([]string, len(c.Params))
	for i, p := range c.Params {
		if p.Name == "sign" || p.Name == "sign_type" {
			continue
		}
		it := item{Param: p, at: int32(i)}
		for _, source := range sources {
			if at, found := source.at[p.Name]; found {
				it.from |= source.from
				if s := source.sent[at]; s.Value == p.Value {
					q.wires[i], it.onWire = s.wire, true
				}
			}
		}
		q.all = append(q.all, it)
	}
	q.full = slices.Clone(q.all)
	slices.SortFunc(q.full, byName)
	q.base = make(list, 0, len(q.full))
	for _, it := range q.full {
		if it.Value != "" {
			q.base = append(q.base, it)
		}
	}
	return q
}

// small: the parameters were taken apart.
func (q *request) small() bool { return q.all != nil }

func byName(a, b item) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
}

// segments takes name=value pairs apart as qfpay.ParseParams does, and keeps what stood there.
func segments(raw string) []segment {
	if raw == "" || len(raw) > maxBody {
		return nil
	}
	var found []segment
	for one := range strings.SplitSeq(raw, "&") {
		p := qfpay.ParseParams(one)
		if len(p) == 0 {
			continue
		}
		_, value, equals := strings.Cut(one, "=")
		found = append(found, segment{Param: p[0], wire: value, equals: equals})
		if len(found) > maxParameters {
			return nil
		}
	}
	return found
}

// firsts says where each name stands first.
func firsts(sent []segment) map[string]int {
	at := make(map[string]int, len(sent))
	for i := len(sent) - 1; i >= 0; i-- {
		at[sent[i].Name] = i
	}
	return at
}

// sorted gives parameters as a list of QFPay's: sorted, without sign, sign_type and empty values.
func sorted(params qfpay.Params) list {
	l := make(list, 0, len(params))
	for i, p := range params {
		if p.Name != "sign" && p.Name != "sign_type" && p.Value != "" {
			l = append(l, item{Param: p, at: int32(i)})
		}
	}
	slices.SortFunc(l, byName)
	return l
}

// with gives dst the list with one more parameter, in its place.
func (l list) with(dst list, name, value string) list {
	added := item{Param: qfpay.Param{Name: name, Value: value}, at: int32(maxParameters + len(l))} // it arrives last
	at, _ := slices.BinarySearchFunc(l, added, byName)
	dst = append(dst, l[:at]...)
	dst = append(dst, added)
	return append(dst, l[at:]...)
}

// has reports whether a parameter of this name is in the list.
func (l list) has(name string) bool {
	return slices.ContainsFunc(l, func(it item) bool { return it.Name == name })
}

// join appends the list as QFPay's string.
func (l list) join(dst []byte) []byte {
	for i := range l {
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = append(dst, l[i].Name...)
		dst = append(dst, '=')
		dst = append(dst, l[i].Value...)
	}
	return dst
}
