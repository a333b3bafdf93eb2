package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
)

// answer is what is compared.
type answer = bundle.Exchange

func answerOf(e bundle.Exchange) answer { return e }

// kind is what a field of an answer holds, as far as a replay gives it another value.
type kind int

const (
	anID      kind = iota + 1
	aTime          // empty or not is all that counts
	anAddress      // whose ids are in its query
	aToken         // a word that stands for others, of a length of its own
	aMessage       // WeChat's, which ends with the id of the request
)

// kinds are the fields whose values are the sandbox's own choice.
var kinds = map[string]kind{
	"syssn": anID, "orig_syssn": anID, "origssn": anID, "chnlsn": anID, "chnlsn2": anID, "cardcd": anID, "openid": anID, "package": anID, "prepayid": anID, "partnerid": anID,
	"nonceStr": anID, "noncestr": anID, "paySign": anID, "sign": anID, "appId": anID, "appid": anID,
	"sysdtm": aTime, "paydtm": aTime, "timeStamp": aTime, "timestamp": aTime,
	"qrcode": anAddress, "pay_url": anAddress, "frame": anAddress,
	"headimgurl": aTime, "access_token": aToken, "refresh_token": aToken, "ticket": aToken, "unionid": anID, "errmsg": aMessage,
}

// mostDifferences are told of one step.
const mostDifferences = 10

// compare says where the answers differ, and learns what the recorded ids are called now.
func (s *stage) compare(was, is answer) []string {
	c := comparison{stage: s}
	c.answers(was, is)
	if c.more > 0 {
		c.found = append(c.found, fmt.Sprintf("and %d more", c.more))
	}
	return c.found
}

func (c *comparison) answers(was, is answer) {
	if was.Status != is.Status {
		c.differ("HTTP status", status(was), status(is))
		return
	}
	if was.Status == 0 {
		return
	}
	for _, name := range []string{"Content-Type", "Retry-After", "Allow"} {
		if a, b := get(was, name), get(is, name); a != b {
			c.differ("header "+name, a, b)
		}
	}
	if a, b := get(was, "X-QF-SIGN") != "", get(is, "X-QF-SIGN") != ""; a != b {
		c.differ("header X-QF-SIGN", strconv.FormatBool(a), strconv.FormatBool(b))
	}
	before, after := get(was, "Location"), get(is, "Location")
	c.names.learnAddress(before, after)
	if a := c.names.apply(before); a != after {
		c.differ("header Location", a, after)
	}
	c.bodies(was, is)
}

