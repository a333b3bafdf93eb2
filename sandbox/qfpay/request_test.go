package qfpay_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

const form = "application/x-www-form-urlencoded"

func request(method, query, contentType, body string) *http.Request {
	r := httptest.NewRequest(method, "/trade/v1/payment", strings.NewReader(body))
	r.URL.RawQuery = query
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

func TestReadParams(t *testing.T) {
	const boundary = "multipart/form-data; boundary=XX"
	parts := func(all ...string) string { return strings.Join(all, "") + "--XX--\r\n" }
	field := func(name, value string) string {
		return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	file := func(name, filename string) string {
		return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename +
			"\"\r\nContent-Type: text/plain\r\n\r\nbytes\r\n"
	}
	tests := []struct {
		name, method, query, contentType, body, want string
	}{
		{"nothing", "GET", "", "", "", ""},
		{"query of a GET", "GET", "code=0&mchid=1", "", "", "code=0&mchid=1"},
		{"POST with everything in the query", "POST", "b=2&a=1", form, "", "b=2&a=1"},
		{"urlencoded body", "POST", "", form, "b=2&a=+", "b=2&a=+"},
		{"content type with parameters, any case", "POST", "", "Application/X-WWW-Form-UrlEncoded; charset=UTF-8", "a=1", "a=1"},
		{"content type with a broken parameter", "POST", "", form + "; charset", "a=1", "a=1"},
		{"no content type", "POST", "", "", "a=1&b=x y", "a=1&b=x+y"},
		{"GET with a body", "GET", "a=1", form, "b=2", "a=1&b=2"},
		{"PUT, why not", "PUT", "", form, "b=2", "b=2"},
		{"union, the body wins", "POST", "a=query&b=query", form, "c=body&a=body", "a=body&b=query&c=body"},
		{"an empty value in the body wins too", "POST", "a=query", form, "a=", "a="},
		{"the first wins within the query", "GET", "a=1&b=2&a=3", "", "", "a=1&b=2"},
		{"the first wins within the body", "POST", "a=0", form, "a=1&a=2", "a=1"},
		{"a semicolon and a bad escape survive", "POST", "q=1;2", form, "a=1;b=%zz", "q=1%3B2&a=1%3Bb%3D%25zz"},
		{"JSON is no parameters", "POST", "a=1", "application/json", `{"b":"2"}`, "a=1"},
		{"JSON that looks like a form", "POST", "", "application/json; charset=utf-8", "b=2", ""},
		{"plain text is no parameters", "POST", "a=1", "text/plain", "b=2", "a=1"},
		{"multipart", "POST", "q=1", boundary, parts(field("a", "x y&="), field("b", "測")), "q=1&a=x+y%26%3D&b=%E6%B8%AC"},
		{"multipart is not unescaped", "POST", "", boundary, parts(field("a", "1+%41")), "a=1%2B%2541"},
		{"multipart on GET", "GET", "", boundary, parts(field("code", "011")), "code=011"},
		{"file parts are left out", "POST", "", boundary,
			parts(field("a", "1"), file("f", "x.txt"), file("g", ""), field("b", "2")), "a=1&b=2"},
		{"a part without a name", "POST", "", boundary,
			parts("--XX\r\nContent-Disposition: form-data\r\n\r\nv\r\n", field("a", "1")), "a=1"},
		{"multipart type with an empty body", "POST", "a=1", boundary, "", "a=1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(tt.method, tt.query, tt.contentType, tt.body)
			p, err := qfpay.ReadParams(r, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Encode(); got != tt.want {
				t.Errorf("got %q want %q", got, tt.want)
			}
			if again, err := io.ReadAll(r.Body); err != nil || string(again) != tt.body {
				t.Errorf("body read again: got %q, %v want %q", again, err, tt.body)
			}
		})
	}
}

// What PHP's curl and Python's requests write is what mime/multipart writes.
func TestReadParamsWrittenByALibrary(t *testing.T) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, err := range []error{w.WriteField("txamt", "300"), w.WriteField("goods_name", "測試 \"A\""), w.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r := httptest.NewRequest("POST", "/", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	p, err := qfpay.ReadParams(r, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Canonical(), "goods_name=測試 \"A\"&txamt=300"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
}

func TestReadParamsErrors(t *testing.T) {
	chunked := func(r *http.Request) *http.Request { r.ContentLength = -1; return r }
	broken := errors.New("line went dead")
	failing := request("POST", "q=1", form, "")
	failing.Body, failing.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader("a=1"), failingReader{broken})), -1
	limited := chunked(request("POST", "q=1", form, "a=12345678"))
	limited.Body = http.MaxBytesReader(nil, limited.Body, 4)
	tests := []struct {
		name string
		r    *http.Request
		want error
	}{
		{"announced too large", request("POST", "q=1", form, "a=1234567890"), qfpay.ErrBodyTooLarge},
		{"too large without announcement", chunked(request("POST", "q=1", form, "a=1234567890")), qfpay.ErrBodyTooLarge},
		{"too large although JSON", request("POST", "q=1", "application/json", `{"a":"123456"}`), qfpay.ErrBodyTooLarge},
		{"cut by an outer limit", limited, qfpay.ErrBodyTooLarge},
		{"no boundary", request("POST", "q=1", "multipart/form-data", "--XX--"), qfpay.ErrMultipart},
		{"unreadable content type", request("POST", "q=1", "multipart/form-data; boundary", "--XX--"), qfpay.ErrMultipart},
		{"never ends", request("POST", "q=1", "multipart/form-data; boundary=X", "--X\r\n\r\na"), qfpay.ErrMultipart},
		{"not multipart at all", request("POST", "q=1", "multipart/form-data; boundary=X", "a=1"), qfpay.ErrMultipart},
		{"reader fails", failing, broken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := qfpay.ReadParams(tt.r, 10)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v want %v", err, tt.want)
			}
			if got := p.Encode(); got != "q=1" {
				t.Errorf("parameters known by then: got %q want %q", got, "q=1")
			}
		})
	}
}

