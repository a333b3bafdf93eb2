package clinic_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
)

// notified is a notification as QFPay sends it.
const notified = `{"status": "1", "pay_type": "800207", "goods_name": "\u6e2c\u8a66/\u5496\u5561 <b>", "txdtm": "2026-03-14 10:00:00", "mchid": "", "txamt": "300", "notify_type": "payment"}`

func upper(f func([]byte) string, text string) string { return strings.ToUpper(f([]byte(text))) }

func plainMD5(b []byte) string { return fmt.Sprintf("%x", md5.Sum(b)) }

// A merchant hashes a notification wrongly in the ways its language invites it to, with none of the
// clinic's code; its digest gets a name.
func TestAWronglyVerifiedNotificationIsNamed(t *testing.T) {
	var tight, parsed bytes.Buffer
	if err := json.Compact(&tight, []byte(notified)); err != nil {
		t.Fatal(err)
	}
	var members map[string]string
	if err := json.Unmarshal([]byte(notified), &members); err != nil {
		t.Fatal(err)
	}
	byGo, err := json.Marshal(members) // sorted, <> escaped
	if err != nil {
		t.Fatal(err)
	}
	enc := json.NewEncoder(&parsed)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(members); err != nil {
		t.Fatal(err)
	}
	sortedRaw := strings.TrimSpace(parsed.String())
	stringified := strings.NewReplacer(`\u6e2c`, "測", `\u8a66`, "試", `\u5496`, "咖", `\u5561`, "啡").Replace(tight.String())
	const form = "goods_name=測試/咖啡 <b>&notify_type=payment&pay_type=800207&status=1&txamt=300&txdtm=2026-03-14 10:00:00"
	mac := hmac.New(sha256.New, []byte(ownKey))
	mac.Write([]byte(notified))
	other := othersOf(3)
	app := sandbox.App{Code: appCode, ClientKey: ownKey, PreviousKey: "SANDBOXKEYTHATWAS"}
	for _, c := range []struct{ name, computed, want string }{
		{"JSON.stringify", upper(plainMD5, stringified+ownKey), clinic.NotifyReserialised},
		{"blanks taken out", upper(plainMD5, tight.String()+ownKey), clinic.NotifyReserialised},
		{"PHP's json_encode", upper(plainMD5, strings.ReplaceAll(tight.String(), "/", `\/`)+ownKey), clinic.NotifyReserialised},
		{"json.dumps without ensure_ascii", upper(plainMD5, strings.NewReplacer(`\u6e2c`, "測", `\u8a66`, "試", `\u5496`, "咖", `\u5561`, "啡").Replace(notified)+ownKey), clinic.NotifyReserialised},
		{"Go's json.Marshal of a map", upper(plainMD5, string(byGo)+ownKey), clinic.NotifySorted},
		{"sorted members", upper(plainMD5, sortedRaw+ownKey), clinic.NotifySorted},
		{"as a request", upper(plainMD5, form+ownKey), clinic.NotifyParsedForm},
		{"as a request, with &key=", upper(plainMD5, form+"&key="+ownKey), clinic.NotifyParsedForm},
		{"a newline behind", upper(plainMD5, notified+"\n"+ownKey), clinic.NotifyWhiteSpace},
		{"the previous key", upper(plainMD5, notified+"SANDBOXKEYTHATWAS"), clinic.NotifyKey},
		{"another App's key", upper(plainMD5, notified+other[1].ClientKey), clinic.NotifyKey},
		{"a key with a newline", upper(plainMD5, notified+ownKey+"\n"), clinic.NotifyKey},
		{"no key", upper(plainMD5, notified), clinic.NotifyKey},
		{"&key=", upper(plainMD5, notified+"&key="+ownKey), clinic.NotifyKeySeparator},
		{"key first", upper(plainMD5, ownKey+notified), clinic.NotifyKeySeparator},
		{"SHA256", fmt.Sprintf("%x", sha256.Sum256([]byte(notified+ownKey))), clinic.NotifyDigest},
		{"HMAC", fmt.Sprintf("%x", mac.Sum(nil)), clinic.NotifyDigest},
		{"lower case", plainMD5([]byte(notified + ownKey)), clinic.NotifyLetterCase},
		{"right", upper(plainMD5, notified+ownKey), clinic.NotifyRight},
		{"anything", strings.Repeat("AB", 16), clinic.NotifyUnrecognised},
		{"none known", "", clinic.NotifyCandidates},
	} {
		in := clinic.NotificationCase{App: app, Others: other, Body: []byte(notified)}
		if c.computed != "" {
			in.Computed = clinic.DigestsIn("", "bad sign: "+c.computed+"!")
			if !slices.Equal(in.Computed, []string{c.computed}) {
				t.Errorf("%s: found %q in the answer, want %s", c.name, in.Computed, c.computed)
			}
		}
		got := clinic.Notification(in)
		if len(got) != 1 || got[0].ID != c.want || got[0].Detail == "" || got[0].Change == "" {
			t.Errorf("%s: got %+v, want one %s", c.name, got, c.want)
			continue
		}
		said := fmt.Sprintf("%+v", got)
		for _, key := range []string{ownKey, "SANDBOXKEYTHATWAS", other[1].ClientKey} {
			if strings.Contains(said, key) {
				t.Errorf("%s: %s tells %s", c.name, said, key)
			}
		}
		if c.computed == "" {
			for _, digest := range []string{upper(plainMD5, stringified+ownKey), upper(plainMD5, strings.ReplaceAll(tight.String(), "/", `\/`)+ownKey)} {
				if !strings.Contains(said, digest) {
					t.Errorf("%s lacks %s", said, digest)
				}
			}
		}
	}
}

// The header we sent, shown beside the digest the merchant made, does not hide it.
func TestTheOtherOfTwoDigestsIsNamed(t *testing.T) {
	right, wrong := upper(plainMD5, notified+ownKey), upper(plainMD5, notified+"&key="+ownKey)
	got := clinic.Notification(clinic.NotificationCase{App: sandbox.App{Code: appCode, ClientKey: ownKey}, Body: []byte(notified), Computed: clinic.DigestsIn("want " + right + ", got " + wrong)})
	if len(got) != 1 || got[0].ID != clinic.NotifyKeySeparator || got[0].Received != wrong {
		t.Errorf("got %+v, want %s of %s", got, clinic.NotifyKeySeparator, wrong)
	}
}
