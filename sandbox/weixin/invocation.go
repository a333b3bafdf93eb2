package weixin

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// maxInvocation bounds what a page may hand to the bridge, in bytes.
const maxInvocation = 16 << 10

// handed is what bridge.js sends: the page's address, the payer where the script knows, and the
// parameters with their JSON types.
type handed struct {
	Page  string          `json:"page"`
	Payer sandbox.PayerID `json:"payer,omitempty"`
	// Agent is the User-Agent of the page that opened the wallet; a frame of another site may lack it in
	// a test browser. Only the sheet's token says it.
	Agent string `json:"agent,omitempty"`
	// Again: the page's wallet is open already. Unverified: the JS-SDK asks, and its wx.config did not verify.
	Again      bool                       `json:"again,omitempty"`
	Unverified bool                       `json:"unverified,omitempty"`
	Params     map[string]json.RawMessage `json:"params"`
}

var errInvocation = errors.New("unreadable invocation")

// readInvocation reads what the bridge sent.
func readInvocation(r *http.Request) (h handed, err error) {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxInvocation))
	if err != nil {
		return h, fmt.Errorf("%w: %w", errInvocation, err)
	}
	return h, decode(raw, &h)
}

// token carries an invocation to the sheet and back, so that nothing needs to be kept in between.
func (h handed) token() string {
	var raw bytes.Buffer
	plain := json.NewEncoder(&raw)
	plain.SetEscapeHTML(false) // base64 needs no escapes, and they would make it six times as long
	_ = plain.Encode(h)        // what was read as JSON can be written
	return base64.RawURLEncoding.EncodeToString(raw.Bytes())
}

func fromToken(token string) (h handed, err error) {
	if len(token) > maxToken {
		return h, fmt.Errorf("%w: %d bytes, want at most %d", errInvocation, len(token), maxToken)
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return h, fmt.Errorf("%w: %w", errInvocation, err)
	}
	return h, decode(raw, &h)
}

// maxAgent is how much of a User-Agent a token carries, in bytes; the longest known has 300.
const maxAgent = 512

var maxToken = base64.RawURLEncoding.EncodedLen(maxInvocation + maxAgent + len(`,"agent":""`))

func decode(raw []byte, h *handed) error {
	if err := json.Unmarshal(raw, h); err != nil {
		return fmt.Errorf("%w: %w", errInvocation, err)
	}
	if h.Payer != "" && !sandbox.ValidPayerID(string(h.Payer)) {
		return fmt.Errorf("%w: payer is %.80q, want 1 to 32 letters, digits, - and _", errInvocation, h.Payer)
	}
	return nil
}

// holder is whose browser sent an invocation: the payer it names, else the cookie's.
func (s *Site) holder(w http.ResponseWriter, r *http.Request, h handed) (sandbox.Payer, error) {
	if h.Payer != "" {
		return s.Gateway.PayerOf(r.Context(), string(h.Payer))
	}
	return s.payer(w, r)
}

// invocation puts what the page handed over beside who and where it is.
func (s *Site) invocation(w http.ResponseWriter, r *http.Request, h handed) (sandbox.Invocation, error) {
	payer, err := s.holder(w, r, h)
	if err != nil {
		return sandbox.Invocation{}, err
	}
	agent := cmp.Or(h.Agent, r.UserAgent())
	v := sandbox.Invocation{
		Again: h.Again, Unverified: h.Unverified,
		Directory:    directoryOf(h.Page),
		OwnDirectory: s.cashierDirectory(r, h.Page),
		Client:       wechat.Recognise(agent),
		UserAgent:    agent,
		Payer:        payer,
	}
	h.fill(&v)
	return v, nil
}

// text is a parameter as a string; a number's digits count.
func (h handed) text(name string) string {
	var s string
	if json.Unmarshal(h.Params[name], &s) != nil {
		return strings.Trim(string(h.Params[name]), `"`)
	}
	return s
}

// cashierDirectory is where QFPay's cashier is: here, or under their own names on any of QFPay's hosts.
func (s *Site) cashierDirectory(r *http.Request, page string) string {
	if u, err := url.Parse(page); err == nil && s.VendorNames(r) {
		if h, ok := qfpay.HostNamed(u.Hostname()); ok && h.Surface == qfpay.SurfaceCashier {
			return u.Scheme + "://" + u.Host + "/q/"
		}
	}
	return s.Base(r) + "/q/"
}

// fill reads the six parameters; those that are no strings are named.
func (h handed) fill(v *sandbox.Invocation) {
	for _, p := range []struct {
		name string
		into *string
	}{
		{"appId", &v.PayParams.AppID}, {"timeStamp", &v.PayParams.TimeStamp}, {"nonceStr", &v.PayParams.NonceStr},
		{"package", &v.PayParams.Package}, {"signType", &v.PayParams.SignType}, {"paySign", &v.PayParams.PaySign},
	} {
		raw, ok := h.Params[p.name]
		if !ok {
			continue
		}
		if json.Unmarshal(raw, p.into) != nil {
			*p.into = strings.Trim(string(raw), `"`) // Android takes a number's digits
			v.NotText = append(v.NotText, p.name)
		}
	}
	if len(h.Params) > len(payParamNames) || v.PayParams.Lacks() {
		for _, name := range slices.Sorted(maps.Keys(h.Params)) {
			if !slices.Contains(payParamNames[:], name) {
				v.Unknown = append(v.Unknown, name)
			}
		}
	}
}

var payParamNames = [...]string{"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}

// directoryOf is a page's address up to its last slash, query and fragment left out.
func directoryOf(page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()[:strings.LastIndex(u.EscapedPath(), "/")+1]
}
