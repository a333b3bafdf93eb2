package control

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// test says whether a reader wants an exchange.
type test func(e *sandbox.Exchange) bool

// filterRow is one filter of the journal: read makes the test of a value, or says why there is none.
type filterRow struct {
	name string
	read func(value string) (test, error)
}

// anyFinding asks for exchanges with a finding, whichever.
const anyFinding = "any"

var filters = [...]filterRow{
	{"surface", oneOf("surface", surfaces, func(e *sandbox.Exchange) string { return e.Surface })},
	{"direction", oneOf("direction", []string{"in", "out"}, func(e *sandbox.Exchange) string { return directionOf(e) })},
	{"path", pathFilter},
	{"method", methodFilter},
	{"out_trade_no", exactly(func(e *sandbox.Exchange) string { return string(e.OutTradeNo) })},
	{"syssn", exactly(func(e *sandbox.Exchange) string { return string(e.Syssn) })},
	{"payer", exactly(func(e *sandbox.Exchange) string { return string(e.Payer) })},
	{"openid", exactly(func(e *sandbox.Exchange) string { return string(e.OpenID) })},
	{"respcd", respcdFilter},
	{"status", statusFilter},
	{"decided_by", decidedByFilter},
	{"fidelity", oneOf("fidelity", []string{string(sandbox.Documented), string(sandbox.Observed), string(sandbox.Assumed)}, func(e *sandbox.Exchange) string { return string(e.Fidelity) })},
	{"finding", findingFilter},
	{"q", searchFilter},
	{"after", timeFilter("after", func(at, bound time.Time) bool { return !at.Before(bound) })},
	{"before", timeFilter("before", func(at, bound time.Time) bool { return at.Before(bound) })},
}

// filterNames are the query parameters every reader of the journal takes.
var filterNames = func() string {
	names := "app"
	for _, row := range filters {
		names += " " + row.name
	}
	return names + " since until"
}()

// surfaces are where exchanges come in; notify is where they go out.
var surfaces = []string{"openapi", "weixin", "wallet", "cashier", "notify", "unknown"}

// Surfaces are where exchanges come in or go out.
func Surfaces() []string { return slices.Clone(surfaces) }

func directionOf(e *sandbox.Exchange) string {
	if e.Surface == "notify" {
		return "out"
	}
	return "in"
}

// exactly compares with values nobody lists.
func exactly(of func(*sandbox.Exchange) string) func(string) (test, error) {
	return func(value string) (test, error) {
		return func(e *sandbox.Exchange) bool { return of(e) == value }, nil
	}
}

// oneOf compares with words there is a list of.
func oneOf(name string, words []string, of func(*sandbox.Exchange) string) func(string) (test, error) {
	return func(value string) (test, error) {
		if !slices.Contains(words, value) {
			allowed := strings.Join(words, ", ")
			return nil, badRequest("%s is %q, want one of %s%s", name, value, allowed, sandbox.Guess(value, allowed))
		}
		return exactly(of)(value)
	}
}

func pathFilter(value string) (test, error) {
	if !strings.HasPrefix(value, "/") {
		hint := ""
		if slices.Contains(sandbox.Endpoints(), sandbox.Endpoint(value)) {
			hint = "; did you mean " + pathOfCall(sandbox.Endpoint(value)) + "?"
		}
		return nil, badRequest("path is %q, want a path from its first slash on, such as /trade/v1/payment%s", value, hint)
	}
	return func(e *sandbox.Exchange) bool { return pathOf(e.URL) == value }, nil
}

// pathOfCall is where a call of QFPay's is served.
func pathOfCall(at sandbox.Endpoint) string {
	if at == sandbox.AtOAuthCode || at == sandbox.AtOpenID {
		return "/tool/v1/" + string(at)
	}
	return "/trade/v1/" + string(at)
}

func pathOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Path
	}
	return address
}

func methodFilter(value string) (test, error) {
	methods := []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace,
	}
	return oneOf("method", methods, func(e *sandbox.Exchange) string { return e.Method })(strings.ToUpper(value))
}

