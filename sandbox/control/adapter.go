package control

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// maxBody bounds a control request's body, in bytes.
const maxBody = 1 << 20

// handler gives what is answered as JSON with 200, a created value with 201, or an error.
type handler func(r *http.Request) (any, error)

// created marks an answer as a new thing.
type created struct{ value any }

// problem is an error as it goes on the wire.
type problem struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (p *problem) Error() string { return p.Code + ": " + p.Message }

func badRequest(format string, args ...any) *problem {
	return &problem{Status: http.StatusBadRequest, Code: "invalid", Message: fmt.Sprintf(format, args...)}
}

func (a *API) adapt(serve handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if p := a.guard(r); p != nil {
			a.write(w, p.Status, map[string]any{"error": p})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		value, err := serve(r)
		if err != nil {
			p := a.problemOf(r, err)
			a.write(w, p.Status, map[string]any{"error": p})
			return
		}
		if c, ok := value.(created); ok {
			a.write(w, http.StatusCreated, c.value)
			return
		}
		a.write(w, http.StatusOK, value)
	}
}

func (a *API) problemOf(r *http.Request, err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, sandbox.ErrNotFound):
		return &problem{Status: http.StatusNotFound, Code: "not-found", Message: fmt.Sprintf("%s names nothing that exists here", r.URL.Path)}
	case errors.Is(err, sandbox.ErrExists):
		return &problem{Status: http.StatusConflict, Code: "exists", Message: "that code or id is taken already; choose another or leave it out"}
	case errors.Is(err, sandbox.ErrInvalid):
		return badRequest("%s", strings.TrimPrefix(err.Error(), sandbox.ErrInvalid.Error()+": "))
	default:
		a.Log.Error("control request failed", "path", r.URL.Path, "error", err)
		return &problem{Status: http.StatusInternalServerError, Code: "internal", Message: "a mistake of the sandbox; its log has the cause"}
	}
}

func (a *API) write(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		a.Log.Debug("control answer not written", "error", err)
	}
}

// guard keeps web pages a developer happens to visit away from the controls: a foreign Host (DNS
// rebinding), a foreign Origin, a form's content type, and a missing token are refused.
func (a *API) guard(r *http.Request) *problem {
	if !a.ownHost(r.Host) {
		return &problem{Status: http.StatusForbidden, Code: "host", Message: fmt.Sprintf("Host is %q, want an IP address, localhost, a name without dots or one given with -control-host", r.Host)}
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if u, err := url.Parse(origin); err != nil || u.Host != r.Host {
			return &problem{Status: http.StatusForbidden, Code: "origin", Message: fmt.Sprintf("Origin is %q, want none or this host's own", origin)}
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/json" {
			return &problem{Status: http.StatusUnsupportedMediaType, Code: "content-type", Message: fmt.Sprintf("Content-Type is %q, want application/json", r.Header.Get("Content-Type"))}
		}
	}
	if a.Token != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+a.Token)) != 1 {
		return &problem{Status: http.StatusUnauthorized, Code: "token", Message: "send Authorization: Bearer and the token given with -control-token"}
	}
	return nil
}

func (a *API) ownHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if net.ParseIP(host) != nil || (host != "" && !strings.Contains(host, ".")) {
		return true
	}
	return slices.Contains(a.Hosts, host)
}

// onlyQuery refuses a query parameter the route does not know: a misspelt filter would match everything.
func onlyQuery(names string, serve handler) handler {
	known := strings.Fields(names)
	return func(r *http.Request) (any, error) {
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return nil, badRequest("the query cannot be read: %s", err)
		}
		for name := range query {
			switch {
			case slices.Contains(known, name):
			case len(known) == 0:
				return nil, badRequest("%s takes no query parameter, got %q", r.URL.Path, name)
			default:
				return nil, badRequest("query parameter %q is none of %s", name, names)
			}
		}
		return serve(r)
	}
}

// kindOf is JSON's word for what a field holds.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "list of strings"
	case reflect.Pointer:
		return kindOf(t.Elem())
	default:
		return t.Kind().String()
	}
}

// readJSON reads a body that has only the fields into has. An empty body leaves it as it is.
func readJSON(r *http.Request, into any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var tooLarge *http.MaxBytesError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.As(err, &tooLarge):
		return &problem{Status: http.StatusRequestEntityTooLarge, Code: "body-too-large", Message: fmt.Sprintf("the body has more than %d bytes", maxBody)}
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return badRequest("%s is a JSON %s, want a %s", wrongType.Field, wrongType.Value, kindOf(wrongType.Type))
	case errors.As(err, &wrongType):
		return badRequest("the body is a JSON %s, want an object", wrongType.Value)
	case err != nil:
		return badRequest("the body cannot be read: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return badRequest("the body goes on after its JSON object")
	}
	return nil
}
