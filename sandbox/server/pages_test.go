package server_test

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// Who opens the control address in a browser, or points an integration at it, learns where QFPay is.
func TestControlAddressSendsToQFPay(t *testing.T) {
	s := start(t, server.Config{})
	for path, want := range map[string]int{"/": 200, "/trade/v1/query": 404} {
		status, page := fetch(t, s.ControlURL()+path)
		if status != want || !strings.Contains(page, s.URL()) || !strings.Contains(page, "control") {
			t.Errorf("%s is HTTP %d, want %d and the address %s: %s", path, status, want, s.URL(), page)
		}
	}
	if status, sheet := fetch(t, s.ControlURL()+"/wallet/look.css"); status != 200 || !strings.Contains(sheet, ".notice") {
		t.Errorf("the pages' style sheet is HTTP %d: %s", status, sheet)
	}
}

// Who calls the controls at QFPay's address learns theirs, and nothing is done.
func TestVendorAddressSendsToTheControls(t *testing.T) {
	s := start(t, server.Config{})
	for _, path := range []string{"/_sandbox/v1/about", "/_sandbox/v1/apps/X/orders/T1"} {
		status, body := fetch(t, s.URL()+path)
		if want := `"code":"controls-elsewhere"`; status != 404 || !strings.Contains(body, want) || !strings.Contains(body, `"control_url":"`+s.ControlURL()+`"`) {
			t.Errorf("%s is HTTP %d and %s, want 404, %s and the address %s", path, status, body, want, s.ControlURL())
		}
	}
}
