package openapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// mostOthers bounds the Apps whose keys are tried on a signature that does not fit.
const mostOthers = 1000

// diagnose puts the name of the mistake beside a request whose signature or app code was refused.
// The answer stays QFPay's; a request that is accepted never gets here.
func (a *API) diagnose(ctx context.Context, r *http.Request, app sandbox.App, shown sandbox.Credentials, signed qfpay.Params, refused error) {
	var refusal *sandbox.Refusal
	if !errors.As(refused, &refusal) || refusal.Rule != "signature-wrong" && refusal.Rule != "app-code-unknown" {
		return
	}
	others, err := a.Gateway.Store.Apps(ctx, "", mostOthers)
	if err != nil {
		a.Log.Error("no diagnosis of a signature", "error", err)
		return
	}
	d := clinic.Diagnose(clinic.Case{
		App: app, Others: others, Params: signed, Sign: shown.Sign, SignType: shown.SignType,
		Method: r.Method, URL: r.URL, Header: r.Header, Body: bodyOf(r),
	})
	for _, f := range d.Findings() {
		sandbox.AddFinding(ctx, f)
	}
}

// bodyOf reads the body again, which reading the parameters put back.
func bodyOf(r *http.Request) []byte {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	again, ok := r.Body.(interface {
		io.Reader
		io.Seeker
	})
	if !ok {
		return nil
	}
	if _, err := again.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	var body bytes.Buffer
	_, _ = body.ReadFrom(again) // from memory
	_, _ = again.Seek(0, io.SeekStart)
	return body.Bytes()
}
