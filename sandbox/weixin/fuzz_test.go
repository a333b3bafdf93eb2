package weixin_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
)

// Whatever a page hands to the bridge gets an answer in JSON that pays nothing.
func FuzzInvocation(f *testing.F) {
	for _, seed := range []string{"", "null", "{}", "[]", `{"page": "http://wx.test/q/direct", "params": {"appId": "wx0", "timeStamp": 1, "package": "prepay_id=x"}}`,
		`{"page": 5}`, `{"params": {"appId": {"a": []}}}`, "{\"page\": \"\xff\"}", `{"page": "http://%zz/"}`, strings.Repeat(`{"params":`, 50)} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, handed string, onAndroid bool) {
		s := open(t, memstore.New())
		browser := map[bool]string{false: "ios", true: "android"}[onAndroid]
		for _, path := range []string{"/wallet/invoke", "/wallet/pay", "/wallet/cancel"} {
			w := s.visit("POST", path, browser, "sandbox_payer=alice", handed)
			var answer struct {
				Message string `json:"err_msg"`
				Frame   string `json:"frame"`
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Message == "" && answer.Frame == "" || strings.HasSuffix(answer.Message, ":ok") {
				t.Errorf("%s answers %q", path, w.Body)
			}
			if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
				t.Errorf("%s answers HTTP %d", path, w.Code)
			}
		}
	})
}
