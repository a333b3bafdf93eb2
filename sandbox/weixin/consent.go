package weixin

import (
	_ "embed"
	"html/template"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
)

//go:embed consent.html
var consentPage string

//go:embed consent.css
var consentStyle string

var consent = template.Must(template.New("consent").Parse(consentPage))

const (
	authorizePath    = "/connect/oauth2/authorize"
	replyPath        = "/connect/oauth2/authorize_reply"
	consentStylePath = "/connect/consent.css"
)

type consentView struct {
	Look, Style, Reply      string
	Account, Initial, Payer string
	AppID, RedirectURI      string
	Scope, State, Ticket    string
}

// ask shows the payer what the account wants to know.
func (s *Site) ask(w http.ResponseWriter, l sandbox.Login, p sandbox.Payer) {
	view := consentView{
		Look: look.SheetPath, Style: consentStylePath, Reply: replyPath, Account: l.App.Name, Initial: string([]rune(l.App.Name + "?")[:1]), Payer: p.Name,
		AppID: l.Account.AppID, RedirectURI: l.RedirectURI, Scope: l.Scope, State: l.State, Ticket: l.Ticket(p),
	}
	if err := look.Page(w, http.StatusOK, consent, view); err != nil {
		s.Log.Error("consent page not written", "error", err)
	}
}

func (s *Site) consentSheet(w http.ResponseWriter, _ *http.Request) {
	look.Asset(w, "text/css; charset=utf-8", consentStyle)
}
