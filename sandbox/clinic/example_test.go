package clinic_test

import (
	"fmt"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func ExampleDiagnose() {
	d := clinic.Diagnose(clinic.Case{
		App:    sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF00", ClientKey: "SANDBOXCLIENTKEY0123456789ABCDEF"},
		Params: qfpay.Params{{Name: "txamt", Value: "300"}, {Name: "out_trade_no", Value: "T1"}},
		Sign:   qfpay.Sign("out_trade_no=T1&txamt=300", "&key=SANDBOXCLIENTKEY0123456789ABCDEF", qfpay.MD5),
	})
	for _, m := range d.Mistakes {
		fmt.Printf("%s: %s\n%s\n", m.ID, m.Detail, m.Change)
	}
	fmt.Println("signed", d.Signed)
	fmt.Println("want  ", d.Canonical)
	// Output:
	// sign-key-separator: "&key=" stood between the string and the key; nothing belongs there
	// append the client_key directly, with nothing in between
	// signed out_trade_no=T1&txamt=300&key=(client_key)
	// want   out_trade_no=T1&txamt=300(client_key)
}
