package clinic

import (
	"maps"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// named is a header or parameter that came.
type named struct {
	place, name, value string
}

// carried gives the request's headers, sorted by name, and then its parameters.
func (q *request) carried(yield func(named) bool) {
	for _, name := range slices.Sorted(maps.Keys(q.Header)) {
		if values := q.Header[name]; len(values) > 0 && !yield(named{"header", name, values[0]}) {
			return
		}
	}
	for i, p := range q.Params {
		if i >= maxParameters || !yield(named{"parameter", p.Name, p.Value}) {
			return
		}
	}
}

// bareName is a name's letters and digits in lower case.
func bareName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, name)
}

// wanted is where a credential belongs.
func (q *request) wanted(header, parameter string) string {
	if q.browser {
		return "the parameter " + parameter
	}
	return "the header " + header
}

// findSign gives the digest that came, looked for under other names when there is none under its own.
func (q *request) findSign(d *Diagnosis) (sign string, found bool) {
	if q.Sign != "" {
		return q.Sign, true
	}
	want := q.wanted("X-QF-SIGN", "sign")
	for n := range q.carried {
		bare := bareName(n.name)
		if n.value == "" || strings.Contains(bare, "signtype") || strings.HasPrefix(bare, "xsandbox") || !strings.HasSuffix(bare, "sign") && !strings.Contains(bare, "signature") && bare != "xqfsig" && bare != "authorization" && bare != "xqfsing" {
			continue
		}
		if n.place == "parameter" && n.name != "sign" {
			q.leave(n.name)
		}
		d.Mistakes = append(d.Mistakes, Mistake{ID: SignMisspelt, Detail: "the signature came as the " + n.place + " " + n.name + ", want " + want, Change: "send the digest as " + want})
		return n.value, true
	}
	d.Mistakes = append(d.Mistakes, Mistake{ID: SignMissing, Detail: "no signature came, and nothing that looks like one; want it as " + want, Change: "send the digest as " + want})
	return "", false
}

// leave takes a parameter out of what may be signed.
func (q *request) leave(name string) {
	is := func(it item) bool { return it.Name == name }
	q.Params = q.Params.Without(name)
	q.all, q.full, q.base = slices.DeleteFunc(q.all, is), slices.DeleteFunc(q.full, is), slices.DeleteFunc(q.base, is)
}

// findApp finds out which App a request is of that names none of this sandbox's. False: none.
func (q *request) findApp(d *Diagnosis) bool {
	if q.App.Code != "" {
		return true
	}
	want := q.wanted("X-QF-APPCODE", "app_code")
	came := q.Header.Get("X-QF-APPCODE")
	if q.browser {
		came = q.Params.Get("app_code")
	}
	if came != "" {
		return q.appBehind(d, came, want)
	}
	for n := range q.carried {
		if strings.HasPrefix(bareName(n.name), "xsandbox") {
			continue
		}
		app, known := q.appOf(n.value)
		bare := bareName(n.name)
		if !known && !strings.Contains(bare, "appcode") {
			continue
		}
		d.Mistakes = append(d.Mistakes, Mistake{ID: AppCodeMisspelt, Detail: "the app code came as the " + n.place + " " + n.name + ", want " + want, Change: "send the app code as " + want})
		if known {
			q.is(app)
		}
		return known
	}
	d.Mistakes = append(d.Mistakes, Mistake{ID: AppCodeMissing, Detail: "no app code came; want it as " + want, Change: "send the app code as " + want})
	return false
}

// is makes the request that of an App.
func (q *request) is(app sandbox.App) { q.App, q.key = app, app.ClientKey }

func (q *request) appOf(code string) (sandbox.App, bool) {
	for _, a := range q.Others {
		if string(a.Code) == code && code != "" {
			return a, true
		}
	}
	return sandbox.App{}, false
}

// appBehind finds the App that was meant by an app code nobody has.
func (q *request) appBehind(d *Diagnosis, came, want string) bool {
	note := func(id, detail, change string, app sandbox.App) bool {
		d.Mistakes = append(d.Mistakes, Mistake{ID: id, Detail: detail, Change: change})
		q.is(app)
		return true
	}
	for _, a := range q.Others {
		if a.ClientKey == came || a.PreviousKey != "" && a.PreviousKey == came {
			return note(AppCodeIsTheKey, "the client_key of App "+string(a.Code)+" came as "+want, changeOf(AppCodeIsTheKey), a)
		}
	}
	var near []sandbox.App
	for _, a := range q.Others {
		switch {
		case nearly(string(a.Code), came):
			near = append(near, a)
		case came == a.Account.AppID:
			return note(AppCodeOtherNumber, "the appid of App "+string(a.Code)+"'s official account came as "+want+"; that is WeChat's number, not QFPay's", "send app code "+string(a.Code), a)
		case slices.Contains(a.Mchids, sandbox.Mchid(came)):
			return note(AppCodeOtherNumber, "a mchid of App "+string(a.Code)+" came as "+want, "send app code "+string(a.Code), a)
		}
	}
	// Of several that are as near, the one whose key made the signature was meant.
	for _, a := range near {
		if len(near) == 1 || qfpay.Verify(q.Params, a.ClientKey, q.Sign, q.SignType) {
			return note(AppCodeAlmost, "the app code that came, "+quoted(came)+", is nearly "+string(a.Code), "send app code "+string(a.Code), a)
		}
	}
	for _, a := range q.Others {
		if len(q.Others) <= mostOthersInPairs && qfpay.Verify(q.Params, a.ClientKey, q.Sign, q.SignType) {
			return note(KeyOfAnotherApp, "there is no App "+quoted(came)+"; the signature was made with the client_key of App "+string(a.Code), "send app code "+string(a.Code)+" with this key", a)
		}
	}
	return false
}

