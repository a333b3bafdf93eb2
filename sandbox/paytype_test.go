package sandbox_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// flow is a request with which the pay type is served: what all bring, and what this one needs.
func (w *world) flow(payType qfpay.PayType) sandbox.PaymentRequest {
	w.t.Helper()
	r := sandbox.PaymentRequest{Txamt: "300", Txcurrcd: "HKD", PayType: string(payType), OutTradeNo: "T1", Txdtm: "2026-03-14 10:00:00"}
	switch payType {
	case "800207", "800213":
		r.SubOpenID = string(w.openID())
	case "800212":
		r.ExtendInfo = "a scene"
	case "800210", "801010":
		r.GoodsName = "狗糧"
	}
	if row, _ := payType.Row(); row.Flow == qfpay.FlowCPM {
		r.AuthCode = map[string]string{"Alipay": "281234567890123456", "UnionPay": "621234567890123456", "PayMe": "991234567890123456"}[row.Wallet]
		if r.AuthCode == "" {
			r.AuthCode = "131234567890123456"
		}
	}
	return r
}

func TestServedPayTypes(t *testing.T) {
	want := map[qfpay.PayType]sandbox.Shape{
		"800207": sandbox.ShapeParams, "800213": sandbox.ShapeParams, "800210": sandbox.ShapeAppParams, "801010": sandbox.ShapeAppParams,
		"800201": sandbox.ShapeQRCode, "800101": sandbox.ShapeQRCode, "801501": sandbox.ShapeQRCode, "805801": sandbox.ShapeQRCode, "800701": sandbox.ShapeQRCode,
		"802001": sandbox.ShapeQRCode, "803701": sandbox.ShapeQRCode,
		"800008": sandbox.ShapeDone, "800108": sandbox.ShapeDone, "800208": sandbox.ShapeDone, "801008": sandbox.ShapeDone, "805808": sandbox.ShapeDone, "800708": sandbox.ShapeDone,
		"800212": sandbox.ShapeURL, "801101": sandbox.ShapeURL, "801107": sandbox.ShapeURL, "801512": sandbox.ShapeURL, "801514": sandbox.ShapeURL, "805812": sandbox.ShapeURL,
		"805814": sandbox.ShapeURL, "800712": sandbox.ShapeURL, "800714": sandbox.ShapeURL, "803712": sandbox.ShapeURL, "803714": sandbox.ShapeURL,
	}
	for _, row := range qfpay.PayTypes() {
		shape, isServed := want[row.Code]
		t.Run(string(row.Code), func(t *testing.T) {
			w := newWorld(t)
			if got := slices.Contains(sandbox.ServedPayTypes(), row.Code); got != isServed {
				t.Fatalf("%s is served: %v, want %v", row.Name, got, isServed)
			}
			r := w.flow(row.Code)
			got, params, err := w.Pay(t.Context(), w.app, r)
			if !isServed {
				wantRefusal(t, err, sandbox.Refusal{Rule: "pay-type-not-served", Code: "1104", Resperr: "获取用户支付通道失败", Respmsg: "filter error",
					Fidelity: sandbox.Assumed, Detail: row.Name})
				return
			}
			w.must(err)
			if w.app.Shape(row.Code) != shape {
				t.Errorf("the answer's shape is %d, want %d", w.app.Shape(row.Code), shape)
			}
			paid := got.State == sandbox.StatePaid && got.Chnlsn != "" && got.OpenID != ""
			if paid != (shape == sandbox.ShapeDone) || got.HasPage() == (shape == sandbox.ShapeDone || row.Code == "800207") {
				t.Errorf("the order is %s with number %q of %q, and has a page: %v", got.State, got.Chnlsn, got.OpenID, got.HasPage())
			}
			if (params.PaySign != "") != (shape == sandbox.ShapeParams || shape == sandbox.ShapeAppParams) || (params.PartnerID != "") != (shape == sandbox.ShapeAppParams) {
				t.Errorf("its parameters are %+v", params)
			}
		})
	}
}

// Each pay type needs what its flow needs.
func TestPayTypesNeed(t *testing.T) {
	for _, c := range []struct {
		payType qfpay.PayType
		without func(*sandbox.PaymentRequest)
		name    string
	}{
		{"800207", func(r *sandbox.PaymentRequest) { r.SubOpenID = "" }, "sub_openid"},
		{"800213", func(r *sandbox.PaymentRequest) { r.SubOpenID = "" }, "sub_openid"},
		{"800208", func(r *sandbox.PaymentRequest) { r.AuthCode = "" }, "auth_code"},
		{"800008", func(r *sandbox.PaymentRequest) { r.AuthCode = "" }, "auth_code"},
		{"800212", func(r *sandbox.PaymentRequest) { r.ExtendInfo = "" }, "extend_info"},
		{"800210", func(r *sandbox.PaymentRequest) { r.GoodsName = "" }, "goods_name"},
	} {
		w := newWorld(t)
		r := w.flow(c.payType)
		c.without(&r)
		_, _, err := w.Pay(t.Context(), w.app, r)
		wantRefusal(t, err, missingRefusal(c.name))
	}
}

