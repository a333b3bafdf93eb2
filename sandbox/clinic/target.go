package clinic

import (
	"encoding/hex"
	"slices"
	"strings"
)

// target is the signature that came, freed of what stands around it.
type target struct {
	// core is what was found inside, hex in lower case; bare is it without Base64's padding and with
	// the usual alphabet.
	core, bare      string
	isHex, isBase64 bool
	// sum is core's bytes when it is hex of whole bytes.
	sum []byte
	// around says what stood around it, empty for nothing.
	around string
}

func aim(received string) target {
	core, around := undecorated(received)
	t := target{core: core, around: around}
	if isHexText(core) {
		t.isHex, t.core = true, strings.ToLower(core)
		t.sum, _ = hex.DecodeString(t.core)
	}
	bare := strings.TrimRight(core, "=")
	bare = strings.NewReplacer("-", "+", "_", "/", " ", "+").Replace(bare)
	if isBase64Text(bare) {
		t.isBase64, t.bare = true, bare
	}
	return t
}

// matches compares a digest's bytes with what came.
func (t *target) matches(d *digest, sum []byte) bool {
	if d.write == asHex && d.fit == all {
		return string(t.sum) == string(sum)
	}
	text := d.written(sum)
	switch d.fit {
	case beginning:
		return len(t.core) < len(text) && strings.HasPrefix(text, t.core)
	case middle:
		return text[len(text)/4:len(text)*3/4] == t.core
	case end:
		return len(t.core) < len(text) && strings.HasSuffix(text, t.core)
	}
	if d.write >= asBase64 && d.write <= asBase64OfLower {
		return text == t.bare
	}
	return text == t.core
}

// undecorated takes away what careless code leaves around a digest, and says what that was.
func undecorated(s string) (core, around string) {
	core = s
	var found []string
	note := func(what string) { found = append(found, what) }
	for range 4 { // one thing inside another, such as a label and quotes
		before := core
		if trimmed := strings.TrimSpace(core); trimmed != core {
			core = trimmed
			note("white space around it")
		}
		for _, q := range [...][2]string{{`"`, `"`}, {"'", "'"}, {"b'", "'"}, {"{", "}"}, {"[", "]"}, {"(", ")"}, {"<", ">"}, {"`", "`"}} {
			if len(core) > 2 && strings.HasPrefix(core, q[0]) && strings.HasSuffix(core, q[1]) {
				core = core[len(q[0]) : len(core)-len(q[1])]
				note(q[0] + q[1] + " around it")
			}
		}
		lower := strings.ToLower(core)
		for _, label := range [...]string{"hmac-sha256", "hmac", "sha-256", "sha256", "md5", "sign", "signature", "bearer", "x-qf-sign", "0x", `\x`} {
			if !strings.HasPrefix(lower, label) {
				continue
			}
			rest := strings.TrimLeft(core[len(label):], " :=")
			marksHex := (label == "0x" || label == `\x`) && isHexText(rest) // Base64 may begin with 0x too
			if len(rest) >= 16 && (marksHex || len(rest) < len(core)-len(label)) {
				note(quoted(core[:len(core)-len(rest)]) + " in front of it")
				core = rest
				break
			}
		}
		if words := strings.Fields(core); len(words) == 2 { // as openssl and md5sum print it
			if i := slices.IndexFunc(words, func(w string) bool { return len(w) >= 32 && isHexText(w) }); i >= 0 {
				note(quoted(words[1-i]) + " beside it")
				core = words[i]
			}
		}
		if trimmed := strings.TrimRight(core, ";,."); trimmed != core && len(trimmed) >= 16 {
			note(quoted(core[len(trimmed):]) + " behind it")
			core = trimmed
		}
		for _, escape := range [...]string{"%0A", "%0D", "%20", "%22", "\\n", "\\r"} {
			if strings.HasSuffix(strings.ToUpper(core), escape) || strings.HasSuffix(core, escape) {
				note(quoted(core[len(core)-len(escape):]) + " behind it")
				core = core[:len(core)-len(escape)]
			}
		}
		if core == before {
			break
		}
	}
	for _, c := range [...]string{":", "-", " "} {
		if bare := strings.ReplaceAll(core, c, ""); len(bare) < len(core) && len(bare)%8 == 0 && len(bare) >= 32 && isHexText(bare) {
			core = bare
			note(quoted(c) + " between its digits")
		}
	}
	return core, enumeratedOr(found)
}

func enumeratedOr(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return enumerated(words)
}

func isHexText(s string) bool {
	for i := range len(s) {
		if !strings.ContainsRune("0123456789abcdefABCDEF", rune(s[i])) {
			return false
		}
	}
	return s != ""
}

func isBase64Text(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '+' && c != '/' {
			return false
		}
	}
	return s != ""
}
