package openapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// call is an authenticated request.
type call struct {
	App sandbox.App
	// Params are what the signature covers.
	Params qfpay.Params
	// Code is WeChat's, on the way back from there.
	Code string
	// Base is the address the call came to.
	Base string
}

// endpoint gives the answer to a call, or a *sandbox.Refusal.
type endpoint func(ctx context.Context, c call) (answer, error)

// answer is a JSON body, or the address a browser is sent to.
type answer struct {
	Body     qfpay.Object
	Redirect string
}

// credentialsIn says where a call carries its app code and signature.
type credentialsIn int

const (
	// inHeader: X-QF-APPCODE, X-QF-SIGN and X-QF-SIGNTYPE.
	inHeader credentialsIn = iota
	// inQuery: app_code and sign, both parameters of a browser's address; always MD5 (qfpay-api 7.3).
	inQuery
	// inRelay: as inQuery, all of it inside one parameter; WeChat adds its code and state beside that.
	inRelay
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
			AppCode:  sandbox.AppCode(r.Header.Get("X-QF-APPCODE")),
			Sign:     r.Header.Get("X-QF-SIGN"),
			SignType: qfpay.SignTypeOf(r.Header.Get("X-QF-SIGNTYPE")),
		}, p
	}
}

// adapt wraps an endpoint: read the parameters, find the App, verify the signature, answer, sign.
func (a *API) adapt(in credentialsIn, serve endpoint) http.Handler {
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
			return
		}
		ans, err := safely(serve)(ctx, call{App: app, Params: signed, Code: params.Get("code"), Base: a.Base(r)})
		switch {
		case err != nil:
			a.writeError(ctx, w, app, err)
		case ans.Redirect != "":
			sandbox.Note(ctx, func(e *sandbox.Exchange) { e.Fidelity = sandbox.Assumed }) // the hops are unpublished
			h := header(w)
			h.Del("Content-Type")
			h["Location"] = []string{ans.Redirect}
			w.WriteHeader(http.StatusFound)
		default:
			sandbox.Note(ctx, func(e *sandbox.Exchange) { e.Respcd, e.Fidelity = qfpay.RespOK, sandbox.Observed })
			a.write(w, http.StatusOK, app, ans.Body)
		}
	})
}

// safely turns a panic of an endpoint, a mistake of ours like any other, into an error.
func safely(serve endpoint) endpoint {
	return func(ctx context.Context, c call) (ans answer, err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
			}
		}()
		return serve(ctx, c)
	}
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
	if kind := r.Header.Get("Content-Type"); strings.Contains(strings.ToLower(kind), "json") {
		sandbox.Find(r.Context(), sandbox.FindJSONBody, fmt.Sprintf("Content-Type is %q", kind))
	}
}

func unreadable(err error) *sandbox.Refusal {
	switch {
	case errors.Is(err, qfpay.ErrBodyTooLarge):
		return sandbox.RefuseRequest("body-too-large", "request body too large", fmt.Sprintf("the body has more than %d bytes", MaxBody))
	case errors.Is(err, qfpay.ErrMultipart):
		return sandbox.RefuseRequest("body-malformed", "malformed multipart body", err.Error())
	default:
		return sandbox.RefuseRequest("body-unreadable", "request body incomplete", err.Error())
	}
}

func header(w http.ResponseWriter) http.Header {
	h := w.Header()
	h["Server"] = []string{"nginx"}
	h["Content-Type"] = []string{"application/json; charset=UTF-8"}
	h["X-Powered-By"] = []string{"QF/1.1"}
	return h
}

// write sends the body QFPay's way: json.dumps bytes, signed over the bytes where the App is
// known, headers in QFPay's own spelling (qfpay-api 2.3).
func (a *API) write(w http.ResponseWriter, status int, app sandbox.App, body qfpay.Object) {
	raw := body.Bytes()
	h := header(w)
	h["Content-Length"] = []string{strconv.Itoa(len(raw))}
	if app.ClientKey != "" {
		h["X-QF-SIGN"] = []string{qfpay.SignBody(raw, app.ClientKey)}
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
		refusal = &sandbox.Refusal{Rule: "sandbox-mistake", Code: qfpay.RespSystem, Resperr: "系统错误(1252)", Fidelity: sandbox.Assumed,
			Detail: "a mistake of the sandbox itself; its log has the cause"}
	}
	a.refuse(ctx, w, http.StatusOK, app, refusal)
}

func (a *API) refuse(ctx context.Context, w http.ResponseWriter, status int, app sandbox.App, r *sandbox.Refusal) {
	sandbox.NoteRefusal(ctx, r)
	a.write(w, status, app, qfpay.Envelope{Resperr: r.Resperr, Respcd: r.Code, Respmsg: r.Respmsg}.Object())
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
		a.refuseUnserved(w, r, http.StatusMethodNotAllowed, sandbox.RefuseRequest("method-not-allowed", "method not allowed",
			fmt.Sprintf("method is %s, %s takes %s", r.Method, r.URL.Path, allowed)))
	})
}

func (a *API) refusePath() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.refuseUnserved(w, r, http.StatusNotFound, sandbox.RefuseRequest("path-unknown", "no such interface",
			fmt.Sprintf("%s is not served by this sandbox", r.URL.Path)))
	})
}