// get finds a header whatever its spelling: QFPay's are none of Go's.
func get(a answer, name string) string {
	for have, values := range a.AnswerHeader {
		if strings.EqualFold(have, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

func status(a answer) string {
	if a.Status == 0 {
		return "no answer"
	}
	return strconv.Itoa(a.Status)
}

type comparison struct {
	*stage
	found []string
	// more counts those behind mostDifferences.
	more int
}

func (c *comparison) differ(where, was, is string) {
	if len(c.found) == mostDifferences {
		c.more++
		return
	}
	c.found = append(c.found, fmt.Sprintf("%s was %s, is %s", where, short(was), short(is)))
}

func short(s string) string {
	if r := []rune(s); len(r) > 120 {
		s = string(r[:120]) + "…"
	}
	return strconv.Quote(s)
}

func (c *comparison) bodies(was, is answer) {
	if was.AnswerCut > 0 {
		return // what was not kept is not compared
	}
	a, okA := object(was.AnswerBody)
	b, okB := object(is.AnswerBody)
	if okA && okB {
		c.learn(a, b)
		c.values("", a, b)
		return
	}
	before, after := c.names.apply(string(was.AnswerBody)), string(is.AnswerBody)
	if strings.Contains(before, "<html") {
		c.learnPage(before, after)
		before, after = c.page(before), c.page(after)
	}
	if before != after {
		i := 0
		for i < min(len(before), len(after)) && before[i] == after[i] {
			i++
		}
		c.differ(fmt.Sprintf("the body from byte %d on", i), strings.ToValidUTF8(before[i:], "\uFFFD"), strings.ToValidUTF8(after[i:], "\uFFFD"))
	}
}

func object(raw []byte) (map[string]any, bool) {
	var o map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return o, d.Decode(&o) == nil
}

// looker are the parts of a page that only say who looks at it: the wallet's token, which holds ids, and the ticket of
// WeChat's consent page.
var looker = [...]string{`data-token="`, `name="uuid" value="`}

// learnPage takes what the ticket of a consent page is called now; its answer carries it.
func (c *comparison) learnPage(was, is string) {
	ticket := func(html string) string {
		_, rest, _ := strings.Cut(html, looker[1])
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	c.names.text(ticket(was), ticket(is))
}

// page leaves them out.
func (c *comparison) page(html string) string {
	for _, mark := range looker {
		if before, rest, found := strings.Cut(html, mark); found {
			_, rest, _ = strings.Cut(rest, `"`)
			html = before + rest
		}
	}
	return html
}

// learn takes the new ids from two answers of the same shape.
func (c *comparison) learn(was, is any) {
	switch was := was.(type) {
	case map[string]any:
		other, _ := is.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(was)) {
			a, isText := was[name].(string)
			b, _ := other[name].(string)
			switch {
			case !isText:
				c.learn(was[name], other[name])
			case kinds[name] == aToken, kinds[name] == anID, name == "timeStamp", name == "timestamp":
				c.names.word(strings.TrimPrefix(a, "prepay_id="), strings.TrimPrefix(b, "prepay_id="))
			case kinds[name] == anAddress:
				c.names.learnAddress(a, b)
			}
		}
	case []any:
		other, _ := is.([]any)
		was, other = c.rows(was), c.rows(other)
		for i := range min(len(was), len(other)) {
			c.learn(was[i], other[i])
		}
	}
}

// rows leaves out of an enquiry's rows those of orders the bundle is not about.
func (c *comparison) rows(list []any) []any {
	return slices.DeleteFunc(slices.Clone(list), func(v any) bool {
		row, _ := v.(map[string]any)
		number, named := row["out_trade_no"].(string)
		return named && !slices.Contains(c.profile.Numbers, sandbox.OutTradeNo(number)) && !strings.HasPrefix(number, "refund-")
	})
}

// values compares two values field by field.
func (c *comparison) values(where string, was, is any) {
	switch a := was.(type) {
	case map[string]any:
		if b, ok := is.(map[string]any); ok {
			c.fields(where, a, b)
			return
		}
	case []any:
		if b, ok := is.([]any); ok {
			a, b = c.rows(a), c.rows(b)
			if len(a) != len(b) {
				c.differ(where+": rows", strconv.Itoa(len(a)), strconv.Itoa(len(b)))
				return
			}
			for i := range a {
				c.values(fmt.Sprintf("%s[%d]", where, i), a[i], b[i])
			}
			return
		}
	case string:
		if b, ok := is.(string); ok {
			if c.names.apply(a) != b {
				c.differ(where, a, b)
			}
			return
		}
	default:
		if was == is {
			return
		}
	}
	c.differ(where, fmt.Sprint(was), fmt.Sprint(is))
}

func (c *comparison) fields(where string, was, is map[string]any) {
	all := maps.Clone(was)
	maps.Copy(all, is)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		place := strings.TrimPrefix(where+"."+name, ".")
		a, had := was[name]
		b, has := is[name]
		if had != has {
			c.differ(place, presence(had), presence(has))
			continue
		}
		x, isText := a.(string)
		y, isTextToo := b.(string)
		if kinds[name] != 0 && isText && isTextToo {
			if !alike(kinds[name], x, y) {
				c.differ(place, x, y)
			}
			continue
		}
		c.values(place, a, b)
	}
}

func presence(is bool) string {
	if is {
		return "there"
	}
	return "absent"
}

// alike reports whether two values of the sandbox's own choice have the same shape.
func alike(k kind, x, y string) bool {
	switch {
	case (x == "") != (y == ""):
		return false
	case k == anID:
		return len(x) == len(y)
	case k == aMessage:
		before, _, _ := strings.Cut(x, ", rid: ")
		after, _, _ := strings.Cut(y, ", rid: ")
		return before == after
	case k == anAddress:
		before, _, _ := strings.Cut(strings.TrimPrefix(x, "http://"), "?")
		after, _, _ := strings.Cut(strings.TrimPrefix(y, "http://"), "?")
		_, before, _ = strings.Cut(before, "/")
		_, after, _ = strings.Cut(after, "/")
		return before == after
	}
	return true
}

// brief is an answer in few words.
func brief(a answer) string {
	if a.Status == 0 {
		return "no answer"
	}
	said := strconv.Itoa(a.Status)
	o, _ := object(a.AnswerBody)
	if code, ok := o["respcd"].(string); ok {
		said += " " + code
		if rows, ok := o["data"].([]any); ok {
			var codes []string
			for _, v := range rows {
				if row, ok := v.(map[string]any); ok {
					codes = append(codes, fmt.Sprint(row["respcd"]))
				}
			}
			said += " (" + strings.Join(codes[:min(len(codes), 3)], " ") + ")"
		}
		return short(said)[1 : len(short(said))-1]
	}
	if text, ok := o["err_msg"].(string); ok {
		said += " " + text
	} else if to, _, _ := strings.Cut(get(a, "Location"), "?"); to != "" {
		said += " to " + to
	}
	quoted := short(said)
	return quoted[1 : len(quoted)-1]
}
