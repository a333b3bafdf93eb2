package sandboxtest_test

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

// What a test pays for a sandbox: start, App, look back, end.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if ended := trial("TestShop", func(t testing.TB) { sandboxtest.Start(t) }); ended.failed {
			b.Fatal(ended.printed())
		}
	}
}

// What a subtest pays for an App of a sandbox that runs.
func BenchmarkNewApp(b *testing.B) {
	s := sandboxtest.Start(b)
	b.ReportAllocs()
	for b.Loop() {
		if ended := trial("TestShop/one", func(t testing.TB) { s.NewApp(t) }); ended.failed {
			b.Fatal(ended.printed())
		}
	}
}
