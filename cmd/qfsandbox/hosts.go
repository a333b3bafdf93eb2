package main

import (
	"context"
	"flag"
	"fmt"
	"net/netip"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/wechat"
)

// vendorHost is a host as the command tells it to programs.
type vendorHost struct {
	Name   string `json:"name"`
	Vendor string `json:"vendor"`
	Serves string `json:"serves"`
	Region string `json:"region"`
}

func vendorHosts() (all []vendorHost) {
	for _, h := range qfpay.Hosts() {
		all = append(all, vendorHost{h.Name, "QFPay", h.Surface, h.Region})
	}
	for _, h := range wechat.Hosts() {
		all = append(all, vendorHost{h.Name, "WeChat", h.Does, ""})
	}
	return all
}

var hostsCommand = command{
	name: "hosts", does: "list the hosts of QFPay and WeChat that a sandbox with -tls is",
	about:    " With -hosts-file the lines are those of /etc/hosts, for who can listen on port 443 there (docs/tls.md).",
	examples: []string{"qfsandbox hosts", "qfsandbox hosts -hosts-file", "qfsandbox hosts -hosts-file -ip 192.168.1.20", "qfsandbox hosts -json"},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		lines := f.Bool("hosts-file", false, "print lines for /etc/hosts")
		ip := f.String("ip", "127.0.0.1", "`address` of the sandbox in those lines")
		asJSON := f.Bool("json", false, "print JSON for programs")
		return func(_ context.Context, in *invocation) error {
			at, err := netip.ParseAddr(*ip)
			switch {
			case err != nil || at.Zone() != "":
				return usageError("-ip is %q, want an address such as 127.0.0.1", *ip)
			case *lines && *asJSON:
				return usageError("-hosts-file and -json are two formats; leave one of them out")
			case *lines:
				in.say("# QFPay sandbox (TEST): these hosts lead to a fake. Remove the lines to reach the real ones.")
				for _, h := range vendorHosts() {
					in.say("%s %s", at, h.Name)
				}
				return nil
			case *asJSON:
				return printJSON(in, map[string][]vendorHost{"hosts": vendorHosts()})
			}
			t := newTable("HOST", "VENDOR", "SERVES", "REGION")
			for _, h := range vendorHosts() {
				t.add(h.Name, h.Vendor, h.Serves, or(h.Region, "-"))
			}
			t.print(in)
			in.say("%s", fmt.Sprintf("%d hosts. Lines for /etc/hosts: qfsandbox hosts -hosts-file", len(vendorHosts())))
			return nil
		}
	},
}