func TestExpiredTime(t *testing.T) {
	const common = 30 * time.Minute
	for _, c := range []struct {
		payTypes []qfpay.PayType
		minutes  string
		life     time.Duration // 0: refused
	}{
		{[]qfpay.PayType{"800201", "800101", "801512", "801501", "801107", "801101", "801010", "800213"}, "", common},
		{[]qfpay.PayType{"800201", "800101", "801512", "801501", "801107", "801101", "801010", "800213"}, "5", 5 * time.Minute},
		{[]qfpay.PayType{"800201", "800213"}, "120", 2 * time.Hour},
		{[]qfpay.PayType{"800201", "800213", "801101"}, "4", 0},
		{[]qfpay.PayType{"800201"}, "121", 0},
		{[]qfpay.PayType{"800201"}, "7.5", 0},
		{[]qfpay.PayType{"800201"}, "soon", 0},
		{[]qfpay.PayType{"800201"}, "+30", 0},
		{[]qfpay.PayType{"803701", "800212", "800701", "801514", "800210"}, "4", common},
		{[]qfpay.PayType{"800207"}, "5", sandbox.PrepayLife},
	} {
		for _, payType := range c.payTypes {
			w := newWorld(t)
			r := w.flow(payType)
			r.ExpiredTime = c.minutes
			got, _, err := w.Pay(t.Context(), w.app, r)
			if c.life == 0 {
				wantRefusal(t, err, parameterRefusal("expired_time", fmt.Sprintf("is %q, want whole minutes from 5 to 120", c.minutes)))
				continue
			}
			w.must(err)
			if !got.ExpiresAt.Equal(morning.Add(c.life)) {
				t.Errorf("%s with expired_time %q can be paid until %s, want %s", payType, c.minutes, got.ExpiresAt, morning.Add(c.life))
			}
		}
	}
}

func TestAlipayWebNeedsMoreThanAHundred(t *testing.T) {
	for _, c := range []struct {
		payType, txamt, currency string
		ok                       bool
	}{
		{"801101", "100", "HKD", false}, {"801101", "100", "USD", false}, {"801101", "101", "HKD", true}, {"801107", "100", "HKD", true}, {"801514", "1", "HKD", true},
	} {
		w := newWorld(t)
		r := w.flow(qfpay.PayType(c.payType))
		r.Txamt, r.Txcurrcd = c.txamt, c.currency
		_, _, err := w.Pay(t.Context(), w.app, r)
		if c.ok {
			w.must(err)
		} else {
			wantRefusal(t, err, parameterRefusal("txamt", "is 100, 801101 needs more than 100"))
		}
	}
}

func TestCanadianAccountsGetAPage(t *testing.T) {
	for _, payType := range []qfpay.PayType{"800207", "800212"} {
		w := newWorld(t, func(a *sandbox.App) { a.Settings.Canada = true })
		r := w.flow(payType)
		r.SubOpenID, r.ExtendInfo = "", ""
		_, _, err := w.Pay(t.Context(), w.app, r)
		wantRefusal(t, err, missingRefusal("return_url"))
		r.ReturnURL = "https://shop.test/back"
		got, params, err := w.Pay(t.Context(), w.app, r)
		w.must(err)
		if w.app.Shape(payType) != sandbox.ShapeURL || !got.HasPage() || got.ReturnURL != r.ReturnURL || params.PaySign != "" {
			t.Errorf("%s gives shape %d, page %v, return_url %q, paySign %q; want a page that returns", payType, w.app.Shape(payType), got.HasPage(), got.ReturnURL, params.PaySign)
		}
	}
	if w := newWorld(t, func(a *sandbox.App) { a.Settings.Canada = true }); w.app.Shape("800213") != sandbox.ShapeParams {
		t.Error("800213 of a Canadian account has another shape than elsewhere")
	}
}

func TestReturnURLIsAnAddress(t *testing.T) {
	w := newWorld(t)
	r := w.flow("801512")
	r.ReturnURL = "/back"
	_, _, err := w.Pay(t.Context(), w.app, r)
	wantRefusal(t, err, parameterRefusal("return_url", `is "/back", want an absolute address`))
}

// An App's pay types are those it was given, whatever is served.
func TestPayTypesOfAnApp(t *testing.T) {
	w := newWorld(t, func(a *sandbox.App) { a.PayTypes = []qfpay.PayType{"800207", "800208"} })
	_, _, err := w.Pay(t.Context(), w.app, w.flow("800201"))
	wantRefusal(t, err, sandbox.Refusal{Rule: "pay-type-not-enabled", Code: "1104", Resperr: "获取用户支付通道失败", Respmsg: "filter error",
		Fidelity: sandbox.Documented, Detail: "pay_type is 800201, this App has [800207 800208]"})
	_, _, err = w.Pay(t.Context(), w.app, w.flow("800208"))
	w.must(err)
}

// docs/paytypes.md lists what is served, and nothing else.
func TestPayTypesPage(t *testing.T) {
	page, err := os.ReadFile("../docs/paytypes.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[qfpay.PayType]bool{}
	for _, line := range strings.Split(string(page), "\n") {
		if columns := strings.Split(line, "|"); len(columns) > 3 {
			for _, code := range regexp.MustCompile(`[0-9]{6}`).FindAllString(columns[2], -1) {
				listed[qfpay.PayType(code)] = true
			}
		}
	}
	for _, p := range sandbox.ServedPayTypes() {
		if !listed[p] {
			t.Errorf("%s is served and not listed", p)
		}
		delete(listed, p)
	}
	for p := range listed {
		t.Errorf("%s is listed and not served", p)
	}
}
