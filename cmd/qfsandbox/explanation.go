package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// explanation is what can be said about one request. Its JSON names stay.
type explanation struct {
	Entry   int    `json:"entry"`
	Dialect string `json:"dialect"`
	Method  string `json:"method,omitempty"`
	URL     string `json:"url,omitempty"`
	AppCode string `json:"app_code"`
	KeyFrom string `json:"key_from"`
	// Signature is right, wrong, or none where the call takes none.
	Signature string   `json:"signature"`
	Mistakes  []remark `json:"mistakes"`
	// Remarks are worth knowing; those that are Refused are from the journal, about more than the request alone.
	Remarks      []remark `json:"remarks"`
	Received     string   `json:"received,omitempty"`
	Expected     string   `json:"expected,omitempty"`
	StringSigned string   `json:"string_signed,omitempty"`
	StringToSign string   `json:"string_to_sign,omitempty"`
	// StringArrived is what QFPay signs where it does not get what was meant.
	StringArrived string `json:"string_arrived,omitempty"`
	Difference    string `json:"difference,omitempty"`
	// DifferenceAt counts the bytes the two strings have in common, -1 where one is not known.
	DifferenceAt int    `json:"difference_at"`
	Corrected    string `json:"corrected,omitempty"`
}

type remark struct {
	ID     string `json:"id"`
	Means  string `json:"means,omitempty"`
	Detail string `json:"detail,omitempty"`
	Change string `json:"change,omitempty"`
	// Refused: the running sandbox refused the request for it when it came.
	Refused bool `json:"refused,omitempty"`
}

func (x *explanation) right() bool {
	return len(x.Mistakes) == 0 && !slices.ContainsFunc(x.Remarks, func(m remark) bool { return m.Refused })
}

// keySent is the worst of mistakes: the key itself among what was sent.
const keySent = "pasted-key-sent"

// explained judges one request.
func explained(ctx context.Context, h holder, r pasted.Request) (explanation, error) {
	x := explanation{Entry: r.Entry, Dialect: string(r.Dialect), Method: r.Method, AppCode: string(h.app.Code), KeyFrom: h.from, DifferenceAt: -1, Mistakes: []remark{}, Remarks: []remark{}}
	if r.URL != nil {
		x.URL = r.URL.String()
	}
	for _, said := range r.Remarks {
		x.add(said)
	}
	r.Text = strings.TrimSuffix(r.Text, h.app.ClientKey) // somebody pasted all that was hashed
	if r.Unsigned() {
		x.Signature = "none"
		return x, nil
	}
	shown := r.Credentials()
	sent, err := r.Params()
	if err != nil && !errors.Is(err, qfpay.ErrMultipart) {
		return x, usageError("the request cannot be read: %w", err)
	} else if err != nil {
		x.Mistakes = append(x.Mistakes, remark{ID: "body-malformed", Means: meaning("body-malformed").Means, Detail: err.Error(), Change: meaning("body-malformed").Change})
	}
	if r.Dialect == pasted.Signed {
		sent = asSigned(h, r, shown, sent)
	}
	meant := sent
	right := string(h.app.Code) == shown.AppCode || r.Dialect == pasted.Signed
	if right = right && qfpay.Verify(sent, h.app.ClientKey, shown.Sign, shown.SignType); right {
		x.Signature, x.Received = "right", shown.Sign
		x.StringToSign = sent.Canonical() + keyPlace
		if inclusive := sent.CanonicalWithEmpties(); sent.HasEmpty() && strings.EqualFold(qfpay.Sign(inclusive, h.app.ClientKey, shown.SignType), shown.Sign) {
			x.StringToSign = inclusive + keyPlace
			x.Remarks = append(x.Remarks, remark{ID: sandbox.FindEmptySigned, Means: meaning(sandbox.FindEmptySigned).Means, Change: meaning(sandbox.FindEmptySigned).Change})
		}
	} else {
		x.Signature = "wrong"
		meant = x.diagnose(h, r, shown, sent)
	}
	meant = x.withoutKey(h, meant)
	if r.Dialect != pasted.Signed {
		if err := x.rehearse(ctx, h, r, meant); err != nil {
			return x, err
		}
	}
	if x.correctable() {
		x.correct(h, r, shown, meant)
	}
	return x, nil
}

