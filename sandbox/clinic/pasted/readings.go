package pasted

import (
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// known are the names of QFPay's parameters. One of them is no tail of the value before it: joined
// they would be the string of somebody who did not sort.
var known = func() map[string]bool {
	names := map[string]bool{"app_code": true, "mchid": true, sandbox.MchidAlias: true, "sign": true, "sign_type": true}
	for _, row := range sandbox.Parameters() {
		for name := range strings.SplitSeq(row.Name, " or ") {
			names[name] = true
		}
	}
	return names
}()

func isKnown(pair string) bool {
	name, _, _ := strings.Cut(pair, "=")
	return known[name]
}

// Reading is what a request may have been meant to say where QFPay reads it otherwise. Which one was
// meant, a signature over it tells.
type Reading struct {
	Params qfpay.Params
	// Why says what is read differently, as a remark.
	Why Remark
	// Sure: somebody who does not sort does not sign the same string.
	Sure bool
}

// How large a request may be for its pairs to be joined again every way there is.
const (
	mostPairs = 60
	mostBytes = 16 << 10
)

// The remarks on readings.
const (
	RawAmpersand  = "pasted-raw-ampersand"
	RawPlus       = "pasted-raw-plus"
	RawHash       = "pasted-raw-hash"
	NotUrlencoded = "pasted-body-not-urlencoded"
)

// Readings gives other ways to read r, the likeliest first.
func (r *Request) Readings() iter.Seq[Reading] {
	return func(yield func(Reading) bool) {
		if r.Dialect == Signed {
			r.joinedText(yield)
			return
		}
		query := r.URL.RawQuery
		if p, ok := r.otherBody(); ok && !yield(Reading{append(qfpay.ParseParams(query), p...), Remark{
			ID: NotUrlencoded, Detail: "QFPay takes no parameters out of a body of this Content-Type (" + shortened(r.get("Content-Type")) + ")",
			Change: "send the parameters as application/x-www-form-urlencoded",
		}, true}) {
			return
		}
		sources := []string{query, string(r.Body)}
		if r.multipartBody() {
			sources[1] = ""
		}
		if r.URL.Fragment != "" {
			if !yield(Reading{merged(qfpay.ParseParams(query+"%23"+r.URL.EscapedFragment()), qfpay.ParseParams(sources[1])), Remark{
				ID: RawHash, Detail: "a # stands in the address as it is; what follows it is never sent", Change: "write %23 for a # inside a value",
			}, true}) {
				return
			}
		}
		for i, s := range sources {
			for reading := range readingsOf(s) {
				other := qfpay.ParseParams(sources[1-i])
				if i == 1 {
					reading.Params = merged(other, reading.Params)
				} else {
					reading.Params = merged(reading.Params, other)
				}
				if !yield(reading) {
					return
				}
			}
		}
	}
}

// joinedText reads a string that was signed with the pairs behind an address as parts of it.
func (r *Request) joinedText(yield func(Reading) bool) {
	p := rawParams(r.Text)
	if len(p) > mostPairs {
		return
	}
	for at := 1; at < len(p); at++ {
		if !strings.Contains(p[at-1].Value, "?") {
			continue
		}
		for to := at + 1; to <= len(p) && !known[p[to-1].Name]; to++ {
			whole := append(qfpay.Params(nil), p[:at]...)
			for _, tail := range p[at:to] {
				whole[at-1].Value += "&" + tail.Name + "=" + tail.Value
			}
			if !yield(Reading{Params: append(whole, p[to:]...), Sure: true}) {
				return
			}
		}
	}
}

func (r *Request) multipartBody() bool {
	return strings.HasPrefix(strings.ToLower(r.get("Content-Type")), "multipart/")
}

// readingsOf reads pairs whose & or + were not encoded.
func readingsOf(s string) iter.Seq[Reading] {
	return func(yield func(Reading) bool) {
		if s == "" || len(s) > mostBytes {
			return
		}
		plus := Remark{ID: RawPlus, Detail: "a + stands inside a value as it is, and arrives as a blank", Change: "write %2B for a +"}
		kept := strings.ReplaceAll(s, "+", "%2B")
		if kept != s && !yield(Reading{qfpay.ParseParams(kept), plus, true}) {
			return
		}
		if strings.Contains(s, "%") {
			if !yield(Reading{rawParams(s), Remark{ID: RawPlus, Detail: "a % stands inside a value as it is, and arrives as what it starts the escape of", Change: "write %25 for a %"}, true}) {
				return
			}
		}
		pairs := strings.Split(kept, "&")
		if len(pairs) > mostPairs {
			return
		}
		for _, from := range []string{s, kept} {
			pairs := strings.Split(from, "&")
			for n := 1; n < len(pairs); n++ {
				for at := 1; at+n <= len(pairs); at++ {
					if slices.ContainsFunc(pairs[at:at+n], isKnown) {
						continue
					}
					joined := append(append([]string(nil), pairs[:at-1]...), strings.Join(pairs[at-1:at+n], "%26"))
					joined = append(joined, pairs[at+n:]...)
					name, _, _ := strings.Cut(pairs[at-1], "=")
					why := Remark{ID: RawAmpersand, Change: "write %26 for an & inside a value",
						Detail: "an & stands inside the value of " + shortened(name) + " as it is, so the value ends there and " + shortened(strings.Join(pairs[at:at+n], "&")) + " arrives as parameters of its own"}
					sure := strings.Contains(pairs[at-1], "?") || strings.Contains(strings.ToUpper(pairs[at-1]), "%3F") ||
						slices.ContainsFunc(pairs[at:at+n], func(pair string) bool { return !strings.Contains(pair, "=") })
					if !yield(Reading{qfpay.ParseParams(strings.Join(joined, "&")), why, sure}) {
						return
					}
				}
			}
			if kept == s {
				return
			}
		}
	}
}

// merged puts the body's parameters behind the query's and over those of the same name.
func merged(query, body qfpay.Params) qfpay.Params {
	var p qfpay.Params
	for _, one := range query {
		if _, again := body.Lookup(one.Name); !again {
			p = append(p, one)
		}
	}
	return append(p, body...)
}

// otherBody reads a body whose content type says that it holds no parameters.
func (r *Request) otherBody() (qfpay.Params, bool) {
	kind, _, _ := strings.Cut(strings.ToLower(r.get("Content-Type")), ";")
	body := strings.TrimSpace(string(r.Body))
	switch kind = strings.TrimSpace(kind); {
	case body == "" || r.multipartBody():
		return nil, false
	case body[0] == '{':
		return ObjectParams(body)
	case kind == urlencoded || kind == "":
		return nil, false
	}
	p := qfpay.ParseParams(body)
	return p, strings.Contains(body, "=")
}

// ObjectParams gives the members of a JSON object in their order; what is no string is written as JSON
// has it.
func ObjectParams(s string) (qfpay.Params, bool) {
	d := json.NewDecoder(strings.NewReader(s))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, false
	}
	var p qfpay.Params
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, false
		}
		text := string(value)
		if text == "null" {
			text = ""
		} else if text[0] == '"' {
			if err := json.Unmarshal(value, &text); err != nil {
				return nil, false
			}
		}
		p = append(p, qfpay.Param{Name: name.(string), Value: text})
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return nil, false
	}
	_, err := d.Token()
	return p, err == io.EOF
}
