package clinic

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Diagnose names the mistake in a signature that was refused, or in the app code that came with it.
func Diagnose(c Case) Diagnosis {
	q := readCase(c)
	var d Diagnosis
	appFound := q.findApp(&d)
	sign, signFound := q.findSign(&d)
	d.Received = sign
	d.Canonical = q.Params.Canonical() + keyMask
	if appFound {
		d.Expected = qfpay.Sign(q.Params.Canonical(), q.key, q.SignType)
		if signFound {
			q.explain(&d, sign)
		}
	}
	d.hide(keysIn(c), q.App)
	return d
}

// explain names what is wrong with a digest.
func (q *request) explain(d *Diagnosis, sign string) {
	if m, known := q.noDigest(sign); known {
		d.Mistakes = append(d.Mistakes, m)
		return
	}
	w := newWalk(q, sign)
	found := w.run()
	d.Tried, d.Exhausted = w.budget.digests, w.exhausted && !found
	if !found {
		d.Unrecognised = true
		d.Difference = w.equalNevertheless()
		return
	}
	if w.t.around != "" {
		d.Mistakes = append(d.Mistakes, Mistake{ID: Decorated, Detail: "the digest came with " + w.t.around, Change: changeOf(Decorated)})
	}
	d.Mistakes = append(d.Mistakes, w.found.mistakes(q, &w.t)...)
	d.Signed = w.found.shown()
	d.Right = len(d.Mistakes) == 0
	d.Difference = firstDifference(d.Canonical, d.Signed)
}

// mistakes are the departures of a recipe from QFPay's.
func (r *recipe) mistakes(q *request, t *target) (list []Mistake) {
	for _, c := range r.texts {
		if c != nil {
			list = append(list, c.mistake(q))
		}
	}
	if r.keyID != "" {
		list = append(list, Mistake{ID: r.keyID, Detail: r.key.detail(), Change: changeOf(r.keyID)})
	}
	if r.join != nil {
		list = append(list, r.join.mistake(q))
	}
	return append(list, r.digest.mistakes(q, t)...)
}

// shown is what was hashed, a mask in the key's place.
func (r *recipe) shown() string {
	mask := r.key.mask()
	switch {
	case r.digest.keyed == macOfString || r.digest.keyed == macSwapped:
		return string(r.text)
	case r.keyless, r.key.key == "":
		return string(r.text)
	case r.join != nil:
		return string(r.join.join(nil, r.text, mask, r.join.arg))
	default:
		return string(r.text) + mask
	}
}

// hide masks the keys that the request itself carries, and the App's own.
func (d *Diagnosis) hide(keys []string, app sandbox.App) {
	for _, key := range [...]string{app.ClientKey, app.PreviousKey} {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return len(b) - len(a) })
	for _, text := range []*string{&d.Canonical, &d.Signed, &d.Received, &d.Difference} {
		*text = hide(*text, keys)
	}
	for i := range d.Mistakes {
		d.Mistakes[i].Detail = hide(d.Mistakes[i].Detail, keys)
		d.Mistakes[i].Change = hide(d.Mistakes[i].Change, keys)
	}
}

// shownAround is how much of two texts is shown where they differ, in bytes.
const shownAround = 24

// firstDifference says where two texts part.
func firstDifference(want, got string) string {
	if want == got || got == "" {
		return ""
	}
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	part := func(s string) string {
		if at >= len(s) {
			return "it ends"
		}
		end := min(at+shownAround, len(s))
		return "stands " + quoted(strings.ToValidUTF8(s[at:end], ""))
	}
	return "the string to sign and the one that was signed are equal for " + strconv.Itoa(at) + " bytes; then in the one " + part(want) + ", in the other " + part(got)
}

// Findings is the diagnosis as the journal keeps it, one for each mistake.
func (d Diagnosis) Findings() []sandbox.Finding {
	expected := strings.TrimSpace(d.Expected + " over " + d.Canonical)
	if d.Expected == "" {
		expected = ""
	}
	received := d.Received
	if d.Signed != "" {
		received += " over " + d.Signed
	}
	var list []sandbox.Finding
	for _, m := range d.Mistakes {
		list = append(list, sandbox.Finding{ID: m.ID, Detail: m.Detail, Received: received, Expected: expected, Change: m.Change})
	}
	if d.Unrecognised {
		list = append(list, sandbox.Finding{ID: Unrecognised, Detail: d.Difference, Received: received, Expected: expected, Change: changeOf(Unrecognised)})
	}
	return list
}
