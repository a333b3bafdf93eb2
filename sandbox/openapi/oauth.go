package openapi

import (
	"context"
	"net/url"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

const (
	oauthCodePath   = "/tool/v1/get_weixin_oauth_code"
	oauthReturnPath = oauthCodePath + "/return"
)

// oauthCode sends the payer's browser to WeChat, with a way back that still carries the signed
// parameters, in one parameter of its own, for a merchant's may be called code or state too. The
// relay keeps nothing between the two visits (assumption 11).
func (a *API) oauthCode(ctx context.Context, c call) (answer, error) {
	if !noteRedirectCut(ctx, c.Request, c.App, c.Params) {
		noteRedirectRaw(ctx, c.Request)
	}
	if err := sandbox.CheckRedirectURI(c.Params.Get("redirect_uri")); err != nil {
		return answer{}, err
	}
	back := a.Base(c.Request) + oauthReturnPath + "?" + relayParam + "=" + url.QueryEscape(c.Params.Encode())
	return answer{Redirect: a.WeChat(c.Request) + "/connect/oauth2/authorize?appid=" + url.QueryEscape(c.App.Account.AppID) +
		"&redirect_uri=" + url.QueryEscape(back) + "&response_type=code&scope=snsapi_base&state=#wechat_redirect"}, nil
}

// oauthReturn takes WeChat's code to the merchant. The document shows no state there.
func (a *API) oauthReturn(_ context.Context, c call) (answer, error) {
	target := c.Params.Get("redirect_uri")
	if err := sandbox.CheckRedirectURI(target); err != nil {
		return answer{}, err
	}
	if c.Code == "" {
		return answer{}, sandbox.RefuseRequest("oauth-return-without-code", "the way back from WeChat carries no code")
	}
	return answer{Redirect: wechat.AppendCode(target, c.Code, nil)}, nil
}

// openID serves get_weixin_openid.
func (a *API) openID(ctx context.Context, c call) (answer, error) {
	id, err := a.Gateway.ExchangeCode(ctx, c.App, c.Params.Get("code"))
	if err != nil {
		return answer{}, err
	}
	return answer{Body: qfpay.OpenIDAnswer{Envelope: qfpay.Envelope{Respcd: qfpay.RespOK}, OpenID: string(id)}.Object()}, nil
}
