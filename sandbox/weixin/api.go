package weixin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// The calls of api.weixin.qq.com, which a merchant's server makes. Each answer is JSON with HTTP 200,
// errors too; arguments are the query's.
type apiCall func(s *Site, ctx context.Context, r *http.Request, arg func(string) string) (apiAnswer, error)

// apiAnswer is written in its own order, numbers as numbers.
type apiAnswer []field

type field struct {
	name  string
	value any // string, int or []string
}

var apiCalls = []struct {
	path string
	call apiCall
}{
	{"/sns/oauth2/access_token", (*Site).accessToken},
	{"/sns/oauth2/refresh_token", (*Site).refreshToken},
	{"/sns/userinfo", (*Site).userinfo},
	{"/sns/auth", (*Site).auth},
	{"/cgi-bin/token", (*Site).accountToken},
	{"/cgi-bin/ticket/getticket", (*Site).ticket},
}

func (s *Site) apiRoutes(r *mux.Router) {
	for _, c := range apiCalls {
		r.HandleFunc(c.path, func(w http.ResponseWriter, req *http.Request) {
			args := req.URL.Query()
			s.serveAPI(w, req, func(ctx context.Context) (apiAnswer, error) { return c.call(s, ctx, req, args.Get) })
		}).Methods("GET")
		r.HandleFunc(c.path, func(w http.ResponseWriter, req *http.Request) {
			s.serveAPI(w, req, func(context.Context) (apiAnswer, error) {
				return nil, s.Gateway.RefuseAPI(wechat.APIWantsGet, sandbox.Finding{ID: sandbox.FindAPICall, Detail: c.path + " takes GET, got " + req.Method, Received: req.Method, Expected: "GET",
					Change: "send a GET with the arguments in the query"})
			})
		})
	}
	r.HandleFunc("/cgi-bin/stable_token", s.stableToken)
	for _, prefix := range []string{"/sns/", "/cgi-bin/"} {
		r.PathPrefix(prefix).HandlerFunc(s.NoSuchCall)
	}
	r.HandleFunc(sandbox.PicturePath+"{openid}/{size}", s.picture).Methods("GET", "HEAD")
}

// NoSuchCall is what api.weixin.qq.com says of a path it does not have.
func (s *Site) NoSuchCall(w http.ResponseWriter, r *http.Request) {
	s.serveAPI(w, r, func(context.Context) (apiAnswer, error) {
		return nil, s.Gateway.RefuseAPI(wechat.APINoSuchAPI, sandbox.Finding{ID: sandbox.FindAPICall, Detail: "WeChat's server API has no such call, or it is not served here", Received: r.Method + " " + clip(r.URL.Path)})
	})
}

func clip(s string) string { return s[:min(len(s), 80)] }

func (s *Site) serveAPI(w http.ResponseWriter, r *http.Request, call func(context.Context) (apiAnswer, error)) {
	answer, err := call(r.Context())
	status := http.StatusOK
	var refusal *sandbox.APIRefusal
	switch {
	case errors.As(err, &refusal):
		sandbox.AddFinding(r.Context(), refusal.Finding)
		answer = apiAnswer{{"errcode", refusal.Row.Code}, {"errmsg", refusal.Row.Text + ", rid: " + refusal.RID}}
	case err != nil:
		s.Log.Error("WeChat's API failed", "error", err)
		sandbox.Find(r.Context(), sandbox.FindSandboxMistake, "WeChat's API failed; the log has the cause")
		busy, _ := wechat.APIErrorOf(wechat.APIBusy)
		answer, status = apiAnswer{{"errcode", busy.Code}, {"errmsg", busy.Text}}, http.StatusInternalServerError
	}
	body, err := answer.encode()
	if err != nil {
		s.Log.Error("WeChat's API answer not written", "error", err)
		http.Error(w, "a mistake of the sandbox itself; its log has the cause", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain") // WeChat says so of its JSON (assumption 62)
	h.Set("Cache-Control", "no-cache, must-revalidate")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that left needs no answer
}

// encode writes compact JSON in the fields' order, without escaping what HTML would.
func (a apiAnswer) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i, f := range a {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(`"` + f.name + `":`)
		if err := e.Encode(f.value); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // Encode ends with a line end
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
