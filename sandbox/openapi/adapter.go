package openapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// call is an authenticated request.
type call struct {
	At  sandbox.Endpoint
	App sandbox.App
	// Params are what the signature covers.
	Params qfpay.Params
	// Code is WeChat's, on the way back from there.
	Code string
	// Behaviour is what the payer of this order does whoever it is, empty without such a lever; Lever
	// names what set it.
	Behaviour sandbox.Behaviour
	Lever     string
	// Request tells the address the call came to.
	Request *http.Request
}

// endpoint gives the answer to a call, or a *sandbox.Refusal.
type endpoint func(ctx context.Context, c call) (answer, error)

// answer is a JSON body, or the address a browser is sent to.
type answer struct {
	Body qfpay.Object
	// Respcd is the body's, empty for 0000.
	Respcd   qfpay.Respcd
	Redirect string
}

// decidedByHeader names what decided an answer: a lever, or byDefault the rules.
const (
	decidedByHeader = "X-Sandbox-Decided-By"
	byDefault       = sandbox.ByDefault
)

// credentialsIn says where a call carries its app code and signature.
type credentialsIn int

const (
	// inHeader: X-QF-APPCODE, X-QF-SIGN and X-QF-SIGNTYPE.
	inHeader credentialsIn = iota
	// inQuery: app_code and sign, both parameters of a browser's address; always MD5 (qfpay-api 7.3).
	inQuery
	// inRelay: as inQuery, all of it inside one parameter; WeChat adds its code and state beside that.
	inRelay
	// inHeaderWithAlias: as inHeader, and mchntid stands for a missing mchid.
	inHeaderWithAlias
)

// relayParam carries a browser's signed parameters to WeChat and back.
const relayParam = "relay"

// read gives the credentials and the parameters they sign.
func (in credentialsIn) read(r *http.Request, p qfpay.Params) (sandbox.Credentials, qfpay.Params) {
	switch in {
	case inRelay:
		return inQuery.read(r, qfpay.ParseParams(p.Get(relayParam)))
	case inQuery:
		return sandbox.Credentials{AppCode: sandbox.AppCode(p.Get("app_code")), Sign: p.Get("sign"), SignType: qfpay.MD5}, p
	default:
		return sandbox.Credentials{
			AppCode:  sandbox.AppCode(firstOf(r.Header, "X-Qf-Appcode")),
			Sign:     firstOf(r.Header, "X-Qf-Sign"),
			SignType: qfpay.SignTypeOf(firstOf(r.Header, "X-Qf-Signtype")),
			Aliased:  in == inHeaderWithAlias,
		}, p
	}
}

// firstOf is Header.Get for a name in canonical spelling; Get would spell each of QFPay's anew.
func firstOf(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// outcomeHeader asks for an outcome, in the words of sandbox.ParseEffect. The key is canonical.
const outcomeHeader = "X-Sandbox-Outcome"

// adapt wraps an endpoint: read the parameters, find the App, verify the signature, keep to the rate
// limit, look for a lever, answer, sign.
func (a *API) adapt(at sandbox.Endpoint, in credentialsIn, serve endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		params, err := qfpay.ReadParams(r, MaxBody)
		if err != nil {
			a.writeError(ctx, w, a.caller(r), unreadable(err))
			return
		}
		noteRequest(r, params)
		credentials, signed := in.read(r, params)
		app, err := a.Gateway.Authenticate(ctx, credentials, signed)
		if err != nil {
			a.writeError(ctx, w, app, err)
			if in == inQuery {
				noteRedirectCut(ctx, r, app, signed)
			}
			a.diagnose(ctx, r, app, credentials, signed, err)
			return
		}
		noteQuery(ctx, r)
		c := call{At: at, App: app, Params: signed, Code: params.Get("code"), Request: r}
		if at != "" {
			lever, err := a.leverOn(r, c)
			if err != nil {
				a.writeError(ctx, w, app, err)
				return
			}
			if lever.By != "" {
				a.serveUnder(ctx, w, lever, c, serve)
				return
			}
		}
		ans, err := safely(ctx, serve, c)
		a.answer(ctx, w, c, ans, err)
	})
}

