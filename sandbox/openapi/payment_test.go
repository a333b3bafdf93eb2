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

const scene = `{"scene_info":{"h5_info":{"type":"Wap","wap_url":"https://shop.test","wap_name":"宠物店"}},"spbill_create_ip":"192.0.2.7"}`

func TestScene(t *testing.T) {
	for name, s := range map[string]string{"nothing, which is missing": "", "the documented one": scene, "a type alone": ` {"scene_info": {"h5_info": {"type": "Wap"}}, "more": 1} `} {
		if err := readScene(s); err != nil {
			t.Errorf("%s: got error %v, want none", name, err)
		}
	}
	for s, want := range map[string]string{
		"Wap": "want a JSON object such as", `["Wap"]`: "want a JSON object", `{"scene_info":"Wap"}`: "want a JSON object", scene + "x": "want one JSON object and nothing behind it", scene + scene: "nothing behind it",
		"{}": "want scene_info with h5_info and its type", "null": "want scene_info", `{"scene_info":{}}`: "want scene_info", `{"scene_info":{"h5_info":{}}}`: "want scene_info", `{"h5_info":{"type":"Wap"}}`: "want scene_info",
		`{"user_creid":"43","user_truename":"小林"}`: "want scene_info",
	} {
		if err := readScene(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one that says %q", s, err, want)
		}
	}
}

func FuzzScene(f *testing.F) {
	for _, seed := range []string{"", "null", "{}", scene, scene + " ", `{"scene_info":[[]]}`, "{\"scene_info\":\"\xff\"}", strings.Repeat("[", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if err := readScene(s); err == nil && s != "" && !strings.Contains(s, "{") {
			t.Errorf("%q is taken for a scene", s)
		}
	})
}
