package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// signedCall is what a merchant's server sends; the answer is an error unless QFPay did as it was asked.
func signedCall(base, code, key, path string, pairs ...string) (string, error) {
	sort.Strings(pairs)
	form, params := url.Values{}, qfpay.Params{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		form.Set(name, value)
		params = append(params, qfpay.Param{Name: name, Value: value})
	}
	req, err := http.NewRequest(http.MethodPost, base+"/trade/v1/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Qf-Appcode": {code}, "X-Qf-Sign": {qfpay.Sign(params.Canonical(), key, qfpay.MD5)}}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && !strings.Contains(string(body), `"respcd": "0000"`) {
		err = fmt.Errorf("%s answers %s", path, body)
	}
	return string(body), err
}

// call makes a signed call of the demo App, or of the App CODE:KEY given first.
func call(ts *testscript.TestScript, _ bool, args []string) {
	code, key := demoAppCode, demoClientKey
	if c, k, ok := strings.Cut(args[0], ":"); ok {
		code, key, args = c, k, args[1:]
	}
	answer, err := signedCall(ts.Getenv("URL"), code, key, args[0], args[1:]...)
	ts.Check(err)
	_, _ = io.WriteString(ts.Stdout(), answer)
}

// order makes orders of pay type 800201, which any payer can pay.
func order(ts *testscript.TestScript, _ bool, args []string) {
	for _, number := range args {
		_, err := signedCall(ts.Getenv("URL"), demoAppCode, demoClientKey, "payment", "out_trade_no="+number, "pay_type=800201", "txamt=300", "txcurrcd=HKD", "txdtm=2026-03-14 10:00:00")
		ts.Check(err)
	}
}

// listeningShop sets VAR to the address of a merchant who answers every notification with this text, which
// may be in Go's quotes.
func listeningShop(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	text := args[1]
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
	go func() {
		_ = http.Serve(l, answer) // ends with the listener
	}()
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], "http://"+l.Addr().String()+"/notify")
}

// refund gives back so much of the transaction whose syssn=… is in a file.
func refund(ts *testscript.TestScript, _ bool, args []string) {
	syssn := strings.TrimSpace(ts.ReadFile(args[0]))
	_, err := signedCall(ts.Getenv("URL"), demoAppCode, demoClientKey, "refund", syssn, "out_trade_no="+args[1], "txamt="+args[2], "txdtm=2026-03-14 10:00:00")
	ts.Check(err)
}
