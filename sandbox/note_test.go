package sandbox_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func TestAddNote(t *testing.T) {
	w := newWorld(t)
	order := w.paid()
	refund, err := w.refund(order, "R1", "100")
	w.must(err)
	for _, c := range []struct {
		n    sandbox.Syssn
		note string
	}{{order.Syssn, "第一"}, {order.Syssn, strings.Repeat("測", 200)}, {refund.Syssn, "returned"}} {
		before := w.stored(c.n)
		got, err := w.AddNote(t.Context(), w.app, sandbox.NoteRequest{Code: "APPCODE", Syssn: string(c.n), Note: c.note})
		w.must(err)
		if before.Note = c.note; inUTC(got) != before || w.stored(c.n) != before {
			t.Errorf("got\n%+v, want the transaction with its note\n%+v", got, before)
		}
	}
}

func TestAddNoteRefused(t *testing.T) {
	w := newWorld(t)
	order := w.paid()
	for _, c := range []struct {
		name   string
		change func(*sandbox.NoteRequest)
		want   sandbox.Refusal
	}{
		{"no code", func(r *sandbox.NoteRequest) { r.Code = "" }, missingRefusal("code")},
		{"no syssn", func(r *sandbox.NoteRequest) { r.Syssn = "" }, missingRefusal("syssn")},
		{"no note", func(r *sandbox.NoteRequest) { r.Note = "" }, missingRefusal("note")},
		{"another App's code", func(r *sandbox.NoteRequest) { r.Code = "OTHER" }, parameterRefusal("code", "want the app code that signed, APPCODE")},
		{"a long note", func(r *sandbox.NoteRequest) { r.Note = strings.Repeat("測", 201) }, parameterRefusal("note", "at most 200")},
		{"a note of two lines", func(r *sandbox.NoteRequest) { r.Note = "a\nb" }, parameterRefusal("note", "without control characters")},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := sandbox.NoteRequest{Code: "APPCODE", Syssn: string(order.Syssn), Note: "n"}
			c.change(&r)
			_, err := w.AddNote(t.Context(), w.app, r)
			wantRefusal(t, err, c.want)
		})
	}
	_, err := w.AddNote(t.Context(), w.app, sandbox.NoteRequest{Code: "APPCODE", Syssn: "T1", Note: "n"})
	wantRule(t, err, "note-unknown")
	w.change(func(a *sandbox.App) { a.Mchids = []sandbox.Mchid{"M1"} })
	_, err = w.AddNote(t.Context(), w.app, sandbox.NoteRequest{Code: "APPCODE", Syssn: string(order.Syssn), Note: "n"})
	wantRule(t, err, "note-with-shops")
}
