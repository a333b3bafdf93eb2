package control

import (
	"bytes"
	"context"
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

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// maxBody bounds a control request's body, in bytes; a snapshot's bound is its own.
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
	// ControlURL is where the controls are, when they are not where they were asked for.
	ControlURL string `json:"control_url,omitempty"`
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
		most := int64(maxBody)
		if r.URL.Path == Prefix+"/restore" {
			most = maxSnapshot
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
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
		if d, ok := value.(document); ok {
			a.writeWhole(w, http.StatusOK, jsonKind, d)
			return
		}
		if s, ok := value.(stream); ok {
			a.writeStream(w, s)
			return
		}
		if f, ok := value.(attachment); ok {
			a.writeAttachment(w, f)
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
		return &problem{Status: http.StatusNotFound, Code: "not-found", Message: a.missing(r)}
	case errors.Is(err, sandbox.ErrExists):
		return &problem{Status: http.StatusConflict, Code: "exists", Message: "that code or id is taken already; choose another or leave it out"}
	case errors.Is(err, sandbox.ErrInvalid):
		return badRequest("%s", strings.TrimPrefix(err.Error(), sandbox.ErrInvalid.Error()+": "))
	case errors.Is(err, sandbox.ErrNotEmpty):
		return &problem{Status: http.StatusConflict, Code: "not-empty", Message: strings.TrimPrefix(err.Error(), sandbox.ErrNotEmpty.Error()+": ") + "; a clock goes back only before the first of them: reset the App, or go forward"}
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return &problem{Status: http.StatusServiceUnavailable, Code: "caller-left", Message: "the caller closed the connection"}
	default:
		a.Log.Error("control request failed", "path", r.URL.Path, "error", err)
		return &problem{Status: http.StatusInternalServerError, Code: "internal", Message: "a mistake of the sandbox; its log has the cause"}
	}
}

// missing says which of the things a path names does not exist, the outermost first.
func (a *API) missing(r *http.Request) string {
	vars, ctx := mux.Vars(r), r.Context()
	shops := ""
	if code, ok := vars["app"]; ok {
		app, err := a.Gateway.Store.App(ctx, sandbox.AppCode(code))
		switch {
		case errors.Is(err, sandbox.ErrNotFound):
			return fmt.Sprintf("app %q does not exist here", code)
		case len(app.Mchids) > 0:
			shops = ", or none by that mchid: the App has shops, so name the order's"
		}
	}
	switch {
	case vars["payer"] != "":
		return fmt.Sprintf("payer %q does not exist here; POST %s/payers makes one", vars["payer"], Prefix)
	case vars["out_trade_no"] != "" && strings.HasSuffix(r.URL.Path, "/plan"):
		return fmt.Sprintf("order %q has no plan of its own", vars["out_trade_no"])
	case vars["out_trade_no"] != "":
		return fmt.Sprintf("order %q does not exist here: no payment was made with this out_trade_no%s", vars["out_trade_no"], shops)
	default:
		return fmt.Sprintf("%s names nothing that exists here", r.URL.Path)
	}
}

func (a *API) write(w http.ResponseWriter, status int, value any) {
	var body bytes.Buffer // whole before the status, so that what cannot be told is no success
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		a.Log.Error("control answer cannot be encoded", "error", err)
		status = http.StatusInternalServerError
		body.Reset()
		body.WriteString(`{"error": {"code": "sandbox-mistake", "message": "a mistake of the sandbox itself; its log has the cause"}}` + "\n")
	}
	a.writeWhole(w, status, jsonKind, body.Bytes())
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
				return nil, badRequest("query parameter %q is none of %s%s", name, names, sandbox.Guess(name, strings.Join(known, ", ")))
			}
		}
		return serve(r)
	}
}

// kindOf is JSON's word for what a field holds, with its article.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		if kindOf(t.Elem()) == "an object" {
			return "a list of objects"
		}
		return "a list of strings"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Bool:
		return "a boolean"
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "a whole number"
	case reflect.Pointer:
		return kindOf(t.Elem())
	default:
		return "a " + t.Kind().String()
	}
}

// wanted lists the fields a body may have. Nothing where a field reads itself: the unknown one may be in there.
func wanted(t reflect.Type) string {
	names, ok := fieldsOf(t)
	switch {
	case !ok:
		return ""
	case names == "":
		return ", want none"
	default:
		return ", want one of " + names
	}
}

// fieldsOf names an object's fields, those of objects in it in brackets.
func fieldsOf(t reflect.Type) (names string, ok bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return "", false
	}
	if t.Kind() != reflect.Struct {
		return "", true
	}
	var list []string
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		within, ok := fieldsOf(f.Type)
		switch {
		case !ok:
			return "", false
		case within != "":
			name += " (" + within + ")"
		}
		list = append(list, name)
	}
	return strings.Join(list, ", "), true
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
		return &problem{Status: http.StatusRequestEntityTooLarge, Code: "body-too-large", Message: fmt.Sprintf("the body has more than %d bytes", tooLarge.Limit)}
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return badRequest("%s is a JSON %s, want %s", wrongType.Field, wrongType.Value, kindOf(wrongType.Type))
	case errors.As(err, &wrongType):
		return badRequest("the body is a JSON %s, want an object", wrongType.Value)
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field"):
		return badRequest("the body cannot be read: %s%s", strings.TrimPrefix(err.Error(), "json: "), wanted(reflect.TypeOf(into)))
	case err != nil:
		return badRequest("the body cannot be read: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return badRequest("the body goes on after its JSON object")
	}
	return nil
}
