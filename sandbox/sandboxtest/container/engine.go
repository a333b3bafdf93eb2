package container

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// What testcontainers reads from the environment, and what is set here for the whole process unless
// somebody has set it.
const (
	ryukVariable = "TESTCONTAINERS_RYUK_DISABLED"
	hostVariable = "TESTCONTAINERS_HOST_OVERRIDE"
)

// bridgeNetwork is where containers are that ask for no network.
const bridgeNetwork = "bridge"

// connect finds the engine. Errors: ErrNoEngine.
func connect(ctx context.Context) (*testcontainers.DockerProvider, error) {
	withoutRyuk()
	engine, err := testcontainers.NewDockerProvider()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoEngine, err)
	}
	if _, err := engine.Client().Ping(ctx, client.PingOptions{}); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoEngine, err)
	}
	if engineIsHere(ctx, engine.Client()) {
		setDefault(hostVariable, "localhost")
	}
	return engine, nil
}

// withoutRyuk keeps testcontainers from starting a helper container, which would have to be pulled.
var withoutRyuk = sync.OnceFunc(func() { setDefault(ryukVariable, "true") })

func setDefault(name, value string) {
	if _, said := os.LookupEnv(name); !said {
		_ = os.Setenv(name, value) // the name is no empty one
	}
}

// engineIsHere reports whether the engine's bridge is an interface of this machine. In a container that
// has an engine of its own testcontainers takes the engine to be outside, and its ports with it.
func engineIsHere(ctx context.Context, engine client.APIClient) bool {
	found, err := engine.NetworkInspect(ctx, bridgeNetwork, client.NetworkInspectOptions{})
	if err != nil {
		return false
	}
	_, err = net.InterfaceByName(found.Network.Options["com.docker.network.bridge.name"])
	return err == nil
}

// addressForContainers gives this machine's address in the containers' network: the bridge's own where
// the engine is here, a neighbour's where this test is in a container. False: there is none.
func addressForContainers(ctx context.Context, engine client.APIClient) (netip.Addr, bool) {
	found, err := engine.NetworkInspect(ctx, bridgeNetwork, client.NetworkInspectOptions{})
	if err != nil {
		return netip.Addr{}, false
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, false
	}
	for _, pool := range found.Network.IPAM.Config {
		for _, a := range addresses {
			if p, err := netip.ParsePrefix(a.String()); err == nil && pool.Subnet.Contains(p.Addr()) {
				return p.Addr(), true
			}
		}
	}
	return netip.Addr{}, false
}
