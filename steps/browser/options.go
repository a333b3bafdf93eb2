package browser

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// Options say how the browser of a run is started. The zero value starts the browser that Find finds, without a
// window, with nothing but loopback within reach.
type Options struct {
	ExecPath  string            // browser to start; "" is what Find finds
	Headful   bool              // with a window, for watching; needs a full browser and a display
	Resolve   map[string]string // host name → host:port that answers for it; the URL stays as it was
	Allow     []string          // host names besides loopback that may be reached, as the system resolves them; *.name allowed
	Trust     *x509.Certificate // a CA whose certificates are believed, without its being in any trust store; nil for none
	Unbounded bool              // every other host may be reached too, as the system resolves it
	Window    [2]int            // width and height of the window in pixels, Headful only; zero is Chromium's own
	NoSandbox bool              // without Chromium's own sandbox; a container's ordinary user needs it, root always runs so
	Log       *slog.Logger      // what the browser's connection complains about; nil discards
	Output    io.Writer         // the browser's own stdout and stderr; nil keeps only the tail for errors
}

// disabledFeatures replaces chromedp's own list (a flag given twice replaces, it does not merge), whose two entries
// come first.
var disabledFeatures = []string{
	"Translate", "BlinkGenPropertyTrees", // chromedp's defaults
	"LocalNetworkAccessChecks", "LocalNetworkAccessChecksWebRTC", "LocalNetworkAccessChecksWebSockets", // a mapped host lives on loopback
	"SitePerProcess", "IsolateOrigins", // iframes keep the page's identity and events; headless shells isolate none anyway
	"BackForwardCache",                                  // going back loads the page again
	"HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", // http stays http
	"MediaRouter", "OptimizationHints", // full browsers: no requests of their own
}

// Nowhere, in Options.Resolve, is a host that cannot be reached.
const Nowhere = "~NOTFOUND"

// loopback is what the browser reaches whatever the options say.
var loopback = []string{"127.0.0.1", "localhost", "::1"}

// allocatorOptions are chromedp's defaults and ours; the error names the option that is wrong.
func (o Options) allocatorOptions(path string, output io.Writer) ([]chromedp.ExecAllocatorOption, error) {
	rules, err := o.resolverRules()
	if err != nil {
		return nil, err
	}
	// The launch flag reaches what the override of a tab does not, such as a service worker. There it must not say
	// HeadlessChrome; of the kinds, most scenarios use this one.
	phone, _ := wechat.BrowserNamed("ios")
	list := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserAgent(phone.UserAgent),
		chromedp.CombinedOutput(output),
		chromedp.Flag("host-resolver-rules", rules),
		// A proxy named by the environment would resolve names behind our back. (A headless shell knows no
		// --no-proxy-server.)
		chromedp.Flag("proxy-server", "direct://"),
		chromedp.Flag("disable-features", strings.Join(disabledFeatures, ",")),
		chromedp.Flag("disable-site-isolation-trials", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("block-new-web-contents", true),       // what window.js misses opens nothing
		chromedp.Flag("force-prefers-reduced-motion", true), // a picture of a moving page shows neither state
	)
	if o.Headful {
		list = append(list, chromedp.Flag("accept-lang", "zh-CN,zh,en"), // of which it offers no translation
			chromedp.Flag("headless", false), chromedp.Flag("hide-scrollbars", false))
		if o.Window != [2]int{} {
			list = append(list, chromedp.Flag("window-size", fmt.Sprintf("%d,%d", o.Window[0], o.Window[1])))
		}
	}
	if o.Trust != nil {
		// Chromium believes a chain in which a certificate has this public key; our servers send the CA's along.
		digest := sha256.Sum256(o.Trust.RawSubjectPublicKeyInfo)
		list = append(list, chromedp.Flag("ignore-certificate-errors-spki-list", base64.StdEncoding.EncodeToString(digest[:])))
	}
	if o.NoSandbox {
		list = append(list, chromedp.NoSandbox)
	}
	return list, nil
}

// resolverRules is the value of Chromium's --host-resolver-rules: mapped hosts, then nothing, with holes for loopback
// and the allowed hosts.
func (o Options) resolverRules() (string, error) {
	var rules []string
	for _, host := range slices.Sorted(maps.Keys(o.Resolve)) {
		if err := checkHost(host); err != nil {
			return "", fmt.Errorf("resolve: %w", err)
		}
		if slices.Contains(o.Allow, host) {
			return "", fmt.Errorf("host %q is both in resolve and in allow; it can be only one of them", host)
		}
		addr := o.Resolve[host]
		if addr == Nowhere {
			rules = append(rules, "MAP "+host+" "+addr)
			continue
		}
		if h, port, err := net.SplitHostPort(addr); err != nil || h == "" || port == "" || strings.ContainsAny(addr, ", ") {
			return "", fmt.Errorf("resolve: address %q of host %q is not host:port, for example 127.0.0.1:8080", addr, host)
		}
		rules = append(rules, "MAP "+host+" "+addr)
	}
	if o.Unbounded {
		return strings.Join(rules, ","), nil
	}
	rules = append(rules, "MAP * "+Nowhere)
	for _, host := range loopback {
		rules = append(rules, "EXCLUDE "+host)
	}
	for _, host := range o.Allow {
		if err := checkHost(strings.TrimPrefix(host, "*.")); err != nil {
			return "", fmt.Errorf("allow: %w", err)
		}
		rules = append(rules, "EXCLUDE "+host)
	}
	return strings.Join(rules, ","), nil
}

// checkHost keeps a name from being read as more than a name by Chromium's rule parser.
func checkHost(host string) error {
	if host == "" || strings.ContainsAny(host, ", \t\n*:/?") {
		return fmt.Errorf("%q is not a host name, give it without scheme, port and path", host)
	}
	return nil
}
