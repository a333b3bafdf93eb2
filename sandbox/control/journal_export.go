package control

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// exporting reads what an export is to hold. It ends with what is there when it begins: a journal that
// goes on growing would have no end.
func (a *API) exporting(r *http.Request) (reading, error) {
	q, err := a.readingOf(r)
	if err == nil {
		err = q.orderOf(r, 0)
	}
	if err != nil || q.until > 0 {
		return q, err
	}
	newest, err := a.Gateway.Store.JournalBefore(r.Context(), "", 0, 1)
	q.until = newest.Mark + 1
	return q, err
}

// exportName names an export after what it is of.
func exportName(r *http.Request, extension string) string {
	name := "qfsandbox"
	for _, of := range []string{"app", "out_trade_no", "surface", "finding"} {
		if value := r.URL.Query().Get(of); value != "" {
			name += "-" + fileName(value)
		}
	}
	return name + "." + extension
}

// each writes the exchanges of a reading one by one, and stops at the first that cannot be written.
func (a *API) each(r *http.Request, q reading, write func(*sandbox.Exchange) error) error {
	count := 0
	var failed error
	_, err := a.walk(r.Context(), q, func(e *sandbox.Exchange) bool {
		count++
		failed = write(e)
		return failed == nil && (q.limit == 0 || count < q.limit)
	})
	if failed != nil {
		return failed
	}
	return err
}

// encoder writes JSON as the journal does, one value a line.
func encoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

func (a *API) exportNDJSON(r *http.Request) (any, error) {
	q, err := a.exporting(r)
	if err != nil {
		return nil, err
	}
	return stream{"application/x-ndjson", exportName(r, "ndjson"), inPieces(func(w *bufio.Writer) error {
		enc := encoder(w)
		return a.each(r, q, func(e *sandbox.Exchange) error { return enc.Encode(exchangeView(*e)) })
	})}, nil
}
