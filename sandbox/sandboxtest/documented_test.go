package sandboxtest_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest"
)

// shop stands for the integration under test in the code of docs/sandboxtest.md.
type shop struct{ openAPI, appCode, clientKey string }

func (s shop) order(box *sandboxtest.Sandbox, number string) sandboxtest.Answer {
	return box.Call("/trade/v1/payment", order(box, number))
}

func (s shop) isPaid(box *sandboxtest.Sandbox, number string) bool {
	for range 3 {
		answer := box.Call("/trade/v1/query", sandboxtest.Params{"out_trade_no": number})
		if answer.At("respcd") == "0000" {
			return answer.At("data.0.respcd") == "0000"
		}
	}
	return false
}

// ServeHTTP is its notify URL.
func (s shop) ServeHTTP(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "SUCCESS") }

func TestPayment(t *testing.T) {
	s := sandboxtest.Start(t, sandboxtest.WithNotifyHandler(shop{}))
	myShop := shop{openAPI: s.URL, appCode: s.AppCode, clientKey: s.ClientKey}

	myShop.order(s, "T1") // your program calls QFPay
	s.Pay("T1")           // the payer opens the wallet and pays
	s.Wait(control.JournalFilter{Surface: "notify", OutTradeNo: "T1"})

	if !s.Notifications("T1")[0].Attempts[0].Acknowledged {
		t.Error("the shop did not acknowledge the notification")
	}
}

func TestShopAsksAgain(t *testing.T) {
	s := sandboxtest.Start(t)
	myShop := shop{openAPI: s.URL, appCode: s.AppCode, clientKey: s.ClientKey}
	myShop.order(s, "T1")
	s.Pay("T1")

	s.Queue("query", "1145", "http=504") // the next enquiry, and the one after it
	if !myShop.isPaid(s, "T1") {
		t.Error("the shop gave up on T1, want it to ask again")
	}
}

func TestNotificationComesAgain(t *testing.T) {
	down := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	s := sandboxtest.Start(t, sandboxtest.WithTime(time.Date(2026, 3, 14, 2, 0, 0, 0, time.UTC)), sandboxtest.WithNotifyHandler(down))
	shop{}.order(s, "T1")
	s.Pay("T1")
	s.Wait(control.JournalFilter{Surface: "notify"}) // the first attempt, at 10:00:00 in Hong Kong

	s.Advance(2 * time.Minute) // the second is made before this returns
	s.RunUntilIdle()           // and the other six, a day of the App's time
	if attempts := s.Notifications("T1")[0].Attempts; len(attempts) != 8 {
		t.Errorf("%d attempts were made, want 8", len(attempts))
	}
}

// What the page shows as code is code that runs here or in the container's module.
func TestDocumentedCodeRuns(t *testing.T) {
	var code strings.Builder
	for _, pattern := range []string{"*_test.go", "container/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, error %v", pattern, len(files), err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			code.WriteString(unindented(string(raw)))
		}
	}
	page, err := os.ReadFile("../../docs/sandboxtest.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```go\n")[1:]
	if len(blocks) < 5 {
		t.Errorf("the page has %d pieces of Go, want at least 5; were they read right?", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		if !strings.Contains(code.String(), unindented(block)) {
			t.Errorf("docs/sandboxtest.md shows code that is in no test:\n%s", block)
		}
	}
}

func unindented(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		b.WriteString(strings.TrimLeft(strings.ReplaceAll(line, "    ", "\t"), "\t"))
	}
	return b.String()
}
