package container_test

import (
	"context"
	"fmt"
	"os"

	"github.com/testcontainers/testcontainers-go"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest/container"
)

// Without a test: a program that starts the sandbox's image and ends it. It has no output to compare, for
// it needs a Docker engine.
func ExampleRun() {
	ctx := context.Background()
	c, err := container.Run(ctx, container.DefaultImage, container.WithApp("MYAPP", "MYKEY"), testcontainers.WithEnv(map[string]string{"QFSANDBOX_SEED": "always the same"}))
	if c != nil {
		defer testcontainers.TerminateContainer(c)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	fmt.Println("QFPay is", c.URL, "and the control interface", c.ControlURL)
}