// correctable reports whether anything is wrong that the corrected request puts right. A parameter's
// value is the merchant's to choose.
func (x *explanation) correctable() bool {
	return slices.ContainsFunc(x.Mistakes, func(m remark) bool { return !m.yours() })
}

func (m *remark) yours() bool {
	return strings.HasPrefix(m.ID, "parameter-") || m.ID == "path-unknown" || m.ID == "mchid-rule" || m.ID == "auth-code-malformed" || m.ID == "body-too-large"
}

// asSigned finds the values with an & in them of a string that was signed.
func asSigned(h holder, r pasted.Request, shown pasted.Credentials, p qfpay.Params) qfpay.Params {
	if qfpay.Verify(p, h.app.ClientKey, shown.Sign, shown.SignType) {
		return p
	}
	for other := range r.Readings() {
		if qfpay.Verify(other.Params, h.app.ClientKey, shown.Sign, shown.SignType) {
			return other.Params
		}
	}
	return p
}

func (x *explanation) add(said pasted.Remark) {
	one := remark{ID: said.ID, Means: meaning(said.ID).Means, Detail: said.Detail, Change: said.Change}
	if said.Mistake {
		x.Mistakes = append(x.Mistakes, one)
	} else {
		x.Remarks = append(x.Remarks, one)
	}
}

// diagnose names the mistake in the signature, and gives the parameters that were meant to be sent.
func (x *explanation) diagnose(h holder, r pasted.Request, shown pasted.Credentials, sent qfpay.Params) qfpay.Params {
	app := h.app
	if shown.AppCode != string(app.Code) && r.Dialect != pasted.Signed {
		app = sandbox.App{}
	}
	c := clinic.Case{App: app, Others: h.others, Params: sent, Sign: shown.Sign, SignType: shown.SignType}
	if app.Code == "" {
		c.Others = append([]sandbox.App{h.app}, h.others...)
	}
	if r.Dialect != pasted.Signed {
		c.Method, c.URL, c.Header, c.Body = r.Method, r.URL, r.HTTPHeader(), r.Body
	}
	d := clinic.Diagnose(c)
	meant, why, sure := h.meant(r, shown, sent)
	switch first := firstID(d); {
	case why.ID == "" || slices.Contains(onTheWay, first):
	case first == "" || sure && first == clinic.NotSorted && len(d.Mistakes) == 1:
		d = clinic.Diagnosis{Signed: meant.Canonical() + keyPlace, Mistakes: []clinic.Mistake{{ID: why.ID, Detail: why.Detail, Change: why.Change}}}
	default:
		meant = sent
	}
	for _, m := range d.Mistakes {
		x.Mistakes = append(x.Mistakes, remark{ID: m.ID, Means: meaning(m.ID).Means, Detail: m.Detail, Change: firstNonEmpty(m.Change, meaning(m.ID).Change)})
	}
	x.Received, x.StringSigned, x.Difference = shown.Sign, d.Signed, d.Difference
	if arrived := sent.Canonical(); arrived != meant.Canonical() {
		x.StringArrived = arrived + keyPlace
	}
	if shown.AppCode != string(h.app.Code) && r.Dialect != pasted.Signed && !slices.ContainsFunc(x.Mistakes, func(m remark) bool { return strings.HasPrefix(m.ID, "app-code-") }) {
		x.Mistakes = append(x.Mistakes, h.notItsApp(shown))
	}
	if len(x.Mistakes) == 0 {
		row := meaning(clinic.Unrecognised)
		x.Mistakes = append(x.Mistakes, remark{ID: clinic.Unrecognised, Means: row.Means, Change: row.Change})
	}
	return meant
}

// onTheWay are the mistakes after which something else arrives than was signed.
var onTheWay = []string{clinic.RawSeparator, clinic.ValueChangedOnWay, clinic.BodyNotRead, clinic.JSONSigned}

func firstID(d clinic.Diagnosis) string {
	if len(d.Mistakes) == 0 {
		return ""
	}
	return d.Mistakes[0].ID
}

// namesOfReadings are the clinic's names for what a reading says.
var namesOfReadings = map[string]string{
	pasted.RawAmpersand: clinic.RawSeparator, pasted.RawHash: clinic.RawSeparator, pasted.RawPlus: clinic.ValueChangedOnWay, pasted.NotUrlencoded: clinic.BodyNotRead,
}

