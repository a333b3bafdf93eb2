package wechat

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Values of signType in WeChat Pay's second API version. signType is itself signed.
const (
	SignMD5        = "MD5"
	SignHMACSHA256 = "HMAC-SHA256"
)

// ErrSignType says that a signType is not one of SignMD5 and SignHMACSHA256.
var ErrSignType = errors.New("unknown signType")

// PaySign is the signature over the five other pay parameters with the API key: upper-case hex. pkg is the whole
// package value, "prepay_id=wx…". Errors: ErrSignType. Source: WeChat Pay's signature page, second API version.
func PaySign(appID, timeStamp, nonceStr, pkg, signType, key string) (string, error) {
	return signPairs("appId="+appID+"&nonceStr="+nonceStr+"&package="+pkg+"&signType="+signType+"&timeStamp="+timeStamp,
		signType, key)
}

// signPairs signs pairs that are sorted and joined already.
func signPairs(pairs, signType, key string) (string, error) {
	signed := []byte(pairs + "&key=" + key)
	var sum []byte
	switch signType {
	case SignMD5:
		digest := md5.Sum(signed)
		sum = digest[:]
	case SignHMACSHA256:
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(signed)
		sum = mac.Sum(nil)
	default:
		return "", fmt.Errorf("%w %q: allowed are %s and %s", ErrSignType, signType, SignMD5, SignHMACSHA256)
	}
	return strings.ToUpper(hex.EncodeToString(sum)), nil
}
