package wechat

import "testing"

// WeChat Pay's generic signature example signs other fields than a payment's, with the same rule.
func TestPublishedSignatureExample(t *testing.T) {
	const pairs = "appid=wxd930ea5d5a258f4f&body=test&device_info=1000&mch_id=10000100&nonce_str=ibuaiVcKdpRxkhJA"
	const key = "192006250b4c09247ec02edce69f6a2d"
	for signType, want := range map[string]string{
		SignMD5:        "9A0A8659F005D6984697E2CA0A9CF3B7",
		SignHMACSHA256: "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6",
	} {
		if got, err := signPairs(pairs, signType, key); err != nil || got != want {
			t.Errorf("%s: got %s, %v want %s", signType, got, err, want)
		}
	}
}
