package clinic

import "strings"

// joins are wrong ways to put string and key together.
var joins = []row{
	{id: KeySeparator, dim: ofJoin, common: true, each: separators, join: func(dst, text []byte, key string, a arg) []byte {
		dst = append(dst, text...)
		dst = append(dst, a.s...)
		dst = append(dst, key...)
		return append(dst, a.t...)
	}, detail: func(_ *request, a arg) string {
		switch {
		case a.t == "":
			return quoted(a.s) + " stood between the string and the key; nothing belongs there"
		case a.s == "":
			return quoted(a.t) + " stood behind the key; nothing belongs there"
		default:
			return quoted(a.s) + " stood before and " + quoted(a.t) + " behind the key; nothing belongs there"
		}
	}},
	{id: KeyFirst, dim: ofJoin, common: true, each: func(_ *request, yield func(arg) bool) {
		for i, s := range [...]string{"", "&", "\n", "|", ":", "?", ",", " "} {
			if !yield(arg{s: s, rare: i > 1}) {
				return
			}
		}
		for _, name := range keyNames {
			if !yield(arg{t: name + "=", s: "&", rare: true}) {
				return
			}
		}
	}, join: func(dst, text []byte, key string, a arg) []byte {
		dst = append(dst, a.t...)
		dst = append(dst, key...)
		dst = append(dst, a.s...)
		return append(dst, text...)
	}, detail: func(_ *request, a arg) string {
		return "the key stood before the string" + partedBy(a.s) + asParameter(a.t) + ", not behind it"
	}},
	{id: KeyTwice, dim: ofJoin, each: func(_ *request, yield func(arg) bool) {
		for _, s := range [...]string{"", "&"} {
			if !yield(arg{s: s}) || !yield(arg{s: s, i: 1}) {
				return
			}
		}
	}, join: func(dst, text []byte, key string, a arg) []byte {
		if a.i == 0 {
			dst = append(dst, key...)
			dst = append(dst, a.s...)
			dst = append(dst, text...)
			dst = append(dst, a.s...)
			return append(dst, key...)
		}
		dst = append(dst, text...)
		dst = append(dst, key...)
		dst = append(dst, a.s...)
		return append(dst, key...)
	}, detail: func(_ *request, a arg) string {
		if a.i == 0 {
			return "the key stood before the string and behind it" + partedBy(a.s)
		}
		return "the key stood behind the string twice" + partedBy(a.s)
	}},
}

// keyNames are what a key is called where it is signed like a parameter.
var keyNames = [...]string{"key", "client_key", "app_key", "appkey", "secret", "clientKey", "app_secret", "appsecret", "secret_key", "clientkey", "client_secret", "api_key", "apikey", "KEY", "Key", "sign_key", "md5key", "appKey", "appSecret", "token"}

// separators gives what is put between string and key, behind the key, or around it.
func separators(_ *request, yield func(arg) bool) {
	for i, name := range keyNames {
		if !yield(arg{s: "&" + name + "=", rare: i > 1}) {
			return
		}
	}
	for i, s := range [...]string{"&", " ", "\n", "=", "|", ",", ":", "+", "?", ";", "#", "-", "_", ".", "/", "~", "\r\n", "\t", "||", "::", "&&", "&=", "\x00", "&amp;", "& ", ", ", ": ", " + "} {
		if !yield(arg{s: s, rare: i > 0}) {
			return
		}
	}
	for _, name := range keyNames {
		if !yield(arg{s: name + "=", rare: true}) || !yield(arg{s: "&" + name + ":", rare: true}) {
			return
		}
	}
	for _, s := range [...]string{"&", "=", "|", "}"} {
		if !yield(arg{t: s, rare: true}) {
			return
		}
	}
	for _, around := range [...][2]string{{"&", "&"}, {"|", "|"}, {"{", "}"}, {"(", ")"}, {"&key=", "&"}} {
		if !yield(arg{s: around[0], t: around[1], rare: true}) {
			return
		}
	}
}

func partedBy(s string) string {
	if s == "" {
		return ""
	}
	return ", with " + quoted(s) + " in between"
}

func asParameter(name string) string {
	if name == "" {
		return ""
	}
	return ", as the parameter " + strings.TrimSuffix(name, "=")
}

// keyBehind is the row whose variants leave the string in front, so that it need be hashed only once.
var keyBehind = &joins[0]
