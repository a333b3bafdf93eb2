package sandboxtest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Params are a call's parameters before they are signed and encoded.
type Params map[string]string

func (p Params) list() qfpay.Params {
	var list qfpay.Params
	for _, name := range slices.Sorted(maps.Keys(p)) { // the same bytes in every run
		list = append(list, qfpay.Param{Name: name, Value: p[name]})
	}
	return list
}

// Sign gives what X-QF-SIGN carries for these parameters: MD5 with the App's key.
func (s *Sandbox) Sign(p Params) string {
	return qfpay.Sign(p.list().Canonical(), s.ClientKey, qfpay.MD5)
}

// Request is a signed call of the App that was not sent: GET below /tool/, POST elsewhere.
func (s *Sandbox) Request(path string, p Params) *http.Request {
	s.tb.Helper()
	method, target, form := http.MethodPost, s.URL+path, p.list().Encode()
	if strings.HasPrefix(path, "/tool/") {
		method, target, form = http.MethodGet, target+"?"+form, ""
	}
	req, err := http.NewRequestWithContext(s.tb.Context(), method, target, strings.NewReader(form))
	s.check(err)
	req.Header.Set("X-QF-APPCODE", s.AppCode)
	req.Header.Set("X-QF-SIGN", s.Sign(p))
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req
}

// Answer is what QFPay answered.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Call makes a signed call of the App, for tests that have no client yet. Any answer is one; none at
// all, as after a queued cut=before, fails the test: send Request then.
func (s *Sandbox) Call(path string, p Params) Answer {
	s.tb.Helper()
	once := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := once.Do(s.Request(path, p))
	s.check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	s.check(err)
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: string(body)}
}

// At gives a field of the answer's JSON, such as respcd, pay_params.package or data.0.respcd; empty
// when there is none. What is no text is given as JSON.
func (a Answer) At(path string) string {
	at := json.RawMessage(a.Body)
	for name := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		var array []json.RawMessage
		if json.Unmarshal(at, &object) == nil {
			at = object[name]
		} else if n, err := strconv.Atoi(name); err == nil && json.Unmarshal(at, &array) == nil && n >= 0 && n < len(array) {
			at = array[n]
		} else {
			return ""
		}
	}
	var text string
	if json.Unmarshal(at, &text) == nil {
		return text
	}
	return string(at)
}
