package main

import (
	"flag"
	"net/netip"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/cmd/internal/flagenv"
)

// envPrefix starts the environment variable of every flag: -control-addr is QFSANDBOX_CONTROL_ADDR.
const envPrefix = flagenv.Prefix("QFSANDBOX_")

// Variables that are not flags of serve: where a running sandbox is, for its clients.
var clientVariables = []string{"URL", "CONTROL_URL", "TLS_URL"}

// settings are the flags of serve.
type settings struct {
	addr, controlAddr, publicURL string
	appCode, clientKey, name     string
	mchids, notifyURL            string
	controlToken, controlHosts   string
	notifyAllow                  string
	seedFile, seedYAML, apps     string
	urlFile, seed, logLevel      string
	singlePort, findings         bool
	tls                          tlsSettings
}

// The demo App's credentials: invented, public, and the ones of the test vectors.
const (
	demoAppCode   = "SANDBOXAPPCODE0123456789ABCDEF00"
	demoClientKey = "SANDBOXCLIENTKEY0123456789ABCDEF"
	demoName      = "Demo Shop"
)

func (s *settings) flags(f *flag.FlagSet) {
	f.StringVar(&s.addr, "addr", "127.0.0.1:8080", "`address` of the vendor's surface: QFPay and WeChat")
	f.StringVar(&s.controlAddr, "control-addr", "127.0.0.1:8081", "`address` of the controls")
	f.BoolVar(&s.singlePort, "single-port", false, "serve the controls on -addr too, under /_sandbox/")
	f.StringVar(&s.publicURL, "public-url", "", "`URL` browsers reach -addr under (default: as each request's Host says)")
	s.tls.flags(f)
	f.StringVar(&s.appCode, "app-code", demoAppCode, "app `code` of the demo App")
	f.StringVar(&s.clientKey, "client-key", demoClientKey, "client `key` of the demo App")
	f.StringVar(&s.name, "name", demoName, "merchant's `name` in the wallet")
	f.StringVar(&s.mchids, "mchid", "", "`mchids` of the demo App, separated by commas; every call must then carry one")
	f.StringVar(&s.notifyURL, "notify-url", "", "`URL` that gets the notifications of orders without a notify_url of their own")
	f.StringVar(&s.notifyAllow, "notify-allow", "", "`prefixes` such as 203.0.113.0/24 that notifications may go to besides loopback and private networks")
	f.StringVar(&s.controlToken, "control-token", "", "bearer `token` that control requests must carry")
	f.StringVar(&s.controlHosts, "control-host", "", "host `names` with dots the controls may be reached under, separated by commas")
	f.StringVar(&s.urlFile, "url-file", "", "`file` to write the addresses to once listening, as QFSANDBOX_URL=… lines")
	f.StringVar(&s.seedFile, "seed-file", "", "YAML `file` of Apps and payers to start with")
	f.StringVar(&s.seedYAML, "seed-yaml", "", "`YAML` of Apps and payers to start with, such as {payers: [{id: bob, behaviour: pay}]}")
	f.StringVar(&s.apps, "apps", "", "`list` of more Apps as CODE:KEY, separated by commas")
	f.StringVar(&s.seed, "seed", "", "`text` that makes all ids the same in every run")
	f.BoolVar(&s.findings, "findings", true, "print each new kind of finding once, and a repeat as one line: what a request did wrong, and what to change")
	f.StringVar(&s.logLevel, "log", "info", "log `level`: debug, info, warn, error or off")
}

// words splits at commas; blanks around a word do not count.
func words(s string) []string {
	var list []string
	for part := range strings.SplitSeq(s, ",") {
		if w := strings.TrimSpace(part); w != "" {
			list = append(list, w)
		}
	}
	return list
}

func prefixes(s string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, w := range words(s) {
		p, err := netip.ParsePrefix(w)
		if err != nil {
			ip, ipErr := netip.ParseAddr(w)
			if ipErr != nil {
				return nil, usageError("-notify-allow is %q, want prefixes such as 203.0.113.0/24, separated by commas", s)
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		list = append(list, p)
	}
	return list, nil
}
