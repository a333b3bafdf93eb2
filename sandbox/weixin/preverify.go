package weixin

import (
	"errors"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// preverify is preVerifyJSAPI, which the JSSDK invokes for wx.config: the page's address beside verifyAppId,
// verifySignature, verifyTimestamp and verifyNonceStr (wechat 3.3).
func (s *Site) preverify(w http.ResponseWriter, r *http.Request) {
	h, err := readInvocation(r)
	if err != nil {
		s.unreadable(w, r, err)
		return
	}
	err = s.Gateway.CheckJSConfig(r.Context(), sandbox.JSConfig{
		AppID: h.text("verifyAppId"), TimeStamp: h.text("verifyTimestamp"), NonceStr: h.text("verifyNonceStr"), Signature: h.text("verifySignature"),
		URL: h.Page, Client: wechat.Recognise(r.UserAgent()),
	})
	var refusal *sandbox.JSConfigRefusal
	switch {
	case err == nil:
		s.write(r.Context(), w, http.StatusOK, outcome{ErrMsg: wechat.ConfigOK})
	case errors.As(err, &refusal):
		sandbox.AddFinding(r.Context(), refusal.Finding)
		s.write(r.Context(), w, http.StatusOK, outcome{ErrMsg: refusal.ErrMsg})
	default:
		s.broken(r.Context(), w, err)
	}
}
