package wechat

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"errors"
	"fmt"
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

// AppSign is the signature over the six other parameters that an app hands to WeChat's SDK: MD5, upper-case hex. Source:
// WeChat Pay's app page, second API version.
func AppSign(appID, timeStamp, nonceStr, pkg, partnerID, prepayID, key string) (string, error) {
	return signPairs("appid="+appID+"&noncestr="+nonceStr+"&package="+pkg+"&partnerid="+partnerID+"&prepayid="+prepayID+"&timestamp="+timeStamp,
		SignMD5, key)
}

// signPairs signs pairs that are sorted and joined already.
func signPairs(pairs, signType, key string) (string, error) {
	switch signType {
	case SignMD5:
		var room [512]byte
		signed := append(room[:0], pairs...)
		signed = append(signed, "&key="...)
		sum := md5.Sum(append(signed, key...))
		return upperHex(sum[:]), nil
	case SignHMACSHA256:
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(pairs + "&key=" + key))
		return upperHex(mac.Sum(nil)), nil
	default:
		return "", fmt.Errorf("%w %q: allowed are %s and %s", ErrSignType, signType, SignMD5, SignHMACSHA256)
	}
}

func upperHex(sum []byte) string {
	const digits = "0123456789ABCDEF"
	var room [2 * sha256.Size]byte
	text := room[:0]
	for _, c := range sum {
		text = append(text, digits[c>>4], digits[c&15])
	}
	return string(text)
}