func respcdFilter(value string) (test, error) {
	if _, published := qfpay.Respcd(value).Row(); !published {
		return nil, badRequest("respcd is %q, which QFPay never published, want one of those GET %s/fidelity lists, such as 0000 or 1108", value, Prefix)
	}
	return exactly(func(e *sandbox.Exchange) string { return string(e.Respcd) })(value)
}

// statusFilter takes a status, a class of them, or 0 where no answer came.
func statusFilter(value string) (test, error) {
	wrong := badRequest("status is %q, want an HTTP status such as 200, a class of them such as 4xx, or 0 for no answer", value)
	if value == "0" {
		return func(e *sandbox.Exchange) bool { return e.Status == 0 }, nil
	}
	if len(value) != 3 || value[0] < '1' || value[0] > '5' {
		return nil, wrong
	}
	if strings.EqualFold(value[1:], "xx") {
		return func(e *sandbox.Exchange) bool { return e.Status/100 == int(value[0]-'0') }, nil
	}
	status := 0
	for _, digit := range []byte(value) {
		if digit < '0' || digit > '9' {
			return nil, wrong
		}
		status = 10*status + int(digit-'0')
	}
	return func(e *sandbox.Exchange) bool { return e.Status == status }, nil
}

// deciders are the kinds of levers, the first words of X-Sandbox-Decided-By, and of plans.
var deciders = []string{sandbox.ByDefault, "header", "fault", "payer", "amount", "plan"}

// decidedByFilter takes a kind of lever, or one lever such as "fault 3".
func decidedByFilter(value string) (test, error) {
	kind, _, _ := strings.Cut(value, " ")
	if !slices.Contains(deciders, kind) {
		allowed := strings.Join(deciders, ", ")
		return nil, badRequest(`decided_by is %q, want one of %s, or a single lever such as "fault 3"%s`, value, allowed, sandbox.Guess(kind, allowed))
	}
	return func(e *sandbox.Exchange) bool {
		return e.DecidedBy == value || value == kind && strings.HasPrefix(e.DecidedBy, kind+" ")
	}, nil
}

func findingFilter(value string) (test, error) {
	if value == anyFinding {
		return func(e *sandbox.Exchange) bool { return len(e.Findings) > 0 }, nil
	}
	if ids := findingIDs(); !slices.Contains(ids, value) {
		return nil, badRequest("finding is %q, want %s or an id that GET %s/findings lists%s", value, anyFinding, Prefix, sandbox.Guess(value, strings.Join(ids, ", ")))
	}
	return func(e *sandbox.Exchange) bool { return e.Has(value) }, nil
}

// findingIDs are all ids the journal can name.
func findingIDs() []string {
	var ids []string
	for _, row := range allFindings() {
		ids = append(ids, row.ID)
	}
	return ids
}

// timeFilter compares with the exchange's time by its App's clock.
func timeFilter(name string, holds func(at, bound time.Time) bool) func(string) (test, error) {
	return func(value string) (test, error) {
		bound, err := readTime(name, value)
		if err != nil {
			return nil, err
		}
		return func(e *sandbox.Exchange) bool { return holds(e.At, bound) }, nil
	}
}

// readFilters makes the tests a query asks for.
func readFilters(query url.Values) ([]test, error) {
	var tests []test
	for name, values := range query {
		if len(values) > 1 {
			return nil, badRequest("%s is given %d times, want it once: each filter takes one value", name, len(values))
		}
	}
	for _, row := range filters {
		value := query.Get(row.name)
		if value == "" {
			continue
		}
		wanted, err := row.read(value)
		if err != nil {
			return nil, err
		}
		tests = append(tests, wanted)
	}
	return tests, nil
}

// appNotHere says that nobody made this App: its journal would stay empty, and a wait for it would
// end with nothing.
func appNotHere(code sandbox.AppCode) error {
	return &problem{Status: http.StatusNotFound, Code: "not-found", Message: fmt.Sprintf("app %q does not exist here", code)}
}
