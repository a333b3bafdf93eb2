package server

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// A handler that asks net/http to close the connection is recorded first, and is no mistake of ours.
func TestAbortIsRecordedAndPassedOn(t *testing.T) {
	store := memstore.New()
	rec := &recorder{gateway: &sandbox.Gateway{Store: store, Clock: realClock{}}, clock: realClock{}, log: slog.New(slog.DiscardHandler), taken: new(sync.WaitGroup)}
	abort := rec.record(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	func() {
		defer func() {
			if got := recover(); got != http.ErrAbortHandler {
				t.Errorf("got panic %v, want http.ErrAbortHandler", got)
			}
		}()
		abort.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/trade/v1/query", nil))
	}()
	page, err := store.Journal(t.Context(), "", 0, 10)
	if err != nil || len(page.Exchanges) != 1 || page.Exchanges[0].Status != 0 || len(page.Exchanges[0].Findings) != 0 {
		t.Errorf("recorded %+v (error %v), want one exchange without an answer or a finding", page.Exchanges, err)
	}
}
