package openapi

import (
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func TestExtendInfo(t *testing.T) {
	want := sandbox.RealName{CreID: "430067798868676871", TrueName: "小林"}
	for name, s := range map[string]string{
		"raw": `{"user_creid":"430067798868676871","user_truename":"小林"}`, "escaped": `{"user_creid":"430067798868676871","user_truename":"\u5c0f\u6797"}`,
		"with blanks": " {\"user_truename\": \"小\\u6797\",\n \"user_creid\": \"430067798868676871\"} ", "with more in it": `{"user_creid":"430067798868676871","user_truename":"小林","need_check_info":"T"}`,
	} {
		if got, err := readExtendInfo(s); err != nil || got == nil || *got != want {
			t.Errorf("%s: got %v and error %v, want %v", name, got, err, want)
		}
	}
	if got, err := readExtendInfo(""); got != nil || err != nil {
		t.Errorf("nothing gives %v and error %v, want nothing", got, err)
	}
	for s, want := range map[string]string{
		"user_creid=43": "want a JSON object such as", `["43"]`: "want a JSON object", `"43"`: "want a JSON object", `{"user_creid":43,"user_truename":"小林"}`: "want a JSON object",
		`{"user_creid":"43"}`: "want both user_creid and user_truename", `{"user_truename":"小林"}`: "want both", `{"user_creid":null,"user_truename":null}`: "want both", "null": "want both", "{}": "want both",
		`{"user_creid":"43","user_truename":"小林"}x`: "want one JSON object and nothing behind it", `{"user_creid":"43","user_truename":"小林"}{}`: "nothing behind it", `{"user_creid":"43"`: "want a JSON object",
	} {
		if got, err := readExtendInfo(s); err == nil || got != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v and error %v, want an error that says %q", s, got, err, want)
		}
	}
}

func FuzzExtendInfo(f *testing.F) {
	for _, seed := range []string{"", "null", "{}", `{"user_creid":"43","user_truename":"\u5c0f"}`, `{"user_creid":{"a":[[]]}}`, "{\"user_creid\":\"\xff\"}", strings.Repeat("[", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := readExtendInfo(s)
		if (got == nil) != (err != nil || s == "") {
			t.Errorf("%q gives %v and error %v, want exactly one of them", s, got, err)
		}
	})
}
