package notify_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/notify"
)

func TestPermits(t *testing.T) {
	all := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	few := []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	for _, c := range []struct {
		ip      string
		allowed []netip.Prefix
		want    string // "" is permitted
	}{
		{"127.0.0.1", nil, ""}, {"127.9.9.9", nil, ""}, {"::1", nil, ""}, {"::ffff:127.0.0.1", nil, ""},
		{"10.1.2.3", nil, ""}, {"172.16.0.1", nil, ""}, {"172.31.255.255", nil, ""}, {"192.168.1.1", nil, ""}, {"fd12:3456::1", nil, ""},
		{"8.8.8.8", nil, "is neither loopback nor private; start with -notify-allow 8.8.8.8/32 to permit it"},
		{"2001:4860:4860::8888", nil, "-notify-allow 2001:4860:4860::8888/128"}, {"172.32.0.1", nil, "neither loopback nor private"},
		{"100.64.0.1", nil, "neither loopback nor private"}, {"::ffff:8.8.8.8", nil, "8.8.8.8 is neither loopback nor private"},
		{"64:ff9b::a9fe:a9fe", nil, "neither loopback nor private"},
		{"203.0.113.7", few, ""}, {"::ffff:203.0.113.7", few, ""}, {"203.0.114.7", few, "neither loopback nor private"}, {"2001:db8::7", few, ""},
		{"169.254.169.254", all, "link-local"}, {"::ffff:169.254.169.254", all, "link-local"}, {"169.254.170.2", all, "link-local"},
		{"fe80::1", all, "link-local"}, {"fe80::1%eth0", all, "link-local"}, {"0.0.0.0", all, "unspecified"}, {"::", all, "unspecified"}, {"224.0.0.1", all, "multicast"}, {"ff02::1", all, "multicast"},
		{"fd00:ec2::254", all, "a cloud's metadata address"}, {"fd20:ce::254", all, "a cloud's metadata address"},
		{"100.100.100.200", all, "a cloud's metadata address"}, {"192.0.0.192", all, "a cloud's metadata address"}, {"fd00:ec2::253", all, ""},
	} {
		err := notify.Destinations{Allowed: c.allowed}.Permits(netip.MustParseAddr(c.ip))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %v: got %v, want %q", c.ip, c.allowed, err, c.want)
		}
	}
}

// A refused address is an attempt that failed, with a finding of its own and nothing sent.
func TestRefusedAddressIsFound(t *testing.T) {
	for _, url := range []string{"http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://8.8.8.8/", "http://[::ffff:8.8.8.8]:80/", "http://0.0.0.0/", "http://2852039166/", "http://0x7f.1/"} {
		w := newWorld(t, memstore.New())
		w.open("APP", url)
		id := w.paid("APP", "T1")
		w.advance(0, 1)
		n, e := w.notification(id), w.lastExchange()
		if a := n.Attempts[0]; a.Status != 0 || a.Error == "" || a.Acknowledged || !n.Pending {
			t.Errorf("%s: the attempt is %+v, want an error", url, a)
		}
		if len(e.Findings) != 1 {
			t.Errorf("%s: found %v, want one", url, e.Findings)
		} else if strings.Contains(url, ".") && strings.Contains(e.Error, "not allowed") && e.Findings[0].ID != sandbox.FindNotifyAddress {
			t.Errorf("%s: found %s, want %s", url, e.Findings[0].ID, sandbox.FindNotifyAddress)
		}
	}
}
