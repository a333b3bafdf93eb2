package server

import (
	"io"
	"log/slog"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
)

// addPages gives a listener its health check, a page for people who wonder what it is, and an
// answer to every other path.
func addPages(r *mux.Router, log *slog.Logger) {
	r.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok\n") // a prober that left needs no answer
	}).Methods("GET", "HEAD")
	r.HandleFunc("/favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	page := func(status int, n look.Notice) http.HandlerFunc {
		n.Title = "QFPay sandbox (TEST)"
		return func(w http.ResponseWriter, _ *http.Request) {
			if err := n.Write(w, status); err != nil {
				log.Error("page not written", "error", err)
			}
		}
	}
	r.HandleFunc("/", page(http.StatusOK, look.Notice{
		Text: "QFPay 沙盒", English: "This is the QFPay sandbox. It fakes QFPay and WeChat Pay; no money moves here.",
		Hint: "Point your integration's QFPay addresses at this host. What it sends, and what was wrong with it, is in the journal: GET /_sandbox/v1/journal on the control address.",
	})).Methods("GET")
	r.NotFoundHandler = page(http.StatusNotFound, look.Notice{
		Text: "没有这个页面", English: "There is no such path at QFPay or WeChat, or this sandbox does not serve it.",
		Hint: "Paths start with /tool/v1/, /trade/v1/, /q/direct or /connect/oauth2/authorize. Controls are under /_sandbox/v1/ on the control address.",
	})
	r.MethodNotAllowedHandler = page(http.StatusMethodNotAllowed, look.Notice{
		Text: "不支持这个请求方法", English: "This path does not take that method.",
	})
}
