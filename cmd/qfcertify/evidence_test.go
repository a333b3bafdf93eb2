package main

import (
	"context"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// A failure shows what the merchant's status said, not only what was wanted.
func TestFailureShowsTheStatus(t *testing.T) {
	t.Parallel()
	code, out := certify(t, "--profile", changed(t, "petshop.yaml", "equals: paid", "equals: settled"), "PAY-01")
	wantExit(t, code, 1, out, "want the order paid", `"status":"paid"`)
	wantExit(t, code, 1, out, "next         ", " run --out=", "--show-steps PAY-01")
}

// What somebody set on a shared sandbox neither fails a correct merchant nor is lost.
func TestSettingsOfASharedSandbox(t *testing.T) {
	const key = "SANDBOXCLIENTKEY0123456789ABCDEF"
	srv, err := server.Start(t.Context(), server.Config{Apps: []sandbox.App{
		{Code: "SANDBOXAPPCODE0123456789ABCDEF00", ClientKey: key, Delivery: sandbox.DeliveryPlan{Delay: 600e9}},
		{Code: "ANOTHER", ClientKey: key},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Shutdown(context.Background()) })
	code, out := certify(t, "--profile", profiles+"petshop.yaml", "--sandbox", srv.ControlURL(), "PAY-01")
	wantExit(t, code, 0, out)
	app, err := control.NewClient(srv.ControlURL(), "").App(t.Context(), "SANDBOXAPPCODE0123456789ABCDEF00")
	if err != nil || app.NotifyDelay != "10m0s" {
		t.Errorf("got notification delay %q and %v, want the 10m0s it had before", app.NotifyDelay, err)
	}

	// A merchant configured with another App's code is not judged.
	other := changed(t, "petshop.yaml", `-app-code, "{app_code}"`, "-app-code, ANOTHER")
	code, out = certify(t, "--profile", other, "--sandbox", srv.ControlURL(), "PAY-01")
	wantExit(t, code, 3, out, "the merchant pays with app code ANOTHER, the profile says SANDBOXAPPCODE0123456789ABCDEF00")
}

func TestOutputDirectoryMustBeWritable(t *testing.T) {
	code, out := certify(t, "--profile", profiles+"petshop.yaml", "--out", "/proc/self")
	wantExit(t, code, 2, out, "--out cannot be written to")
}
