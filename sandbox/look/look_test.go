package look_test

import (
	"html/template"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
)

func TestNoticeIsTextInATestBand(t *testing.T) {
	w := httptest.NewRecorder()
	evil := `<script>alert("x")</script>`
	if err := (look.Notice{Title: evil, Text: evil, English: evil, Hint: evil, Rule: `r" onload="x`}).Write(w, http.StatusTeapot); err != nil {
		t.Fatal(err)
	}
	page := w.Body.String()
	if strings.Contains(page, "<script") || strings.Contains(page, `onload="`) || strings.Count(page, "&lt;script&gt;") != 4 {
		t.Errorf("the notice is\n%s\nwant all five texts escaped", page)
	}
	if !strings.Contains(page, `class="test-band"`) || !strings.Contains(page, look.SheetPath) {
		t.Error("the notice has no TEST band or no style sheet")
	}
	h := w.Header()
	if w.Code != http.StatusTeapot || h.Get("Content-Length") != strconv.Itoa(len(page)) || h.Get("Cache-Control") != "no-store" {
		t.Errorf("HTTP %d with %v, want 418, its length and no-store", w.Code, h)
	}
}

func TestNoticeLeavesOutWhatIsEmpty(t *testing.T) {
	w := httptest.NewRecorder()
	if err := (look.Notice{Title: "t", Text: "x"}).Write(w, http.StatusOK); err != nil {
		t.Fatal(err)
	}
	for _, class := range []string{"notice-english", "notice-hint", "notice-rule"} {
		if strings.Contains(w.Body.String(), `class="`+class) {
			t.Errorf("the notice shows an empty %s", class)
		}
	}
}

func TestPageThatFailsSendsNothing(t *testing.T) {
	w := httptest.NewRecorder()
	half := template.Must(template.New("half").Parse("begun {{.Missing}}"))
	if err := look.Page(w, http.StatusOK, half, struct{}{}); err == nil {
		t.Error("a template without its data gave no error")
	}
	if w.Body.Len() != 0 || len(w.Header()) != 0 {
		t.Errorf("%q and %v were sent, want nothing", w.Body.String(), w.Header())
	}
}

func TestStyleSheet(t *testing.T) {
	router := mux.NewRouter()
	look.Routes(router)
	w := httptest.NewRecorder()
	router.ServeHTTP(w, httptest.NewRequest("GET", look.SheetPath, nil))
	sheet := w.Body.String()
	if w.Header().Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(sheet, ":root") || !strings.Contains(sheet, ".test-band") || !strings.Contains(sheet, ".notice") {
		t.Errorf("the sheet is %s of %d bytes, want the tokens and the notice's own", w.Header().Get("Content-Type"), len(sheet))
	}
}