// meant gives the parameters the signature covers, or, where none of the readings has it, those that
// were probably meant; why names the reading that has it.
func (h *holder) meant(r pasted.Request, shown pasted.Credentials, sent qfpay.Params) (p qfpay.Params, why pasted.Remark, sure bool) {
	p = sent
	for other := range r.Readings() {
		if qfpay.Verify(other.Params, h.app.ClientKey, shown.Sign, shown.SignType) {
			why = other.Why
			why.ID = namesOfReadings[why.ID]
			return other.Params, why, other.Sure
		}
		if len(p) == 0 {
			p = other.Params // there is nothing else to go by
		}
	}
	return p, why, false
}

// notItsApp says that the app code is nobody's who is known here.
func (h holder) notItsApp(shown pasted.Credentials) remark {
	if shown.AppCode == "" {
		return remark{ID: clinic.AppCodeMissing, Means: meaning(clinic.AppCodeMissing).Means, Change: meaning(clinic.AppCodeMissing).Change}
	}
	return remark{ID: "app-code-unknown", Means: "the app code is none that is known here", Detail: fmt.Sprintf("the app code sent is %q, the key used here is that of %s", shown.AppCode, h.app.Code),
		Change: "send the app code that belongs to the key, or give the key that belongs to this app code: -client-key-file, QFSANDBOX_CLIENT_KEY"}
}

// withoutKey leaves out a parameter that is the key itself.
func (x *explanation) withoutKey(h holder, p qfpay.Params) qfpay.Params {
	for _, one := range p {
		if one.Value == h.app.ClientKey && one.Value != "" {
			x.Mistakes = append(x.Mistakes, remark{ID: keySent, Means: meaning(keySent).Means, Detail: fmt.Sprintf("it is the value of the parameter %q", one.Name),
				Change: "never send it; ask QFPay for another one, for this one has been on the wire"})
			return p.Without(one.Name)
		}
	}
	return p
}

// correct writes the request as it should have been.
func (x *explanation) correct(h holder, r pasted.Request, shown pasted.Credentials, p qfpay.Params) {
	as := pasted.Credentials{AppCode: string(h.app.Code), SignType: shown.SignType, InQuery: shown.InQuery}
	if len(strings.TrimSpace(shown.Sign)) == 64 && !shown.InQuery {
		as.SignType = qfpay.SHA256
	}
	if shown.InQuery {
		as.SignType = qfpay.MD5
		p = with(p, "app_code", string(h.app.Code))
	}
	as.Sign = qfpay.Sign(p.Canonical(), h.app.ClientKey, as.SignType)
	if x.Signature == "wrong" {
		x.Expected, x.StringToSign = as.Sign, p.Canonical()+keyPlace
		if other := firstNonEmpty(x.StringArrived, x.StringToSign); x.StringSigned != "" {
			x.DifferenceAt = common(x.StringSigned, other)
		}
	}
	if slices.ContainsFunc(x.Mistakes, func(m remark) bool { return m.ID == "method-not-allowed" }) {
		r.Method = "POST"
	}
	c := r.Correct(as, p)
	x.Corrected = c.String()
}

// with gives p with one parameter of this name and value.
func with(p qfpay.Params, name, value string) qfpay.Params {
	changed := slices.Clone(p)
	for i := range changed {
		if changed[i].Name == name {
			changed[i].Value = value
			return changed
		}
	}
	return append(qfpay.Params{{Name: name, Value: value}}, changed...)
}

// meaning is what a name means, whatever the request.
func meaning(id string) control.FindingRow {
	if row, ok := control.FindingRowOf(id); ok {
		return row
	}
	means := pasted.Meanings()[id]
	if id == keySent {
		means = "the client_key itself is among what was sent"
	}
	return control.FindingRow{ID: id, Means: means}
}

// common counts the bytes two strings start with alike, whole characters.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && a[n]&0xc0 == 0x80 {
		n--
	}
	return n
}

// hide masks keys in every text.
func (x *explanation) hide(mask func(string) string) {
	for _, s := range []*string{&x.URL, &x.AppCode, &x.Received, &x.StringSigned, &x.StringToSign, &x.StringArrived, &x.Difference, &x.Corrected} {
		*s = mask(*s)
	}
	for _, list := range [][]remark{x.Mistakes, x.Remarks} {
		for i := range list {
			list[i].Detail, list[i].Change = mask(list[i].Detail), mask(list[i].Change)
		}
	}
}
