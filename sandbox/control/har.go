package control

import (
	"bufio"
	"cmp"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/. Names that begin with an underline are the
// sandbox's own, as the format leaves room for.

type harEntry struct {
	Started  string      `json:"startedDateTime"` // in real time
	Time     float64     `json:"time"`            // milliseconds
	Request  harRequest  `json:"request"`
	Response harResponse `json:"response"`
	Cache    struct{}    `json:"cache"`
	Timings  harTimings  `json:"timings"`
	Comment  string      `json:"comment,omitempty"`

	Seq        uint64             `json:"_seq"`
	App        sandbox.AppCode    `json:"_app"`
	At         time.Time          `json:"_at"` // by the App's clock
	Surface    string             `json:"_surface"`
	Direction  string             `json:"_direction"`
	Respcd     qfpay.Respcd       `json:"_respcd"`
	Fidelity   sandbox.Fidelity   `json:"_fidelity"`
	DecidedBy  string             `json:"_decided_by"`
	OutTradeNo sandbox.OutTradeNo `json:"_out_trade_no"`
	Syssn      sandbox.Syssn      `json:"_syssn"`
	Payer      sandbox.PayerID    `json:"_payer"`
	OpenID     sandbox.OpenID     `json:"_openid"`
	Findings   []Finding          `json:"_findings"`
	Error      string             `json:"_error,omitempty"`
}

type harRequest struct {
	Method      string     `json:"method"`
	URL         string     `json:"url"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Query       []harPair  `json:"queryString"`
	PostData    *harPosted `json:"postData,omitempty"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type harResponse struct {
	Status      int        `json:"status"` // 0 where no answer came
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// harPosted holds a body as text: a list of parameters would lose how they were encoded, which is
// what a signature breaks by.
type harPosted struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Base64   []byte `json:"_base64,omitempty"` // where the body is no text; the format has no place for it
	Comment  string `json:"comment,omitempty"`
}

type harContent struct {
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"encoding,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

const (
	harNotKnown = -1 // a size nobody counted
	harTime     = "2006-01-02T15:04:05.000000Z07:00"
	harNoType   = "x-unknown"
	harVersion  = "HTTP/1.1"
)

func (a *API) exportHAR(r *http.Request) (any, error) {
	q, err := a.exporting(r)
	if err != nil {
		return nil, err
	}
	return stream{"application/json", exportName(r, "har"), inPieces(func(w *bufio.Writer) error {
		const head = `{"log": {"version": "1.2", "creator": {"name": "qfsandbox", "version": `
		if _, err := io.WriteString(w, head); err != nil {
			return err
		}
		enc := encoder(w)
		if err := enc.Encode(a.About.Version); err != nil {
			return err
		}
		separator := `}, "entries": [` + "\n"
		err := a.each(r, q, func(e *sandbox.Exchange) error {
			if _, err := io.WriteString(w, separator); err != nil {
				return err
			}
			separator = ","
			return enc.Encode(a.harEntryOf(e))
		})
		if err != nil {
			return err
		}
		if separator == "," {
			separator = ""
		}
		_, err = io.WriteString(w, separator+"]}}\n")
		return err
	})}, nil
}

func (a *API) harEntryOf(e *sandbox.Exchange) harEntry {
	view := exchangeView(*e)
	started := e.Started
	if started.IsZero() {
		started = e.At
	}
	took := float64(e.Took.Microseconds()) / 1000
	entry := harEntry{
		Started: started.Format(harTime), Time: took, Request: a.harRequestOf(e), Response: harResponseOf(e), Timings: harTimings{Wait: took}, Comment: harComment(view.Findings),
		Seq: e.Seq, App: e.App, At: e.At, Surface: e.Surface, Direction: directionOf(e), Respcd: e.Respcd, Fidelity: e.Fidelity, DecidedBy: e.DecidedBy,
		OutTradeNo: e.OutTradeNo, Syssn: e.Syssn, Payer: e.Payer, OpenID: e.OpenID, Findings: view.Findings, Error: e.Error,
	}
	return entry
}

// harComment is what viewers show beside an entry.
func harComment(findings []Finding) string {
	said := make([]string, len(findings))
	for i, f := range findings {
		said[i] = f.ID + ": " + f.Detail
	}
	return strings.Join(said, "\n")
}

func (a *API) harRequestOf(e *sandbox.Exchange) harRequest {
	header := http.Header(e.RequestHeader)
	r := harRequest{
		Method: e.Method, URL: a.absolute(e.URL), HTTPVersion: harVersion, Cookies: []harPair{}, Headers: harHeaders(e.RequestHeader), Query: harQuery(e.URL),
		HeadersSize: harNotKnown, BodySize: len(e.RequestBody) + e.RequestCut,
	}
	for _, cookie := range (&http.Request{Header: header}).Cookies() {
		r.Cookies = append(r.Cookies, harPair{cookie.Name, cookie.Value})
	}
	if r.BodySize == 0 {
		return r
	}
	r.PostData = &harPosted{MimeType: cmp.Or(header.Get("Content-Type"), harNoType), Text: text(e.RequestBody), Comment: harCut(e.RequestCut)}
	if !utf8.Valid(e.RequestBody) {
		r.PostData.Base64 = e.RequestBody
	}
	return r
}

func harResponseOf(e *sandbox.Exchange) harResponse {
	header := http.Header(e.AnswerHeader)
	r := harResponse{
		Status: e.Status, StatusText: http.StatusText(e.Status), HTTPVersion: harVersion, Cookies: []harPair{}, Headers: harHeaders(e.AnswerHeader),
		Content:     harContent{Size: len(e.AnswerBody) + e.AnswerCut, MimeType: cmp.Or(header.Get("Content-Type"), harNoType), Text: text(e.AnswerBody), Comment: harCut(e.AnswerCut)},
		RedirectURL: header.Get("Location"), HeadersSize: harNotKnown, BodySize: len(e.AnswerBody) + e.AnswerCut,
	}
	for _, cookie := range (&http.Response{Header: header}).Cookies() {
		r.Cookies = append(r.Cookies, harPair{cookie.Name, cookie.Value})
	}
	if !utf8.Valid(e.AnswerBody) {
		r.Content.Text, r.Content.Encoding = base64.StdEncoding.EncodeToString(e.AnswerBody), "base64"
	}
	return r
}

func harCut(bytes int) string {
	if bytes == 0 {
		return ""
	}
	return fmt.Sprintf("%d more bytes were not kept", bytes)
}

// absolute is an address as the merchant knows it.
func (a *API) absolute(address string) string {
	switch {
	case strings.HasPrefix(address, "/"):
		return a.About.URL + address
	case strings.Contains(address, "://"):
		return address
	default:
		return a.About.URL + "/" + address
	}
}

func harHeaders(header map[string][]string) []harPair {
	list := []harPair{}
	for name, values := range header {
		for _, value := range values {
			list = append(list, harPair{name, value})
		}
	}
	slices.SortStableFunc(list, func(a, b harPair) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// harQuery lists a query's parameters in their order, decoded where they can be.
func harQuery(address string) []harPair {
	list := []harPair{}
	_, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		list = append(list, harPair{decoded(name), decoded(value)})
	}
	return list
}

func decoded(word string) string {
	if plain, err := url.QueryUnescape(word); err == nil {
		return plain
	}
	return word
}
