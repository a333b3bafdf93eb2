package replay

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Where a replay may send requests: QFPay's and WeChat's surface, never the controls, which a sandbox
// with one port has beside them.
var surfaces = []string{"/trade/", "/tool/", "/connect/", "/sns/", "/cgi-bin/", "/q/", "/wallet/"}

var methods = []string{"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}

// misplaced says why nothing is sent to an address, empty where it is QFPay's or WeChat's.
func misplaced(address string) string {
	u, err := url.ParseRequestURI(address)
	switch {
	case err != nil || u.Host != "" || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//"):
		return "its address is not a path of the sandbox"
	case !slices.ContainsFunc(surfaces, func(s string) bool { return strings.HasPrefix(u.Path, s) && strings.HasPrefix(address, s) }) || strings.Contains(u.Path, ".."):
		return "its path is none of QFPay's or WeChat's"
	}
	return ""
}

// unplayable says why a recorded request cannot be sent again, empty when it can.
func unplayable(e bundle.Exchange) string {
	if why := misplaced(e.URL); why != "" {
		return why
	}
	switch {
	case !slices.Contains(methods, e.Method):
		return "its method is none a replay sends"
	case e.RequestCut > 0:
		return fmt.Sprintf("%d bytes of its body were not kept", e.RequestCut)
	}
	return ""
}

// dropped are headers that belong to the connection.
var dropped = []string{"Accept-Encoding", "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// request is the recorded one in the replay's names, signed anew where it was signed right; or why
// there is none.
func (s *stage) request(ctx context.Context, e bundle.Exchange) (req *http.Request, why string) {
	if s.NotifyURL != "" {
		if told := paramsOf(e).Get("notify_url"); told != "" {
			s.names.address(told, s.NotifyURL)
		}
	}
	address, body := s.inToken(e.URL), []byte(s.names.apply(string(e.RequestBody)))
	header := http.Header{}
	for name, values := range e.RequestHeader {
		if slices.Contains(dropped, http.CanonicalHeaderKey(name)) {
			continue
		}
		for _, v := range values {
			if v = s.header(http.CanonicalHeaderKey(name), v); name == "" || strings.IndexFunc(name, isNoToken) >= 0 || strings.IndexFunc(v, unicode.IsControl) >= 0 {
				return nil, fmt.Sprintf("its header %.40q cannot be sent", name)
			}
			header.Add(name, v)
		}
	}
	if e.Fact(bundle.FactCredentials) == bundle.CredentialsRight {
		address = s.sign(e, address, body, header)
	}
	if why := misplaced(address); why != "" { // the names come from the bundle too
		return nil, why
	}
	if s.NotifyURL != "" && s.tellsOthers(address, header, body) {
		return nil, "its notify_url is spelt so that it cannot be replaced by the one of the replay"
	}
	req, err := http.NewRequestWithContext(ctx, e.Method, s.vendor.Scheme+"://"+s.vendor.Host, bytes.NewReader(body))
	if err != nil {
		return nil, "it cannot be sent: " + err.Error()
	}
	req.URL.Opaque, req.Header = address, header // byte for byte, as it came
	if header.Get("User-Agent") == "" {
		header["User-Agent"] = nil
	}
	return req, ""
}

// isNoToken reports whether a header's name cannot have a character.
func isNoToken(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

// tellsOthers reports whether a request asks for notifications to somewhere else.
func (s *stage) tellsOthers(address string, header http.Header, body []byte) bool {
	_, query, _ := strings.Cut(address, "?")
	for _, p := range readParams(query, header, body) {
		if p.Name == "notify_url" && p.Value != "" && p.Value != s.NotifyURL {
			return true
		}
	}
	return false
}

// header gives a header's value in the replay's names.
func (s *stage) header(name, value string) string {
	switch {
	case name == "X-Qf-Appcode" && value == string(s.profile.App.AppCode):
		return string(s.app.AppCode)
	case name == "Cookie":
		for was, is := range s.payers {
			if _, cookie, found := strings.Cut(value, payerCookie+"="); found && strings.SplitN(cookie, ";", 2)[0] == string(was) {
				return strings.Replace(value, payerCookie+"="+string(was), payerCookie+"="+string(is), 1)
			}
		}
	}
	return s.names.apply(value)
}

// payerCookie names the payer a browser belongs to.
const payerCookie = "sandbox_payer"

// inToken says an address in the replay's names, also inside the token that the wallet's sheet carries.
func (s *stage) inToken(address string) string {
	before, token, found := strings.Cut(address, "/wallet/sheet?p=")
	if raw, err := base64.RawURLEncoding.DecodeString(token); found && before == "" && err == nil {
		return "/wallet/sheet?p=" + base64.RawURLEncoding.EncodeToString([]byte(s.names.apply(string(raw))))
	}
	return s.names.apply(address)
}

const oauthCodePath = "/tool/v1/get_weixin_oauth_code"

// sign makes the signature anew: in the header, or among the parameters of a browser's address.
func (s *stage) sign(e bundle.Exchange, address string, body []byte, header http.Header) string {
	path, query, _ := strings.Cut(address, "?")
	if !strings.HasPrefix(path, oauthCodePath) {
		if old := header.Get("X-Qf-Sign"); old != "" {
			params := readParams(query, header, body)
			header.Set("X-Qf-Sign", inCaseOf(old, s.digest(e, params, qfpay.SignTypeOf(header.Get("X-Qf-Signtype")))))
		}
		return address
	}
	params := qfpay.ParseParams(query)
	if relay, relayed := params.Lookup("relay"); relayed {
		params = qfpay.ParseParams(relay)
	}
	if old := params.Get("sign"); isWord(old) {
		sign := inCaseOf(old, s.digest(e, params, qfpay.MD5))
		s.names.word(old, sign)
		return strings.ReplaceAll(address, old, sign)
	}
	return address
}

// digest signs as the recorded caller did: over empty values too, if that was the case.
func (s *stage) digest(e bundle.Exchange, params qfpay.Params, t qfpay.SignType) string {
	canonical := params.Canonical()
	for _, f := range e.Facts {
		if f.Name == "finding" && strings.HasPrefix(f.Value, sandbox.FindEmptySigned) {
			canonical = params.CanonicalWithEmpties()
		}
	}
	return qfpay.Sign(canonical, s.app.ClientKey, t)
}

// inCaseOf writes a digest in small letters where the old one was.
func inCaseOf(old, sign string) string {
	if strings.ToLower(old) == old {
		return strings.ToLower(sign)
	}
	return sign
}

// paramsOf are the parameters of a recorded request.
func paramsOf(e bundle.Exchange) qfpay.Params {
	_, query, _ := strings.Cut(e.URL, "?")
	return readParams(query, http.Header(e.RequestHeader), e.RequestBody)
}

func readParams(query string, header http.Header, body []byte) qfpay.Params {
	params, _ := qfpay.ReadParams(&http.Request{
		URL: &url.URL{RawQuery: query}, Header: header, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, int64(len(body))+1) // those that can be read
	return params
}

// mostAnswer bounds what is read of an answer, in bytes.
const mostAnswer = 4 << 20

// send gives the answer, one without a status where none came. Errors: those of a sandbox that is not
// there any more.
func (s *stage) send(req *http.Request) (bundle.Exchange, error) {
	resp, err := s.http.Do(req)
	switch {
	case req.Context().Err() != nil:
		return bundle.Exchange{}, req.Context().Err()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), err != nil && strings.Contains(err.Error(), "EOF"):
		return bundle.Exchange{}, nil // closed on purpose
	case err != nil:
		return bundle.Exchange{}, fmt.Errorf("the sandbox's QFPay at %s: %w", s.vendor, err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, mostAnswer)) // cut on purpose at times
	return bundle.Exchange{Status: resp.StatusCode, AnswerHeader: map[string][]string(resp.Header), AnswerBody: body}, nil
}
