package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// notified is the mirror image: a notification of QFPay's that a merchant refused.
type notified struct {
	what, computed, sign string
}

func (n *notified) flags(f *flag.FlagSet) {
	f.StringVar(&n.what, "notification", "", "explain why your side refuses this notification: a `file` with its body, or with the whole POST as it came, or its number in the running sandbox")
	f.StringVar(&n.computed, "computed", "", "`digests` your side made of the notification, separated by commas")
	f.StringVar(&n.sign, "sign", "", "the notification's own X-QF-SIGN, a `digest`, where the file holds the body only")
}

// notDelivered says that a body and the signature beside it do not belong together.
const notDelivered = "pasted-notification-differs"

// notification explains one; it takes the place of a request.
func (e *explain) notification(ctx context.Context, in *invocation) error {
	if len(in.args) > 0 {
		return usageError("%q is one word too many; -notification explains a notification and takes no request", shortWord(in.args[0]))
	}
	var body []byte
	var h holder
	var err error
	if id, numbered := strconv.ParseUint(e.what, 10, 63); numbered == nil {
		body, h, err = e.notificationOf(ctx, in, id)
	} else {
		body, h, err = e.notificationIn(ctx, in)
	}
	if err != nil {
		return err
	}
	x := explanation{Entry: 1, Dialect: "notification", AppCode: string(h.app.Code), KeyFrom: h.from, DifferenceAt: -1, Mistakes: []remark{}, Remarks: []remark{},
		Signature: "right", Expected: qfpay.SignBody(body, h.app.ClientKey), StringToSign: fmt.Sprintf("the %d bytes of the body, and %s", len(body), keyPlace)}
	if e.sign != "" && !qfpay.VerifyBody(body, h.app.ClientKey, strings.TrimSpace(e.sign)) {
		x.Signature = "wrong"
		x.Mistakes = append(x.Mistakes, remark{ID: notDelivered, Means: "the body is not the one that was signed, or the key is another App's",
			Detail: fmt.Sprintf("its X-QF-SIGN is %s; the body and the key used here give %s", e.sign, x.Expected), Change: "save the bytes as they came, before anything parses or decodes them; give the key that belongs to the App"})
	}
	if len(x.Mistakes) > 0 && e.computed == "" {
		return e.tell(in, h, x) // the digests of common mistakes would be those of another body
	}
	for _, f := range clinic.Notification(clinic.NotificationCase{App: h.app, Others: h.others, Body: body, Computed: words(e.computed)}) {
		x.Received = f.Received
		x.judge(f.ID, f.Detail, f.Change)
	}
	return e.tell(in, h, x)
}

func (e *explain) tell(in *invocation, h holder, x explanation) error {
	x.hide(func(s string) string { return e.hide(h, s) })
	if e.json {
		if err := printJSON(in, map[string]any{"requests": []explanation{x}}); err != nil {
			return err
		}
	} else {
		x.print(in.stdout, terminalOf(in.stdout, in))
	}
	if !x.right() {
		return errors.New("the check of the notification has a mistake, named above")
	}
	return nil
}

// judge sorts what the clinic found into mistakes and what is good to know.
func (x *explanation) judge(id, detail, change string) {
	row := meaning(id)
	one := remark{ID: id, Means: row.Means, Detail: detail, Change: firstNonEmpty(change, row.Change)}
	if id == clinic.NotifyRight || id == clinic.NotifyCandidates {
		x.Remarks = append(x.Remarks, one)
		return
	}
	x.Signature = "wrong"
	x.Mistakes = append(x.Mistakes, one)
}

// notificationIn reads a file: the body, or the whole POST.
func (e *explain) notificationIn(ctx context.Context, in *invocation) ([]byte, holder, error) {
	body, err := e.text(in, e.what)
	if err != nil {
		return nil, holder{}, err
	}
	if len(body) > pasted.MaxSize {
		return nil, holder{}, usageError("-notification has more than %d bytes", pasted.MaxSize)
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) == 0 {
		return nil, holder{}, usageError("-notification %s is empty, want the body of a notification", source(e.what))
	} else if trimmed[0] != '{' {
		list, err := pasted.Read(body)
		if err != nil || list[0].Dialect == pasted.Signed {
			return nil, holder{}, usageError("-notification %s is neither the JSON body of a notification nor the POST it came with", source(e.what))
		}
		body, e.sign = list[0].Body, firstNonEmpty(e.sign, list[0].Credentials().Sign)
	} else {
		body = bytes.TrimRight(body, "\r\n") // an editor's; QFPay's bodies end with their brace
	}
	h, err := e.holderFor(ctx, in, "")
	return body, h, err
}

// notificationOf asks the running sandbox.
func (e *explain) notificationOf(ctx context.Context, in *invocation, id uint64) ([]byte, holder, error) {
	c, err := e.client(ctx, in)
	if err != nil {
		return nil, holder{}, err
	}
	apps, err := c.Apps(ctx)
	if err != nil {
		return nil, holder{}, err
	}
	for _, a := range apps {
		list, err := c.Notifications(ctx, a.AppCode, "")
		if err != nil {
			return nil, holder{}, err
		}
		for _, n := range list {
			if n.ID == id {
				h, err := e.asked(ctx, c, a.AppCode)
				return []byte(n.Body), h, err
			}
		}
	}
	return nil, holder{}, usageError("the sandbox has no notification %d; qfsandbox notify lists them", id)
}
