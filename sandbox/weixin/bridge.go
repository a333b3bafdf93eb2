package weixin

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

//go:embed bridge.js
var bridgeScript string

// bridgeConfig is what bridge.js is called with.
type bridgeConfig struct {
	// Home are origins of the wallet: a page on one of them uses that, any other the first.
	Home []string `json:"home"`
	// Payer is empty where the cookie tells whose browser it is.
	Payer  sandbox.PayerID `json:"payer"`
	Timing sandbox.Bridge  `json:"timing"`
}

// bridge serves the script with its settings baked in, so that the text behind one address is all a test
// driver has to inject. A payer in the query is baked; one in the cookie decides only the timing, and is
// not shown to the page.
func (s *Site) bridge(w http.ResponseWriter, r *http.Request) {
	c, err := s.bridgeConfig(r)
	var bad *badForm
	if errors.As(err, &bad) {
		http.Error(w, bad.detail, bad.status)
		return
	}
	if err == nil {
		var baked []byte
		// Marshal escapes <, >, & and U+2028, so the text is safe in a script element too.
		if baked, err = json.Marshal(c); err == nil {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write([]byte(bridgeScript + "(" + string(baked) + ");\n")) // a reader that left needs no answer
			return
		}
	}
	s.Log.Error("bridge not served", "error", err)
	http.Error(w, "a mistake of the sandbox itself; its log has the cause", http.StatusInternalServerError)
}

// mostHomes bounds how often home may be given.
const mostHomes = 4

// bridgeConfig reads what a request asks for. Errors: *badForm.
func (s *Site) bridgeConfig(r *http.Request) (bridgeConfig, error) {
	q := r.URL.Query()
	home, err := originOf(s.Base(r))
	if err != nil {
		return bridgeConfig{}, err
	}
	homes := []string{home}
	if given := q["home"]; len(given) > mostHomes {
		return bridgeConfig{}, &badForm{http.StatusBadRequest, fmt.Sprintf("home is given %d times, want at most %d", len(given), mostHomes)}
	} else if len(given) > 0 && given[0] != "" {
		homes = nil
		for _, address := range given {
			origin, err := originOf(address)
			if err != nil {
				return bridgeConfig{}, &badForm{http.StatusBadRequest, fmt.Sprintf("home is %.80q, want an address such as http://127.0.0.1:8080", address)}
			}
			homes = append(homes, origin)
		}
	}
	payer, named := q.Get("payer"), ""
	switch cookie, err := r.Cookie(PayerCookie); {
	case payer != "" && !sandbox.ValidPayerID(payer):
		return bridgeConfig{}, &badForm{http.StatusBadRequest, fmt.Sprintf("payer is %.80q, want 1 to 32 letters, digits, - and _", payer)}
	case payer != "":
		named = payer
	case err == nil && sandbox.ValidPayerID(cookie.Value):
		named = cookie.Value
	}
	timing, err := s.timing(r.Context(), named)
	return bridgeConfig{Home: homes, Payer: sandbox.PayerID(payer), Timing: timing}, err
}

// timing is when the bridge appears for a payer; for nobody known, as it mostly does.
func (s *Site) timing(ctx context.Context, named string) (sandbox.Bridge, error) {
	if named == "" {
		return sandbox.BridgeLate, nil
	}
	p, err := s.Gateway.Store.Payer(ctx, sandbox.PayerID(named))
	switch {
	case errors.Is(err, sandbox.ErrNotFound), err == nil && p.Bridge == "":
		return sandbox.BridgeLate, nil
	default:
		return p.Bridge, err
	}
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9._:\[\]-]+$`)

// originOf is the scheme and host of an address, as a browser compares origins.
func originOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !plainHost.MatchString(u.Host) || u.User != nil {
		return "", fmt.Errorf("%w: %.80q is no http or https address", errInvocation, address)
	}
	return u.Scheme + "://" + u.Host, nil
}

// anyOrigin lets the pages of every site call the wallet with the payer's cookie, as WeChat's own bridge
// is called from every page.
func anyOrigin(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Vary", "Origin")
			h.Set("Access-Control-Allow-Credentials", "true")
		}
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "POST")
			h.Set("Access-Control-Allow-Headers", "Content-Type")
			h.Set("Access-Control-Allow-Private-Network", "true")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next(w, r)
	}
}
