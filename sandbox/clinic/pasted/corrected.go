package pasted

import (
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// Corrected is a request with everything in its place and encoded once.
type Corrected struct {
	Request
	query, form qfpay.Params
	multipart   bool
}

// Correct gives r these parameters and credentials. A parameter that came in the address stays there,
// the others are in the body of whatever has one. The signature is the caller's to make: it covers the
// parameters, and app_code among them where credentials stand in the address.
func (r *Request) Correct(as Credentials, p qfpay.Params) Corrected {
	c := Corrected{Request: *r}
	if r.Dialect == Signed {
		c.Text, c.Digest = p.Canonical(), as.Sign
		return c
	}
	c.Remarks, c.Header, c.Body = nil, nil, nil
	u := *r.URL
	c.URL, u.Fragment, u.RawFragment = &u, "", ""
	for _, f := range r.Header {
		if !replacedHeader(f.Name) {
			c.Header = append(c.Header, f)
		}
	}
	inAddress := qfpay.ParseParams(r.URL.RawQuery)
	noBody := as.InQuery || len(r.Body) == 0 && (r.Method == "GET" || r.Method == "HEAD" || len(inAddress) > 0)
	for _, one := range p.Without("sign", "sign_type") {
		if _, found := inAddress.Lookup(one.Name); found || noBody {
			c.query = append(c.query, one)
		} else {
			c.form = append(c.form, one)
		}
	}
	if as.InQuery {
		c.Method = "GET"
		c.query = append(c.query, qfpay.Param{Name: "sign", Value: as.Sign})
	} else {
		c.Header = append(c.Header, Field{"X-QF-APPCODE", as.AppCode}, Field{"X-QF-SIGN", as.Sign})
		if as.SignType == qfpay.SHA256 {
			c.Header = append(c.Header, Field{"X-QF-SIGNTYPE", "SHA256"})
		}
	}
	u.RawQuery = c.query.Encode()
	// curl's --form-string cannot say everything, and mixes with no -d.
	odd := func(p qfpay.Param) bool { return p.Name == "" || !isPlainName(p.Name) || !isPlain(p.Value) }
	c.multipart = r.multipartBody() && !slices.ContainsFunc(c.form, odd)
	c.fill()
	return c
}

// fill makes the body of the parameters that are in it.
func (c *Corrected) fill() {
	if len(c.form) == 0 {
		return
	}
	kind := urlencoded
	if c.multipart {
		parts := make([]part, len(c.form))
		for i, p := range c.form {
			parts[i] = part{name: p.Name, content: p.Value}
		}
		var body string
		body, kind = multipart(parts)
		c.Body = []byte(body)
	} else {
		c.Body = []byte(c.form.Encode())
	}
	c.Header = append(c.Header, Field{"Content-Type", kind})
}
