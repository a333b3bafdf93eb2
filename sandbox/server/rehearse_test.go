package server

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// A rehearsal judges a request's parameters as any sandbox does.
func TestRehearse(t *testing.T) {
	app := sandbox.App{Code: "REHEARSAL", ClientKey: "KEY"}
	for _, c := range []struct {
		name, path string
		change     qfpay.Param
		want       string
	}{
		{"a right payment", "payment", qfpay.Param{}, ""},
		{"an amount in dollars", "payment", qfpay.Param{Name: "txamt", Value: "3.00"}, "parameter-txamt"},
		{"no time", "payment", qfpay.Param{Name: "txdtm"}, "parameter-txdtm"},
		{"a pay type that needs more", "payment", qfpay.Param{Name: "pay_type", Value: "800207"}, "parameter-sub_openid"},
		{"a shop of an App without shops", "payment", qfpay.Param{Name: "mchid", Value: "SHOP1"}, "mchid-rule"},
		{"a path that is none", "pay", qfpay.Param{}, "path-unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := qfpay.Params{{Name: "txamt", Value: "300"}, {Name: "txcurrcd", Value: "HKD"}, {Name: "pay_type", Value: "800201"}, {Name: "out_trade_no", Value: "A1"}, {Name: "txdtm", Value: "2026-11-24 12:00:00"}}
			p = append(p.Without(c.change.Name), c.change)
			r, err := http.NewRequest(http.MethodPost, "http://h/trade/v1/"+c.path, strings.NewReader(p.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-QF-APPCODE", string(app.Code))
			r.Header.Set("X-QF-SIGN", qfpay.Sign(p.Canonical(), app.ClientKey, qfpay.MD5))
			found, err := Rehearse(t.Context(), app, r)
			if err != nil {
				t.Fatal(err)
			}
			refused := slices.DeleteFunc(found, func(f sandbox.Finding) bool {
				return f.ID == sandbox.FindTxdtmFarOff || f.ID == sandbox.FindNoNotifyURL || f.ID == sandbox.FindEmptySigned
			})
			switch {
			case c.want == "" && len(refused) > 0:
				t.Errorf("found %+v, want nothing", refused)
			case c.want != "" && (len(refused) != 1 || refused[0].ID != c.want):
				t.Errorf("found %+v, want %s", refused, c.want)
			}
		})
	}
	r, _ := http.NewRequest(http.MethodGet, "http://h/", nil)
	if _, err := Rehearse(t.Context(), sandbox.App{Code: "no good"}, r); !errors.Is(err, sandbox.ErrInvalid) {
		t.Errorf("an App that cannot be: got error %v, want ErrInvalid", err)
	}
}
