package clinic

import "strings"

// The variants of ValueChangedOnWay, in an arg's t; i is the place of a parameter, s what it had.
const (
	notDecoded   = "not decoded"
	plusWasBlank = "plus"
	onePlus      = "one plus"
	encodedAgain = "encoded again"
	formAgain    = "form again"
	lostBehind   = "lost behind"
	lostBefore   = "lost before"
)

// changes gives what may have happened to values on their way.
func changes(q *request, yield func(arg) bool) {
	blanks, percents := false, false
	for _, it := range q.base {
		blanks = blanks || strings.Contains(it.Value, " ")
		percents = percents || strings.ContainsAny(it.Value, "%+")
	}
	if blanks && !yield(arg{t: plusWasBlank}) {
		return
	}
	if percents && (!yield(arg{t: encodedAgain}) || !yield(arg{t: formAgain})) {
		return
	}
	if q.wireDiffers(func(item) bool { return true }) && !q.encodedOnWire() && !yield(arg{t: notDecoded}) {
		return
	}
	for i, it := range q.full {
		if !strings.Contains(it.Value, " ") {
			continue
		}
		if !yield(arg{t: onePlus, i: i, s: strings.ReplaceAll(it.Value, " ", "+"), rare: true}) || !yield(arg{t: onePlus, i: i, s: strings.Replace(it.Value, " ", "+", 1), rare: true}) {
			return
		}
	}
	for i, it := range q.full {
		if it.Value == "" {
			continue
		}
		for _, w := range [...]string{" ", "\n", "\r\n", "  ", "\t", "\u3000", "\u00a0", "\u200b", "\x00"} {
			if !yield(arg{t: lostBehind, i: i, s: w, rare: true}) || !yield(arg{t: lostBefore, i: i, s: w, rare: true}) {
				return
			}
		}
		if !yield(arg{t: lostBefore, i: i, s: "\ufeff", rare: true}) {
			return
		}
	}
}

// rawPlus: nothing was percent-encoded for sending although a library would have encoded something,
// so a + that was signed arrived as a blank.
func rawPlus(q *request, yield func(arg) bool) {
	raw := false
	for _, it := range q.base {
		raw = raw || it.onWire && encoders[0].encode(it.Value, false) != q.wires[it.at]
	}
	if raw && q.wireDiffers(func(it item) bool { return !strings.Contains(q.wires[it.at], "%") }) {
		yield(arg{t: plusWasBlank, s: "raw"})
	}
}

func changedList(q *request, dst, l list, a arg) list {
	for _, it := range l {
		mine := q.small() && len(q.full) > 0 && it.Name == q.full[a.i].Name
		switch a.t {
		case notDecoded:
			if it.onWire {
				it.Value = q.wires[it.at]
			}
		case plusWasBlank:
			if a.s == "raw" {
				if it.onWire {
					it.Value = q.wires[it.at]
				}
				break
			}
			it.Value = strings.ReplaceAll(it.Value, " ", "+")
		case encodedAgain:
			it.Value = unescaped(it.Value)
		case formAgain:
			it.Value = formDecoded(it.Value)
		case onePlus:
			if mine {
				it.Value = a.s
			}
		case lostBehind:
			if mine {
				it.Value += a.s
			}
		case lostBefore:
			if mine {
				it.Value = a.s + it.Value
			}
		}
		dst = append(dst, it)
	}
	return dst
}

func changedDetail(q *request, a arg) string {
	switch a.t {
	case notDecoded:
		return "the values were signed as they stand on the wire and arrived otherwise, because a + there means a blank, and % and two hex digits a character"
	case plusWasBlank:
		return "the values were signed with + where blanks arrived: an unencoded + is a blank to whoever reads it"
	case encodedAgain, formAgain:
		return "the values were signed as they are, but percent-encoded twice for sending, so that encoded ones arrived"
	case onePlus:
		return q.full[a.i].Name + " was signed as " + quoted(a.s) + " and arrived as " + quoted(q.full[a.i].Value) + ": an unencoded + is a blank to whoever reads it"
	case lostBehind:
		return q.full[a.i].Name + " was signed with " + quoted(a.s) + " behind its value, which did not arrive"
	default:
		return q.full[a.i].Name + " was signed with " + quoted(a.s) + " before its value, which did not arrive"
	}
}

// formDecoded decodes + and %XX, as a server does.
func formDecoded(s string) string { return unescaped(strings.ReplaceAll(s, "+", " ")) }
