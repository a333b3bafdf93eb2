package clinic

import "testing"

func TestUndecorated(t *testing.T) {
	const digest = "d314fad7e68fa3b2431e5fa8a1dd1938"
	for received, want := range map[string]struct{ core, around string }{
		digest:                              {digest, ""},
		"0x" + digest:                       {digest, `"0x" in front of it`},
		`\x` + digest:                       {digest, `"\\x" in front of it`},
		"MD5 = " + digest:                   {digest, `"MD5 = " in front of it`},
		"0xT61+aPo7JDHl+ood0ZOA==":          {"0xT61+aPo7JDHl+ood0ZOA==", ""}, // one Base64 in four thousand
		"md5sT61+aPo7JDHl+ood0ZA==":         {"md5sT61+aPo7JDHl+ood0ZA==", ""},
		"SIGNT61+aPo7JDHl+ood0ZO=":          {"SIGNT61+aPo7JDHl+ood0ZO=", ""},
		`"0xT61+aPo7JDHl+ood0ZOA=="` + "\n": {"0xT61+aPo7JDHl+ood0ZOA==", `white space around it and "" around it`},
	} {
		if core, around := undecorated(received); core != want.core || around != want.around {
			t.Errorf("%q: got %q with %q, want %q with %q", received, core, around, want.core, want.around)
		}
	}
}
