// Package look is what the sandbox's pages have in common: the style sheet and the page writer.
package look

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"strconv"

	"github.com/gorilla/mux"
)

// tokens.css is shared byte for byte with fixtures/petshop, which may import nothing of ours.
//
//go:embed tokens.css
var tokens string

//go:embed notice.css
var noticeSheet string

//go:embed notice.html
var noticePage string

// SheetPath is where pages find the style sheet.
const SheetPath = "/wallet/look.css"

// Routes adds the style sheet to a router.
func Routes(r *mux.Router) {
	r.HandleFunc(SheetPath, func(w http.ResponseWriter, _ *http.Request) {
		Asset(w, "text/css; charset=utf-8", tokens+noticeSheet)
	}).Methods("GET")
}

// Asset sends a file that belongs to this build.
func Asset(w http.ResponseWriter, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write([]byte(body)) // a reader that left needs no answer
}

// Page sends an HTML page. Nothing is sent when the template fails; that is the error.
func Page(w http.ResponseWriter, status int, page *template.Template, data any) error {
	var out bytes.Buffer
	if err := page.Execute(&out, data); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // a reader that left needs no answer
	return nil
}

// Notice is a page that says one thing: what happened, and what to do.
type Notice struct {
	// Title and Text are the vendor's own words, English and Hint ours.
	Title   string
	Text    string
	English string
	Hint    string
	// Rule names the finding in the journal.
	Rule string
}

var notice = template.Must(template.New("notice").Parse(noticePage))

// Write sends the notice.
func (n Notice) Write(w http.ResponseWriter, status int) error {
	return Page(w, status, notice, struct {
		Notice
		Sheet string
	}{n, SheetPath})
}