// leverOn counts the call and gives what decides it in place of the rules, if anything does.
func (a *API) leverOn(r *http.Request, c call) (sandbox.Lever, error) {
	if err := a.Gateway.CheckRate(r.Context(), c.App); err != nil {
		return sandbox.Lever{}, err
	}
	values := r.Header[outcomeHeader]
	if len(values) == 0 && len(c.App.Faults) == 0 {
		return sandbox.Lever{}, nil
	}
	return a.Gateway.LeverOn(r.Context(), c.App, c.At, sandbox.OutTradeNo(c.Params.Get("out_trade_no")), strings.Join(values, ","))
}

// answer writes what an endpoint gave.
func (a *API) answer(ctx context.Context, w http.ResponseWriter, c call, ans answer, err error) {
	switch {
	case err != nil:
		if refusal, ok := errors.AsType[*sandbox.Refusal](err); ok {
			refusal.Complete(c.At, c.Params)
		}
		a.writeError(ctx, w, c.App, err)
	case ans.Redirect != "":
		sandbox.Note(ctx, func(e *sandbox.Exchange) { e.Fidelity = sandbox.SuccessFidelity(c.At) })
		h := header(ctx, w)
		h.Del("Content-Type")
		h["Location"] = []string{ans.Redirect}
		w.WriteHeader(http.StatusFound)
	default:
		sandbox.Note(ctx, func(e *sandbox.Exchange) {
			e.Respcd, e.Fidelity = cmp.Or(ans.Respcd, qfpay.RespOK), sandbox.SuccessFidelity(c.At)
		})
		a.write(ctx, w, http.StatusOK, c.App, ans.Body)
	}
}

// safely turns a panic of an endpoint, a mistake of ours like any other, into an error.
func safely(ctx context.Context, serve endpoint, c call) (ans answer, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return serve(ctx, c)
}

// caller gives the App that a request we do not serve says it is of, so that it stands in that
// App's journal. The zero App: it says none we know.
func (a *API) caller(r *http.Request) sandbox.App {
	code := r.Header.Get("X-QF-APPCODE")
	if code == "" {
		code = qfpay.ParseParams(r.URL.RawQuery).Get("app_code")
	}
	return a.Gateway.Caller(r.Context(), sandbox.AppCode(code))
}

// noteRequest keeps what the journal is searched by.
func noteRequest(r *http.Request, p qfpay.Params) {
	sandbox.Note(r.Context(), func(e *sandbox.Exchange) { e.OutTradeNo = sandbox.OutTradeNo(p.Get("out_trade_no")) })
	kind := firstOf(r.Header, "Content-Type")
	last := ""
	if len(p) > 0 {
		last = p[len(p)-1].Name
	}
	switch {
	case strings.Contains(strings.ToLower(kind), "json"):
		sandbox.AddFinding(r.Context(), sandbox.Finding{ID: sandbox.FindJSONBody, Detail: fmt.Sprintf("Content-Type is %q", kind),
			Received: "Content-Type: " + kind, Expected: "Content-Type: application/x-www-form-urlencoded, and a body of name=value joined with &"})
	case strings.HasPrefix(last, `{"`): // a body of another type, read as one long name
		sandbox.AddFinding(r.Context(), sandbox.Finding{ID: sandbox.FindJSONBody, Detail: "the body begins with {\" and was read as a parameter's name",
			Received: "a parameter called " + sandbox.Shown(last), Expected: "a body of name=value joined with &"})
	}
}

func unreadable(err error) *sandbox.Refusal {
	switch {
	case errors.Is(err, qfpay.ErrBodyTooLarge):
		return sandbox.RefuseRequest("body-too-large", fmt.Sprintf("the body has more than %d bytes", MaxBody)).Want(fmt.Sprintf("at most %d bytes", MaxBody))
	case errors.Is(err, qfpay.ErrMultipart):
		return sandbox.RefuseRequest("body-malformed", err.Error())
	default:
		return sandbox.RefuseRequest("body-unreadable", err.Error())
	}
}

