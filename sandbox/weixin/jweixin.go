package weixin

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

//go:embed jweixin.js
var sdkScript string

// sdkVersions are those WeChat published, oldest first (wechat 3.3 for 1.6; the others from WeChat's own notes of
// versions). All get the script of the newest, assumption 65.
var sdkVersions = []string{"1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.3.2", "1.4.0", "1.6.0"}

// sdkPath is where a version of the SDK is, as at res.wx.qq.com.
const sdkPath = "/open/js/jweixin-{version}.js"

// sdk serves WeChat's JavaScript SDK: our own script with its surface.
func (s *Site) sdk(w http.ResponseWriter, r *http.Request) {
	version := mux.Vars(r)["version"]
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Access-Control-Allow-Origin", "*") // pages may ask for it with crossorigin
	if !slices.Contains(sdkVersions, version) {
		http.Error(w, fmt.Sprintf("there is no jweixin %s; WeChat published %s", sandbox.Shown(version), strings.Join(sdkVersions, ", ")), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/javascript; charset=utf-8")
	_, _ = w.Write([]byte(sdkScript)) // a browser that left needs no answer
}
