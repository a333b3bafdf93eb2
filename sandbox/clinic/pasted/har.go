package pasted

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// harRequest is what a HAR 1.2 entry says of its request.
type harRequest struct {
	Method   string `json:"method"`
	URL      string `json:"url"`
	Headers  []pair `json:"headers"`
	PostData struct {
		MimeType string `json:"mimeType"`
		Text     string `json:"text"`
		Encoding string `json:"encoding"`
		Params   []pair `json:"params"`
	} `json:"postData"`
}

type pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// readHAR reads the calls to QFPay of a HAR file, or of one entry of it.
func readHAR(s string) ([]Request, error) {
	var file struct {
		Log struct {
			Entries []struct {
				Request harRequest `json:"request"`
			} `json:"entries"`
		} `json:"log"`
		Request harRequest `json:"request"`
	}
	if err := json.Unmarshal([]byte(s), &file); err != nil {
		return nil, fmt.Errorf("%w: it starts as JSON does and is no HAR file (%v); the body of a notification goes to -notification", ErrUnreadable, err)
	}
	var found []harRequest
	for _, e := range file.Log.Entries {
		found = append(found, e.Request)
	}
	if file.Request.URL != "" {
		found = append(found, file.Request)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%w: the JSON has no log.entries, so it is no HAR file; the body of a notification goes to -notification", ErrUnreadable)
	}
	var list []Request
	for _, h := range found {
		r, err := h.read()
		if err != nil {
			return nil, err
		}
		if r.isQFPay() {
			list = append(list, r)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: none of the %d requests of the HAR file is a call to QFPay (/trade/…, /tool/…, or with X-QF-APPCODE)", ErrUnreadable, len(found))
	}
	return list, nil
}

func (h harRequest) read() (Request, error) {
	r := Request{Dialect: HAR, Method: strings.ToUpper(h.Method)}
	if r.Method == "" {
		r.Method = "GET"
	}
	if err := r.parseAddress(h.URL); err != nil {
		return r, err
	}
	if r.URL.Scheme == "" {
		return r, fmt.Errorf("%w: the HAR file's address %q has no host", ErrUnreadable, shortened(h.URL))
	}
	for _, f := range h.Headers {
		if !strings.HasPrefix(f.Name, ":") { // HTTP/2 writes method and path so
			r.Header = append(r.Header, Field(f))
		}
	}
	body := h.PostData.Text
	if h.PostData.Encoding == "base64" {
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return r, fmt.Errorf("%w: the postData of %s is said to be base64 and is not", ErrUnreadable, shortened(h.URL))
		}
		body = string(raw)
	}
	if body == "" && len(h.PostData.Params) > 0 {
		var p qfpay.Params
		for _, f := range h.PostData.Params {
			p = append(p, qfpay.Param(f))
		}
		body = p.Encode()
	}
	r.Body = []byte(body)
	if body != "" && r.get("Content-Type") == "" && h.PostData.MimeType != "" {
		r.Header = append(r.Header, Field{"Content-Type", h.PostData.MimeType})
	}
	return r, nil
}

// isQFPay reports whether a request looks like a call to QFPay.
func (r *Request) isQFPay() bool {
	for _, part := range []string{"/trade/v1/", "/tool/v1/"} {
		if strings.Contains(r.URL.Path, part) {
			return true
		}
	}
	for _, f := range r.Header {
		if strings.HasPrefix(lettersOf(f.Name), "xqf") {
			return true
		}
	}
	return false
}
