package container

import (
	"strings"

	"github.com/testcontainers/testcontainers-go"
)

// What the image reads; any other flag of qfsandbox serve is set with testcontainers.WithEnv the same way.
const (
	appCodeVariable   = "QFSANDBOX_APP_CODE"
	clientKeyVariable = "QFSANDBOX_CLIENT_KEY"
)

// imageVariable names the image Start runs.
const imageVariable = "QFSANDBOX_IMAGE"

// The credentials of qfsandbox's demo App: invented and public.
const (
	demoAppCode   = "SANDBOXAPPCODE0123456789ABCDEF00"
	demoClientKey = "SANDBOXCLIENTKEY0123456789ABCDEF"
)

func variable(name, value string) testcontainers.CustomizeRequestOption {
	return testcontainers.WithEnv(map[string]string{name: value})
}

// WithApp gives the App credentials of the test's own.
func WithApp(appCode, clientKey string) testcontainers.CustomizeRequestOption {
	return testcontainers.WithEnv(map[string]string{appCodeVariable: appCode, clientKeyVariable: clientKey})
}

// WithMchids gives the App shops: each call must then carry one of them.
func WithMchids(mchids ...string) testcontainers.CustomizeRequestOption {
	return variable("QFSANDBOX_MCHID", strings.Join(mchids, ","))
}

// WithNotifyURL is where notifications of orders without a notify_url of their own go. It is an address
// the container reaches: Serve gives one, and HostName is this machine.
func WithNotifyURL(url string) testcontainers.CustomizeRequestOption {
	return variable("QFSANDBOX_NOTIFY_URL", url)
}

// WithNotifyAllow permits notifications to addresses besides private ones, such as 203.0.113.0/24.
func WithNotifyAllow(prefixes ...string) testcontainers.CustomizeRequestOption {
	return variable("QFSANDBOX_NOTIFY_ALLOW", strings.Join(prefixes, ","))
}

// WithSeedYAML says what Apps, payers and faults it starts with (docs/seed.md).
func WithSeedYAML(yaml string) testcontainers.CustomizeRequestOption {
	return variable("QFSANDBOX_SEED_YAML", yaml)
}
