// Package container runs the sandbox's image for a test, by testcontainers-go: for programs that are not
// tested from Go's own process, and for those who want the image they deploy.
//
// It is a module of its own and depends on nothing but testcontainers-go, so neither the sandbox nor a
// merchant who uses sandboxtest has Docker's client in its go.mod, and its version need not fit the
// sandbox's. What a test does with a running sandbox goes over HTTP; a test that imports the sandbox's
// module too gives ControlURL to control.NewClient.
//
// No helper container is needed and no helper image pulled: the first Run turns Ryuk off for the process,
// unless TESTCONTAINERS_RYUK_DISABLED is set. What a killed test leaves behind the next Run removes.
package container

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// DefaultImage is what docker compose build makes of the sandbox.
const DefaultImage = "qfpay-sandbox/sandbox:dev"

// HostName is how the container reaches the machine it runs on.
const HostName = "host.docker.internal"

// The ports of the image.
const (
	vendorPort  = "8080/tcp"
	controlPort = "8081/tcp"
)

// startup is how long the sandbox may take until it answers; it takes a fraction of a second.
const startup = 30 * time.Second

// ErrNoEngine says that no Docker engine answers.
var ErrNoEngine = errors.New("no docker engine answers; start one, or point DOCKER_HOST at one")

// Container is a running sandbox.
type Container struct {
	testcontainers.Container
	// URL stands for QFPay's hosts and WeChat's, ControlURL is where the control interface is.
	URL, ControlURL string
	// AppCode and ClientKey are the credentials of its App.
	AppCode, ClientKey string
}

// Run starts a sandbox from an image and waits until it answers; the caller ends it with Terminate. An
// image that names no registry is never pulled. A container that was made is given with an error too, as
// testcontainers.Run does. Errors: ErrNoEngine.
func Run(ctx context.Context, img string, opts ...testcontainers.ContainerCustomizer) (*Container, error) {
	engine, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	defer engine.Close()
	if err := present(ctx, engine, img); err != nil {
		return nil, err
	}
	host, err := engine.DaemonHost(ctx)
	if err != nil {
		return nil, fmt.Errorf("the docker engine's host is unknown: %w", err)
	}
	removeLeftovers(ctx, engine.Client())

	c := &Container{}
	all := []testcontainers.ContainerCustomizer{
		testcontainers.WithEnv(map[string]string{appCodeVariable: demoAppCode, clientKeyVariable: demoClientKey, "QFSANDBOX_CONTROL_HOST": hostWithDots(host)}),
		testcontainers.WithExposedPorts(vendorPort, controlPort),
		testcontainers.WithLabels(owner()),
		testcontainers.WithHostConfigModifier(confine(host)),
		testcontainers.WithWaitStrategyAndDeadline(startup, healthy(vendorPort), healthy(controlPort)),
	}
	all = append(all, opts...)
	all = append(all, testcontainers.CustomizeRequestOption(func(req *testcontainers.GenericContainerRequest) error {
		c.AppCode, c.ClientKey = req.Env[appCodeVariable], req.Env[clientKeyVariable]
		return nil
	}))
	started, err := testcontainers.Run(ctx, img, all...)
	if started == nil {
		return nil, err
	}
	c.Container = started
	if err == nil {
		c.URL, err = started.PortEndpoint(ctx, vendorPort, "http")
	}
	if err == nil {
		c.ControlURL, err = started.PortEndpoint(ctx, controlPort, "http")
	}
	return c, err
}

// present refuses an image that is not here and names no registry: a public one would be asked for a
// name that anybody may take there.
func present(ctx context.Context, engine *testcontainers.DockerProvider, img string) error {
	_, err := engine.Client().ImageInspect(ctx, img)
	switch {
	case err == nil:
		return nil
	case !errdefs.IsNotFound(err):
		return fmt.Errorf("image %s: %w", img, err)
	}
	if registry, _, named := strings.Cut(img, "/"); named && (strings.ContainsAny(registry, ".:") || registry == "localhost") {
		return nil // testcontainers pulls it
	}
	return fmt.Errorf("image %s is not here and names no registry to pull it from; build it in the sandbox's repository with docker compose build sandbox, or name another in %s", img, imageVariable)
}

func healthy(port string) wait.Strategy {
	return wait.ForHTTP("/healthz").WithPort(port).WithPollInterval(20 * time.Millisecond)
}

// confine gives the container no more than the sandbox needs, publishes it on this machine only, and has
// the engine remove it as soon as it ends.
func confine(host string) func(*container.HostConfig) {
	return func(c *container.HostConfig) {
		c.AutoRemove = true
		c.ReadonlyRootfs = true
		c.CapDrop = []string{"ALL"}
		c.SecurityOpt = []string{"no-new-privileges:true"}
		c.ExtraHosts = append(c.ExtraHosts, HostName+":host-gateway")
		if host == "localhost" || host == "127.0.0.1" {
			here := []network.PortBinding{{HostIP: netip.MustParseAddr("127.0.0.1")}}
			c.PortBindings = network.PortMap{network.MustParsePort(vendorPort): here, network.MustParsePort(controlPort): here}
		}
	}
}

// hostWithDots is the engine's host where the controls must be told that they may be reached under it.
func hostWithDots(host string) string {
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return ""
	}
	return host
}
