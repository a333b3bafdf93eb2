package weixin

import (
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
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// maxInvocation bounds what a page may hand to the bridge, in bytes.
const maxInvocation = 16 << 10

// handed is what bridge.js sends: the page's address and the parameters with their JSON types.
type handed struct {
	Page   string                     `json:"page"`
	Params map[string]json.RawMessage `json:"params"`
}

var errInvocation = errors.New("unreadable invocation")

// readInvocation reads what the bridge sent. token carries the same from the invocation to the
// sheet and back, so that nothing needs to be kept in between.
func readInvocation(r *http.Request) (h handed, token string, err error) {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxInvocation))
	if err != nil {
		return h, "", fmt.Errorf("%w: %w", errInvocation, err)
	}
	return h, base64.RawURLEncoding.EncodeToString(raw), decode(raw, &h)
}

func fromToken(token string) (h handed, err error) {
	if len(token) > base64.RawURLEncoding.EncodedLen(maxInvocation) {
		return h, fmt.Errorf("%w: %d bytes, want at most %d", errInvocation, len(token), maxInvocation)
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return h, fmt.Errorf("%w: %w", errInvocation, err)
	}
	return h, decode(raw, &h)
}

func decode(raw []byte, h *handed) error {
	if err := json.Unmarshal(raw, h); err != nil {
		return fmt.Errorf("%w: %w", errInvocation, err)
	}
	return nil
}

// invocation puts what the page handed over beside who and where it is.
func (s *Site) invocation(w http.ResponseWriter, r *http.Request, h handed) (sandbox.Invocation, error) {
	payer, err := s.payer(w, r)
	if err != nil {
		return sandbox.Invocation{}, err
	}
	v := sandbox.Invocation{
		Directory:    directoryOf(h.Page),
		OwnDirectory: s.Base(r) + "/q/",
		Client:       wechat.Recognise(r.UserAgent()),
		UserAgent:    r.UserAgent(),
		Payer:        payer,
	}
	h.fill(&v)
	return v, nil
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
