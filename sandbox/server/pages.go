package server

import (
	"io"
	"log/slog"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
)

// pages are what a listener shows people who wonder what it is, and who ask for what it has not.
type pages struct{ index, missing look.Notice }

var vendorPages = pages{
	index: look.Notice{
		Text: "QFPay 沙盒", English: "This is the QFPay sandbox. It fakes QFPay and WeChat Pay; no money moves here.",
		Hint: "Point your integration's QFPay addresses at this host. What it sends, and what was wrong with it, is in the journal: GET /_sandbox/v1/journal on the control address.",
	},
	missing: look.Notice{
		Text: "没有这个页面", English: "There is no such path at QFPay or WeChat, or this sandbox does not serve it.",
		Hint: "Paths start with /tool/v1/, /trade/v1/, /q/direct, /connect/oauth2/, /sns/ or /cgi-bin/. Controls are under /_sandbox/v1/ on the control address.",
	},
}

// controlPages send away who took the control address for QFPay's.
func controlPages(vendor string) pages {
	return pages{
		index: look.Notice{
			Text: "QFPay 沙盒 · 控制", English: "These are the controls of the QFPay sandbox. No money moves here.",
			Hint: "What happened so far: GET /_sandbox/v1/journal. All calls: docs/control.md. Your integration's QFPay address is " + vendor,
		},
		missing: look.Notice{
			Text: "没有这个页面", English: "This is the control address; it has no such path.",
			Hint: "Controls are under /_sandbox/v1/. QFPay and WeChat are at " + vendor,
		},
	}
}

// addPages gives a listener its health check, its pages, and an answer to every other path.
func addPages(r *mux.Router, p pages, log *slog.Logger) {
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
	r.HandleFunc("/", page(http.StatusOK, p.index)).Methods("GET")
	r.NotFoundHandler = page(http.StatusNotFound, p.missing)
	r.MethodNotAllowedHandler = page(http.StatusMethodNotAllowed, look.Notice{
		Text: "不支持这个请求方法", English: "This path does not take that method.",
	})
}
