package wechat

import (
	"net/url"
	"strconv"
	"strings"
)

// AppendCode is where WeChat sends the browser back to: redirectURI with code, and state unless it is nil, appended to
// its query. The code comes first, an empty state still gives "state=", a state already there is kept beside the new
// one, and a fragment is moved behind the query. The rest of the address stays byte for byte.
func AppendCode(redirectURI, code string, state *string) string {
	added := "code=" + url.QueryEscape(code)
	if state != nil {
		added += "&state=" + url.QueryEscape(*state)
	}
	return appendQuery(redirectURI, added)
}

// AppendRefusal is where the browser goes when the payer refused: state, and no code. Source: observed.
func AppendRefusal(redirectURI, state string) string {
	return appendQuery(redirectURI, "state="+url.QueryEscape(state))
}

func appendQuery(redirectURI, added string) string {
	address, fragment, hasFragment := strings.Cut(redirectURI, "#")
	var b strings.Builder
	b.WriteString(address)
	switch {
	case !strings.Contains(address, "?"):
		b.WriteByte('?')
	case !strings.HasSuffix(address, "?") && !strings.HasSuffix(address, "&"):
		b.WriteByte('&')
	}
	b.WriteString(added)
	if hasFragment {
		b.WriteByte('#')
		b.WriteString(fragment)
	}
	return b.String()
}

// What WeChat's OAuth shows to a browser that is not WeChat, and to a request it cannot match.
const (
	OutsideTitle = "抱歉，出错了"
	OutsideText  = "请在微信客户端打开链接"
	NoSuchLink   = "该链接无法访问"
)

// PageError is an error page of WeChat's OAuth.
type PageError struct {
	Code    int
	Chinese string
	English string
	Source  string
}

// Text is the line the page shows, the code at its end where it has one.
func (e PageError) Text() string {
	if e.Code == 0 {
		return e.Chinese
	}
	return e.Chinese + "，错误码:" + strconv.Itoa(e.Code)
}

// PageErrors is the table of error pages, by code.
func PageErrors() []PageError { return append([]PageError(nil), pageErrors[:]...) }

// PageErrorOf is the row of one code; false if there is none.
func PageErrorOf(code int) (PageError, bool) {
	for _, e := range pageErrors {
		if e.Code == code {
			return e, true
		}
	}
	return PageError{}, false
}

const oauthPage = "documented: web page authorisation, return codes"

var pageErrors = [...]PageError{
	{10003, "redirect_uri域名与后台配置不一致", "the host of redirect_uri is not the one registered", oauthPage},
	{10004, "此公众号被封禁", "the official account is banned", oauthPage},
	{10005, "此公众号并没有这些scope的权限", "the official account may not ask for this scope", oauthPage},
	{10006, "必须关注此测试号", "the payer must follow this test account first", oauthPage},
	{10009, "操作太频繁了，请稍后重试", "too many requests, try again later", oauthPage},
	{10010, "scope不能为空", "scope is empty", oauthPage},
	{10011, "redirect_uri不能为空", "redirect_uri is empty", oauthPage},
	{10012, "appid不能为空", "appid is empty", oauthPage},
	{10013, "state不能为空", "state is empty", oauthPage},
	{10015, "公众号未授权第三方平台，请检查授权状态", "the account has not authorised this third-party platform", oauthPage},
	{10016, "不支持微信开放平台的Appid，请使用公众号Appid", "an open-platform appid is not supported, use the official account's", oauthPage},
}