func TestReadParamsTakesExactlyTheLimit(t *testing.T) {
	for _, announced := range []bool{true, false} {
		r := request("POST", "", form, "a=12345678")
		if !announced {
			r.ContentLength = -1
		}
		p, err := qfpay.ReadParams(r, 10)
		if err != nil || p.Get("a") != "12345678" {
			t.Errorf("announced %v: got %q, %v want the value and no error", announced, p, err)
		}
	}
}

func TestReadParamsOfAClientRequest(t *testing.T) {
	r, err := http.NewRequest("GET", "http://h/?a=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := qfpay.ReadParams(r, 10); err != nil || p.Encode() != "a=1" {
		t.Errorf("got %q, %v want a=1", p, err)
	}
}

// Above a few parameters names are found by map; both ways must agree.
func TestReadParamsMany(t *testing.T) {
	var query, body qfpay.Params
	for i := range 500 {
		query = append(query, qfpay.Param{Name: fmt.Sprint("n", i), Value: "query"}, qfpay.Param{Name: fmt.Sprint("n", i/2), Value: "later"})
		body = append(body, qfpay.Param{Name: fmt.Sprint("n", 2*i), Value: "body"}, qfpay.Param{Name: fmt.Sprint("n", i), Value: "later"})
	}
	p, err := qfpay.ReadParams(request("POST", query.Encode(), form, body[:100].Encode()), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if len(p) != 500 {
		t.Errorf("got %d parameters want 500", len(p))
	}
	for name, want := range map[string]string{"n0": "body", "n1": "later", "n2": "body", "n98": "body", "n99": "query", "n499": "query"} {
		if got := p.Get(name); got != want {
			t.Errorf("%s: got %q want %q", name, got, want)
		}
	}
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

func FuzzReadParamsMultipart(f *testing.F) {
	f.Add("--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n")
	f.Add("--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n1\r\n--X--\r\n")
	f.Add("--X\r\n\r\n--X--")
	f.Fuzz(func(t *testing.T, body string) {
		r := request("POST", "", "multipart/form-data; boundary=X", body)
		p, err := qfpay.ReadParams(r, 1<<16)
		if err != nil && !errors.Is(err, qfpay.ErrMultipart) && !errors.Is(err, qfpay.ErrBodyTooLarge) {
			t.Errorf("unexpected error %v", err)
		}
		seen := map[string]bool{}
		for _, param := range p {
			if seen[param.Name] {
				t.Errorf("%q twice", param.Name)
			}
			seen[param.Name] = true
		}
	})
}
