// Package weixin answers for WeChat: the OAuth page of open.weixin.qq.com, the JavaScript bridge
// that the client puts into its pages, and the wallet it opens.
package weixin

import (
	"log/slog"
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Site serves WeChat. All fields are required.
type Site struct {
	Gateway *sandbox.Gateway
	// Base gives the address a request came to, such as http://127.0.0.1:8080.
	Base func(*http.Request) string
	// VendorNames reports whether a request came under one of QFPay's or WeChat's own host names, so that
	// QFPay's hosts are others than this one.
	VendorNames func(*http.Request) bool
	Log         *slog.Logger
}

// BridgePath is where the bridge script is.
const BridgePath = "/wallet/bridge.js"

// Routes adds WeChat's paths to a router.
func (s *Site) Routes(r *mux.Router) {
	r.HandleFunc(authorizePath, s.authorize).Methods("GET")
	r.HandleFunc(replyPath, s.reply).Methods("GET")
	r.HandleFunc(consentStylePath, s.consentSheet).Methods("GET")
	s.apiRoutes(r)
	r.HandleFunc(sdkPath, s.sdk).Methods("GET")
	r.HandleFunc(BridgePath, s.bridge).Methods("GET")
	r.HandleFunc("/wallet/wallet.css", s.walletSheet).Methods("GET")
	r.HandleFunc(BillsPath, s.listBills).Methods("GET")
	r.HandleFunc("/wallet/orders.css", s.billsSheet).Methods("GET")
	r.HandleFunc("/wallet/wallet.js", s.walletScript).Methods("GET")
	r.HandleFunc("/wallet/invoke", anyOrigin(s.invoke)).Methods("POST", "OPTIONS")
	r.HandleFunc("/wallet/preverify", anyOrigin(s.preverify)).Methods("POST", "OPTIONS")
	r.HandleFunc("/wallet/sheet", s.sheet).Methods("GET")
	r.HandleFunc("/wallet/page.js", s.pageScript).Methods("GET")
	r.HandleFunc("/wallet/returned", anyOrigin(s.returned)).Methods("POST", "OPTIONS")
	r.HandleFunc(sandbox.PayPage, s.openPage).Methods("GET")
	r.HandleFunc(sandbox.PayPage, s.decidePage).Methods("POST")
	r.HandleFunc("/wallet/pay", anyOrigin(s.settle((*sandbox.Gateway).PayerPays))).Methods("POST", "OPTIONS")
	r.HandleFunc("/wallet/cancel", anyOrigin(s.settle((*sandbox.Gateway).PayerCancels))).Methods("POST", "OPTIONS")
}

// PayerCookie names the person a browser belongs to. It stands for what WeChat's client adds to
// its requests by itself; it is set on this host and no merchant's page can read it.
const PayerCookie = "sandbox_payer"

// payer tells whose browser this is; a browser without the cookie gets one, and a new payer.
func (s *Site) payer(w http.ResponseWriter, r *http.Request) (sandbox.Payer, error) {
	named := ""
	if c, err := r.Cookie(PayerCookie); err == nil {
		named = c.Value
	}
	p, err := s.Gateway.PayerOf(r.Context(), named)
	if err == nil && string(p.ID) != named {
		http.SetCookie(w, s.payerCookie(r, p.ID))
	}
	return p, err
}

// payerCookie is for all of WeChat's hosts where they have their own names. Over TLS it also reaches the
// wallet inside a merchant's page, which is another site's.
func (s *Site) payerCookie(r *http.Request, id sandbox.PayerID) *http.Cookie {
	c := &http.Cookie{Name: PayerCookie, Value: string(id), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.VendorNames(r) {
		c.Domain = cookieDomain
	}
	if r.TLS != nil {
		c.Secure, c.SameSite = true, http.SameSiteNoneMode
	}
	return c
}

// cookieDomain is what WeChat's hosts have in common.
const cookieDomain = "weixin.qq.com"

func (s *Site) ownHost(r *http.Request) string {
	u, err := url.Parse(s.Base(r))
	if err != nil {
		return r.Host
	}
	return u.Host
}