// nearly reports whether a code is another one but for letter case, what stands around it, or up to
// two characters in one place.
func nearly(code, came string) bool {
	bare := bareName(came)
	if bare == bareName(code) {
		return true
	}
	if len(code) < 8 {
		return false
	}
	code = bareName(code)
	if bare != "" && (strings.Contains(bare, code) && len(bare) <= len(code)+8) {
		return true
	}
	ahead, behind := 0, 0
	for ahead < len(code) && ahead < len(bare) && code[ahead] == bare[ahead] {
		ahead++
	}
	for behind < len(code)-ahead && behind < len(bare)-ahead && code[len(code)-1-behind] == bare[len(bare)-1-behind] {
		behind++
	}
	return max(len(code), len(bare))-ahead-behind <= 2
}

// signTypeCame says how SHA256 was announced where QFPay does not look, empty for not at all.
func (q *request) signTypeCame() string {
	for n := range q.carried {
		bare := bareName(n.name)
		switch {
		case !strings.Contains(bare, "signtype") && !strings.Contains(bare, "signmethod") && !strings.Contains(bare, "signaturetype") && !strings.Contains(bare, "signalgorithm"), n.value == "":
		case n.place == "header" && strings.EqualFold(n.name, "X-QF-SIGNTYPE"):
			if qfpay.SignTypeOf(n.value) == qfpay.MD5 && strings.Contains(n.value, "256") {
				return "the digest is a SHA256, and X-QF-SIGNTYPE says " + quoted(n.value) + ", which is not SHA256, so MD5 was expected"
			}
		case strings.Contains(n.value, "256"):
			return "the digest is a SHA256, which the " + n.place + " " + n.name + " says; only the header X-QF-SIGNTYPE counts, so MD5 was expected"
		}
	}
	return ""
}

// fromDocuments are the signatures printed in QFPay's documents, for requests that are not printed
// whole (qfpay-api 2.5).
var fromDocuments = [...]string{
	"6FB43AC29175B4602FF95F8332028F19", "3B020A6349646684EBEEB0EC2CD3D1FB", "F4D8FB00894F213993B33116BC1B4E10", "B3B251B202801388BE4AC8E5537B81B1",
	"E019253E135863C335333C983DF05359", "3A7A3BBA647FB6FBC28F6687D78212E2", "ACF9EABE97C36EF065AA2BE81E35651E", "CC1B6A456731B85CC136C214A4A1F6C1",
}

// noDigest names what was sent in place of a digest.
func (q *request) noDigest(sign string) (Mistake, bool) {
	bare := strings.TrimSpace(sign)
	give := func(id, detail string) (Mistake, bool) {
		return Mistake{ID: id, Detail: detail, Change: changeOf(id)}, true
	}
	switch {
	case bare == q.key:
		return give(IsTheKey, "the client_key itself came in place of a digest")
	case q.App.PreviousKey != "" && bare == q.App.PreviousKey:
		return give(IsTheKey, "the App's previous client_key came in place of a digest")
	case bare == string(q.App.Code):
		return give(IsAppCode, "the app code came in place of a digest")
	case slices.Contains(fromDocuments[:], strings.ToUpper(bare)):
		return give(FromDocument, "the digest is a sample of QFPay's documents, not one of this request")
	}
	canonical := q.Params.Canonical()
	for _, text := range [...]string{canonical, q.Params.CanonicalWithEmpties()} {
		if text == "" {
			continue
		}
		for _, s := range [...]string{text + q.key, text, text + "&key=" + q.key, text + "&" + q.key} {
			if sign == s {
				return give(NotHashed, "the string itself came in place of its digest")
			}
		}
	}
	for i := range q.Others {
		if a := &q.Others[i]; a.ClientKey != "" && bare == a.ClientKey || a.PreviousKey != "" && bare == a.PreviousKey {
			return give(IsTheKey, "the client_key of App "+string(a.Code)+" came in place of a digest")
		}
	}
	return Mistake{}, false
}
