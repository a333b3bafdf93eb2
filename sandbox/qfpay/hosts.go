package qfpay

import "strings"

// Host is one of QFPay's host names.
type Host struct {
	Name string
	// Surface is what answers there: openapi or cashier.
	Surface string
	// Region is whose accounts it is for, Live whether money is settled.
	Region string
	Live   bool
	// Source says where the name is published.
	Source string
}

// The surfaces of QFPay's hosts.
const (
	SurfaceOpenAPI = "openapi"
	SurfaceCashier = "cashier"
)

const (
	hostCurrent  = "documented: environments, current"
	hostOlder    = "documented: introduction, older table of regions"
	hostJSAPI    = "documented: WeChat Pay JSAPI page"
	hostOverseas = "documented: overseas pages of 2016 and 2017"
	hostAssumed  = "assumed: the pattern of o2-hk and o2-th"
)

var hosts = buildHosts()

func buildHosts() []Host {
	list := []Host{
		{"openapi-hk.qfapi.com", SurfaceOpenAPI, "hk", true, hostCurrent},
		{"test-openapi-hk.qfapi.com", SurfaceOpenAPI, "hk", false, hostCurrent},
		{"openapi-int.qfapi.com", SurfaceOpenAPI, "int", false, hostCurrent},
		{"openapi-test.qfpay.com", SurfaceOpenAPI, "cn", false, hostOlder},
		{"openapi.qfpay.com", SurfaceOpenAPI, "cn", true, hostJSAPI},
		{"openapi-jp.qfapi.com", SurfaceOpenAPI, "jp", true, hostOlder},
		{"osqt.qfpay.com", SurfaceOpenAPI, "overseas", true, hostOverseas},
		{"overseaopenapitest.qfpay.com", SurfaceOpenAPI, "overseas", false, hostOverseas},
		{"o2.qfpay.com", SurfaceCashier, "cn", true, hostJSAPI},
		{"o2-hk.qfapi.com", SurfaceCashier, "hk", true, hostCurrent},
		{"o2-th.qfapi.com", SurfaceCashier, "th", true, hostJSAPI},
		{"test-o2-hk.qfapi.com", SurfaceCashier, "hk", false, "observed: an Alipay sample"},
		{"o2-jp.qfapi.com", SurfaceCashier, "jp", true, hostAssumed},
	}
	for _, region := range []string{"th", "db", "sg", "id", "eur"} {
		list = append(list, Host{"openapi-" + region + ".qfapi.com", SurfaceOpenAPI, region, true, hostOlder},
			Host{"test-openapi-" + region + ".qfapi.com", SurfaceOpenAPI, region, false, hostOlder})
		if region != "th" {
			list = append(list, Host{"o2-" + region + ".qfapi.com", SurfaceCashier, region, true, hostAssumed})
		}
	}
	return list
}

// Hosts is the table of QFPay's host names, of every region.
func Hosts() []Host { return append([]Host(nil), hosts...) }

// HostNamed is the row of a host name, in any letter case and without a port; false if it is not QFPay's.
func HostNamed(name string) (Host, bool) {
	for _, h := range hosts {
		if strings.EqualFold(h.Name, name) {
			return h, true
		}
	}
	return Host{}, false
}
