package browser

import (
	"errors"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// Without the blank window a tab goes on, and is done when it is closed.
func TestAlone(t *testing.T) {
	b, err := Launch(t.Context(), Options{})
	must(t, err)
	defer b.Close()
	kind, _ := wechat.BrowserNamed("ios")
	tab, err := b.Open(t.Context(), kind, TabOptions{})
	must(t, err)
	must(t, b.Alone())
	s := newSite(t, pages{"/": `<p id=p>here`}, nil)
	must(t, tab.Goto(t.Context(), s.URL))
	select {
	case <-tab.Done():
		t.Fatal("the tab is done although nobody closed it")
	default:
	}
	must(t, tab.Close())
	<-tab.Done()
	if err := tab.Goto(t.Context(), s.URL); !errors.Is(err, ErrTabClosed) {
		t.Errorf("got %v of a closed tab, want ErrTabClosed", err)
	}
}
