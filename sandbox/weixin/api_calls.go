package weixin

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/look"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

func (s *Site) accessToken(ctx context.Context, _ *http.Request, arg func(string) string) (apiAnswer, error) {
	t, err := s.Gateway.ExchangeAtWeChat(ctx, sandbox.TokenRequest{AppID: arg("appid"), Secret: arg("secret"), Code: arg("code"), GrantType: arg("grant_type")})
	return tokenAnswer(t), err
}

func (s *Site) refreshToken(ctx context.Context, _ *http.Request, arg func(string) string) (apiAnswer, error) {
	t, err := s.Gateway.RefreshAtWeChat(ctx, arg("appid"), arg("grant_type"), arg("refresh_token"))
	return tokenAnswer(t), err
}

// tokenAnswer has WeChat's order of fields (wechat 2.4).
func tokenAnswer(t sandbox.UserToken) apiAnswer {
	a := apiAnswer{{"access_token", t.Access}, {"expires_in", int(sandbox.AccessTokenLife.Seconds())}, {"refresh_token", t.Refresh}, {"openid", string(t.OpenID)}, {"scope", t.Scope}}
	if t.Snapshot {
		a = append(a, field{"is_snapshotuser", 1})
	}
	if t.UnionID != "" {
		a = append(a, field{"unionid", t.UnionID})
	}
	return a
}

func (s *Site) userinfo(ctx context.Context, r *http.Request, arg func(string) string) (apiAnswer, error) {
	u, err := s.Gateway.UserInfoAtWeChat(ctx, arg("access_token"), arg("openid"))
	if err != nil {
		return nil, err
	}
	return apiAnswer{{"openid", string(u.OpenID)}, {"nickname", u.Nickname}, {"sex", 0}, {"language", ""}, {"city", ""}, {"province", ""}, {"country", ""},
		{"headimgurl", s.pictures(r) + u.Picture}, {"privilege", []string{}}, {"unionid", u.UnionID}}, nil
}

// pictures is where payers' pictures are, for who came with this request.
func (s *Site) pictures(r *http.Request) string {
	if s.VendorNames(r) {
		return "https://" + wechat.HostPictures
	}
	return s.Base(r)
}

func (s *Site) auth(ctx context.Context, _ *http.Request, arg func(string) string) (apiAnswer, error) {
	err := s.Gateway.CheckTokenAtWeChat(ctx, arg("access_token"), arg("openid"))
	return apiAnswer{{"errcode", 0}, {"errmsg", "ok"}}, err
}

func (s *Site) accountToken(ctx context.Context, _ *http.Request, arg func(string) string) (apiAnswer, error) {
	return s.tokenOf(ctx, arg("grant_type"), arg("appid"), arg("secret"), false)
}

func (s *Site) tokenOf(ctx context.Context, grantType, appID, secret string, stable bool) (apiAnswer, error) {
	token, seconds, err := s.Gateway.AccountTokenAtWeChat(ctx, grantType, appID, secret, stable)
	return apiAnswer{{"access_token", token}, {"expires_in", seconds}}, err
}

// stableToken takes its arguments as a JSON body.
func (s *Site) stableToken(w http.ResponseWriter, r *http.Request) {
	s.serveAPI(w, r, func(ctx context.Context) (apiAnswer, error) {
		if r.Method != http.MethodPost {
			return nil, s.Gateway.RefuseAPI(wechat.APIWantsPost, sandbox.Finding{ID: sandbox.FindAPICall, Detail: "/cgi-bin/stable_token takes POST, got " + r.Method, Received: r.Method, Expected: "POST",
				Change: "send a POST with a JSON body"})
		}
		var in struct {
			GrantType    string `json:"grant_type"`
			AppID        string `json:"appid"`
			Secret       string `json:"secret"`
			ForceRefresh bool   `json:"force_refresh"`
		}
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxInvocation))
		if err == nil {
			err = json.Unmarshal(raw, &in)
		}
		if err != nil {
			return nil, s.Gateway.RefuseAPI(wechat.APIMalformed, sandbox.Finding{ID: sandbox.FindAPICall, Detail: "the body cannot be read: " + err.Error(),
				Expected: `{"grant_type":"client_credential","appid":"…","secret":"…"}`, Change: "send the arguments as one JSON object"})
		}
		return s.tokenOf(ctx, in.GrantType, in.AppID, in.Secret, !in.ForceRefresh)
	})
}

func (s *Site) ticket(ctx context.Context, _ *http.Request, arg func(string) string) (apiAnswer, error) {
	ticket, seconds, err := s.Gateway.TicketAtWeChat(ctx, arg("access_token"), arg("type"))
	return apiAnswer{{"errcode", 0}, {"errmsg", "ok"}, {"ticket", ticket}, {"expires_in", seconds}}, err
}

// picture draws one for each openid: a face on a colour of its own.
func (s *Site) picture(w http.ResponseWriter, r *http.Request) {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(mux.Vars(r)["openid"])) // never fails
	look.Asset(w, "image/svg+xml", fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 132" width="132" height="132">`+
		`<rect width="132" height="132" fill="hsl(%d 45%% 70%%)"/><circle cx="66" cy="52" r="26" fill="#fff"/><path d="M14 132c0-32 24-46 52-46s52 14 52 46z" fill="#fff"/></svg>`+"\n", hash.Sum32()%360))
}
