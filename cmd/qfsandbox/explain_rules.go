package main

import (
	"context"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// What a rehearsal finds and a request alone can answer for. Every other finding is about orders,
// codes and payers that a sandbox made for one request does not have.
var (
	mistakesOfRequest = []string{"method-not-allowed", "path-unknown", "auth-code-malformed", "body-malformed", "body-too-large"}
	remarksOnRequest  = []string{"endpoint-not-served", "pay-type-not-served", "filter-unknown"}
)

// rehearsal is the App a request is judged by when only its parameters count.
var rehearsal = sandbox.App{Code: "REHEARSAL", ClientKey: "REHEARSAL"}

// mostRounds bounds how often a request is judged again with one wrong parameter less.
const mostRounds = 12

// standIns are values that are right for any App. A wrong parameter is judged as if it had its own, so
// that the wrong ones behind it come to light too; they are never printed.
var standIns = map[string]string{
	"txamt": "300", "pay_type": "800201", "txdtm": "2026-01-01 12:00:00", "out_trade_no": "A1", "syssn": "1", "note": "A1", "goods_name": "A1",
	"start_time": "2026-01-01 12:00:00", "end_time": "2026-01-01 12:00:00", "redirect_uri": "https://shop.example/",
	"return_url": "https://shop.example/", "txcurrcd": "HKD",
}

// rehearse asks the rules about the parameters that were meant: a refusal names the first that is
// wrong, so they are asked again without it until nothing new is said.
func (x *explanation) rehearse(ctx context.Context, h holder, r pasted.Request, p qfpay.Params) error {
	for range mostRounds {
		before := len(x.Mistakes)
		if err := x.rehearseOnce(ctx, h, r, p); err != nil {
			return err
		}
		if len(x.Mistakes) == before {
			return nil
		}
		name, isParameter := strings.CutPrefix(x.Mistakes[len(x.Mistakes)-1].ID, "parameter-")
		if !isParameter {
			return nil
		}
		right, known := standIns[name]
		if name == "txcurrcd" && len(h.app.Currencies) > 0 {
			right = string(h.app.Currencies[0])
		}
		if known {
			p = with(p, name, right)
		} else {
			p = p.Without(name)
		}
	}
	return nil
}

func (x *explanation) rehearseOnce(ctx context.Context, h holder, r pasted.Request, p qfpay.Params) error {
	app := rehearsal
	app.Currencies = h.app.Currencies
	if m := p.Get("mchid"); h.sandbox != "" { // then the App's own shops are known
		app.Mchids = h.app.Mchids
	} else if isWord(m) {
		app.Mchids = []sandbox.Mchid{sandbox.Mchid(m)}
	}
	as := pasted.Credentials{AppCode: string(app.Code), InQuery: r.Credentials().InQuery}
	if as.InQuery {
		p = with(p, "app_code", as.AppCode)
	}
	as.Sign = qfpay.Sign(p.Canonical(), app.ClientKey, qfpay.MD5)
	if as.InQuery && r.Method != "GET" && r.Method != "HEAD" && !slices.ContainsFunc(x.Mistakes, func(m remark) bool { return m.ID == "method-not-allowed" }) {
		x.Mistakes = append(x.Mistakes, remark{ID: "method-not-allowed", Means: meaning("method-not-allowed").Means, Detail: "the method is " + r.Method + ", and get_weixin_oauth_code takes GET", Change: "send the payer's browser to the address"})
	}
	c := r.Correct(as, p)
	req, err := c.HTTPRequest()
	if err != nil {
		return usageError("the request cannot be read: %w", err)
	}
	req.Header.Del("X-Sandbox-Outcome") // it could hold the answer back, and says nothing about the parameters
	found, err := server.Rehearse(ctx, app, req)
	if err != nil {
		return err
	}
	for _, f := range found {
		same := func(m remark) bool { return m.ID == f.ID }
		if slices.ContainsFunc(x.Mistakes, same) || slices.ContainsFunc(x.Remarks, same) {
			continue
		}
		one := remark{ID: f.ID, Means: meaning(f.ID).Means, Detail: f.Detail, Change: firstNonEmpty(f.Change, meaning(f.ID).Change)}
		switch {
		case strings.HasPrefix(f.ID, "parameter-"), slices.Contains(mistakesOfRequest, f.ID), f.ID == "mchid-rule" && h.sandbox != "":
			x.Mistakes = append(x.Mistakes, one)
		case slices.Contains(remarksOnRequest, f.ID):
			x.Remarks = append(x.Remarks, one)
		}
	}
	return nil
}

// isWord reports whether a mchid can be one: letters and digits, 16 at most.
func isWord(s string) bool {
	return s != "" && len(s) <= 16 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