// Values of headers that are the same in every answer. Nobody changes a header's slice; who wants
// another value puts another slice in its place.
var (
	serverValue    = []string{"nginx"}
	jsonValue      = []string{"application/json; charset=UTF-8"}
	poweredByValue = []string{"QF/1.1"}
	byDefaultValue = []string{byDefault}
)

// header sets what each answer carries, and says what decided it, here and in the journal.
func header(ctx context.Context, w http.ResponseWriter) http.Header {
	h := w.Header()
	by := byDefaultValue
	sandbox.Note(ctx, func(e *sandbox.Exchange) {
		if e.DecidedBy == "" {
			e.DecidedBy = byDefault
		}
		if e.DecidedBy != byDefault {
			by = []string{e.DecidedBy}
		}
	})
	h[decidedByHeader] = by
	h["Server"] = serverValue
	h["Content-Type"] = jsonValue
	h["X-Powered-By"] = poweredByValue
	return h
}

// answerRoom lends the room an answer is printed in; whoever it is written to copies it.
var answerRoom = sync.Pool{New: func() any { return new([]byte) }}

// write sends the body, which is nobody's after that, QFPay's way: json.dumps bytes, signed over the bytes where the App is
// known, headers in QFPay's own spelling (qfpay-api 2.3).
func (a *API) write(ctx context.Context, w http.ResponseWriter, status int, app sandbox.App, body qfpay.Object) {
	room := answerRoom.Get().(*[]byte)
	defer answerRoom.Put(room)
	raw := body.Append((*room)[:0])
	*room = raw
	qfpay.Recycle(body)
	h, values := header(ctx, w), new([2]string)
	values[0] = strconv.Itoa(len(raw))
	h["Content-Length"] = values[:1:1]
	if app.ClientKey != "" {
		values[1] = qfpay.SignBody(raw, app.ClientKey)
		h["X-QF-SIGN"] = values[1:]
	}
	w.WriteHeader(status)
	if _, err := w.Write(raw); err != nil {
		a.Log.Debug("answer not written", "error", err)
	}
}

// writeError answers a refusal with its three fields, and anything else, which is our own
// mistake, with 1252.
func (a *API) writeError(ctx context.Context, w http.ResponseWriter, app sandbox.App, err error) {
	var refusal *sandbox.Refusal
	if !errors.As(err, &refusal) {
		a.Log.Error("call failed", "error", err)
		refusal = &sandbox.Refusal{Rule: sandbox.FindSandboxMistake, Code: qfpay.RespSystem, Resperr: "系统错误(1252)", Fidelity: sandbox.Assumed,
			Detail: "a mistake of the sandbox itself; its log has the cause"}
	}
	status := http.StatusOK
	if refusal.RetryAfter > 0 {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(int(refusal.RetryAfter.Seconds())))
	}
	a.refuse(ctx, w, status, app, refusal)
}

func (a *API) refuse(ctx context.Context, w http.ResponseWriter, status int, app sandbox.App, r *sandbox.Refusal) {
	sandbox.NoteRefusal(ctx, r)
	a.write(ctx, w, status, app, refusalBody(r))
}

// refuseUnserved reads the request all the same: its journal shows what was sent.
func (a *API) refuseUnserved(w http.ResponseWriter, r *http.Request, status int, refusal *sandbox.Refusal) {
	if params, err := qfpay.ReadParams(r, MaxBody); err == nil {
		noteRequest(r, params)
	}
	a.refuse(r.Context(), w, status, a.caller(r), refusal)
}

func (a *API) refuseMethod(methods []string) http.Handler {
	allowed := strings.Join(methods, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		a.refuseUnserved(w, r, http.StatusMethodNotAllowed, sandbox.RefuseRequest("method-not-allowed",
			fmt.Sprintf("method is %s, %s takes %s", r.Method, r.URL.Path, allowed)).Got(r.Method+" "+r.URL.Path).Want(methods[0]+" "+r.URL.Path).
			Fix("send "+methods[0]+" in place of "+r.Method))
	})
}
