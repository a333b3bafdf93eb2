package wechat

// APIError is an error of api.weixin.qq.com: HTTP 200 with errcode and errmsg. Only the code is to be compared; the
// text ends with a rid that is another one each time.
type APIError struct {
	Code   int
	Text   string // errmsg without its rid
	Means  string
	Source string
}

// APIErrors is the table of errors this sandbox answers with, by code.
func APIErrors() []APIError { return append([]APIError(nil), apiErrors[:]...) }

// APIErrorOf is the row of one code; false if there is none.
func APIErrorOf(code int) (APIError, bool) {
	for _, e := range apiErrors {
		if e.Code == code {
			return e, true
		}
	}
	return APIError{}, false
}

// The errors' codes by what they are about.
const (
	APIBusy            = -1
	APIBadCredential   = 40001
	APIBadGrantType    = 40002
	APIBadOpenID       = 40003
	APIBadAppID        = 40013
	APIBadCode         = 40029
	APIBadRefreshToken = 40030
	APIBadArguments    = 40097
	APIBadSecret       = 40125
	APICodeUsed        = 40163
	APINoAccessToken   = 41001
	APINoAppID         = 41002
	APINoRefreshToken  = 41003
	APINoSecret        = 41004
	APINoCode          = 41008
	APINoOpenID        = 41009
	APITokenExpired    = 42001
	APIRefreshExpired  = 42002
	APICodeExpired     = 42003
	APIWantsGet        = 43001
	APIWantsPost       = 43002
	APIMalformed       = 47001
	APIUnauthorised    = 48001
	APINoSuchAPI       = 40066
)

const (
	apiDocumented = "documented: global return codes; text observed"
	apiAssumed    = "documented: global return codes; where it is answered is assumed"
)

var apiErrors = [...]APIError{
	{APIBusy, "system error", "a mistake of the sandbox itself", apiAssumed},
	{APIBadCredential, "invalid credential, access_token is invalid or not latest", "the access token is not one of this account, or a newer one took its place", apiDocumented},
	{APIBadGrantType, "invalid grant_type", "grant_type is not the one of this call", apiDocumented},
	{APIBadOpenID, "invalid openid", "the openid is not the one the token is for", apiDocumented},
	{APIBadAppID, "invalid appid", "the appid is none of an official account", apiDocumented},
	{APIBadCode, "invalid code", "the code was not issued for this account", apiDocumented},
	{APIBadRefreshToken, "invalid refresh_token", "the refresh token is none of this account", apiDocumented},
	{APINoSuchAPI, "invalid url", "there is no such call", apiAssumed},
	{APIBadArguments, "invalid args", "an argument is not one the call takes", apiAssumed},
	{APIBadSecret, "invalid appsecret", "the secret is not the account's", apiDocumented},
	{APICodeUsed, "code been used", "the code was exchanged before", apiDocumented},
	{APINoAccessToken, "access_token missing", "access_token is missing", apiDocumented},
	{APINoAppID, "appid missing", "appid is missing", apiDocumented},
	{APINoRefreshToken, "refresh_token missing", "refresh_token is missing", apiDocumented},
	{APINoSecret, "appsecret missing", "secret is missing", apiDocumented},
	{APINoCode, "missing code", "code is missing", apiDocumented},
	{APINoOpenID, "missing openid", "openid is missing", apiDocumented},
	{APITokenExpired, "access_token expired", "the access token is older than two hours", apiDocumented},
	{APIRefreshExpired, "refresh_token expired", "the refresh token is older than thirty days", apiDocumented},
	{APICodeExpired, "code expired", "the code is older than five minutes", apiDocumented},
	{APIWantsGet, "require GET method", "the call takes GET", apiDocumented},
	{APIWantsPost, "require POST method", "the call takes POST", apiDocumented},
	{APIMalformed, "data format error", "the body cannot be read", apiDocumented},
	{APIUnauthorised, "api unauthorized", "the token's scope does not cover the call", apiDocumented},
}
