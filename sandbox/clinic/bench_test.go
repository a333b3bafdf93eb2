package clinic_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

const (
	appCode = "SANDBOXAPPCODE0123456789ABCDEF00"
	ownKey  = "SANDBOXCLIENTKEY0123456789ABCDEF"
)

// othersOf gives so many Apps besides.
func othersOf(n int) (apps []sandbox.App) {
	for i := range n {
		apps = append(apps, sandbox.App{Code: sandbox.AppCode(fmt.Sprintf("SANDBOXAPP%022d", i)), ClientKey: fmt.Sprintf("SANDBOXKEY%022d", i)})
	}
	return apps
}

// posted is a payment with this form as its body.
func posted(form, sign string, others int) clinic.Case {
	return clinic.Case{
		App: sandbox.App{Code: appCode, ClientKey: ownKey}, Others: othersOf(others), Params: qfpay.ParseParams(form), Sign: sign,
		Method: http.MethodPost, URL: &url.URL{Path: "/trade/v1/payment"}, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte(form),
	}
}

const typical = "out_trade_no=T1&txamt=300&txcurrcd=HKD&pay_type=800207&txdtm=2020-04-10+11%3A45%3A44&goods_name=%E6%B8%AC%E8%A9%A6&sub_openid=oo3Lss8d0hLOuyTuSJMVwLTk68JE&udid=POS+1"

func BenchmarkDiagnose(b *testing.B) {
	long := func(n int) string {
		var form strings.Builder
		for i := range n {
			fmt.Fprintf(&form, "&parameter_%d=value+%d", i, i)
		}
		return form.String()[1:]
	}
	nothing := strings.Repeat("ab", 16)
	unsorted := "out_trade_no=T1&txamt=300&txcurrcd=HKD&pay_type=800207&txdtm=2020-04-10 11:45:44&goods_name=測試&sub_openid=oo3Lss8d0hLOuyTuSJMVwLTk68JE&udid=POS 1"
	for _, c := range []struct {
		name string
		c    clinic.Case
	}{
		{"one mistake", posted(typical, qfpay.Sign(unsorted, ownKey, qfpay.MD5), 100)},
		{"two mistakes", posted(typical, qfpay.Sign(unsorted, "&key="+ownKey, qfpay.MD5), 100)},
		{"none fits", posted(typical, nothing, 100)},
		{"none fits, 1000 Apps", posted(typical, nothing, 1000)},
		{"none fits, 100 parameters", posted(long(100), nothing, 100)},
		{"none fits, 1000 parameters", posted(long(1000), nothing, 100)},
		{"none fits, a megabyte", posted("a=1&b="+strings.Repeat("x+", 1<<19), nothing, 100)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			tried := 0
			for b.Loop() {
				tried = clinic.Diagnose(c.c).Tried
			}
			b.ReportMetric(float64(tried), "digests")
		})
	}
}
