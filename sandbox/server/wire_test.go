package server_test

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var update = flag.Bool("update", false, "write the answers of fixtures/wire anew; then review the diff, it is the API's change")

const wireDir = "../../fixtures/wire"

// TestWire plays each file of fixtures/wire to a sandbox of its own, over TCP, and compares the
// answers byte for byte. A file is a txtar: a comment that says where it is from, then sections.
//
//	-- name --           a request; the next section, "name answer", is its answer
//	-- repeat 5: name -- a request sent five times; the next section is its last answer
//	-- advance 5m --     moves the clock
//	-- set 2026-03-14 23:30:00 --   moves it on to then, UTC+8
//
// Line ends of heads, and of multipart and chunked bodies, are CRLF on the wire. See message for
// what is left out of an answer, and placeholders for what is filled into a request.
func TestWire(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(wireDir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files in %s, error %v", len(files), wireDir, err)
	}
	reached := newReached()
	t.Run("files", func(t *testing.T) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				t.Parallel()
				reached.add(t, playFile(t, file))
			})
		}
	})
	reached.check(t, len(files))
}

func playFile(t *testing.T, file string) *player {
	golden, err := txtar.ParseFile(file)
	must(t, err)
	source, _, _ := strings.Cut(string(golden.Comment), "\n")
	if !strings.HasPrefix(source, "documented") && !strings.HasPrefix(source, "observed") && !strings.HasPrefix(source, "assumed") {
		t.Fatalf("the first line is %q, want it to say documented, observed or assumed, and where", source)
	}
	p := startWire(t)
	played := &txtar.Archive{Comment: golden.Comment}
	for i := 0; i < len(golden.Files); i++ {
		section := golden.Files[i]
		played.Files = append(played.Files, section)
		if p.movesClocks(t, section.Name) {
			continue
		}
		if times, _, isRepeat := strings.Cut(strings.TrimPrefix(section.Name, "repeat "), ": "); isRepeat && strings.HasPrefix(section.Name, "repeat ") {
			n, err := strconv.Atoi(times)
			must(t, err)
			for range n - 1 {
				p.play(t, section.Name, string(section.Data))
			}
		}
		got := p.play(t, section.Name, string(section.Data))
		name := section.Name + " answer"
		if i+1 < len(golden.Files) && golden.Files[i+1].Name == name {
			i++
			if want := string(golden.Files[i].Data); !*update && got != want {
				t.Errorf("%s:\n--- got\n%s--- want\n%s", section.Name, got, want)
			}
		} else if !*update {
			t.Errorf("%s has no answer; run with -update and review it", section.Name)
		}
		played.Files = append(played.Files, txtar.File{Name: name, Data: []byte(got)})
	}
	if *update {
		must(t, os.WriteFile(file, txtar.Format(played), 0o644))
	}
	return p
}

// The Apps of the goldens. The credentials of the first are those of the signature vectors.
const (
	demoCode, demoKey = "SANDBOXAPPCODE0123456789ABCDEF00", "SANDBOXCLIENTKEY0123456789ABCDEF"
	shopMchid         = "ZaMVg12345"
)

// wireApp is one App of the goldens by the name its placeholders have.
type wireApp struct {
	name, key string
	app       sandbox.App
}

func wireApps() []wireApp {
	return []wireApp{
		{"demo", demoKey, sandbox.App{Code: demoCode, Name: "Pet Shop"}},
		{"shop", "SANDBOXCLIENTKEY0123456789SHOPS0", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF01", Mchids: []sandbox.Mchid{shopMchid}, Currencies: []currency{"HKD"}}},
		{"slow", "SANDBOXCLIENTKEY0123456789SLOW00", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF02", Settings: sandbox.Settings{RefundDelay: 30 * time.Second}}},
		{"poor", "SANDBOXCLIENTKEY0123456789POOR00", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF03", Settings: sandbox.Settings{DailyBalance: true}}},
		{"center", "SANDBOXCLIENTKEY0123456789CENTER", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF04", PayTypes: []payType{"800207", "800208"}, Settings: sandbox.Settings{Cancelling: sandbox.CancelByDeveloperCenter}}},
		{"newest", "SANDBOXCLIENTKEY0123456789NEWEST", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF05", PayTypes: []payType{"800207", "800201"}, Settings: sandbox.Settings{Cancelling: sandbox.CancelByNewest}}},
		{"limited", "SANDBOXCLIENTKEY012345678LIMITED", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF06", Settings: sandbox.Settings{RateLimit: true}}},
		{"canada", "SANDBOXCLIENTKEY0123456789CANADA", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF07", Settings: sandbox.Settings{Canada: true, AmountCases: true}}},
		{"own", "SANDBOXCLIENTKEY0123456789OWN000", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF08", Name: "Own Shop", Own: sandbox.OfficialAccount{
			AppID: "wx00112233445566aa", Secret: "00112233445566778899aabbccddeeff", OAuthDomains: []string{"shop.test"}, PayDirectories: []string{"http://shop.test/pay/"}}}},
		{"banned", "SANDBOXCLIENTKEY0123456789BANNED", sandbox.App{Code: "SANDBOXAPPCODE0123456789ABCDEF09", Own: sandbox.OfficialAccount{
			AppID: "wx00112233445566bb", Secret: "bb112233445566778899aabbccddeeff", OAuthDomains: []string{"shop.test"}, LoginError: 10004}}},
	}
}

// movesClocks does what a section "advance 5m" or "set 2026-03-14 12:00:30" says. False: it is another one.
func (p *player) movesClocks(t *testing.T, section string) bool {
	t.Helper()
	if by, isAdvance := strings.CutPrefix(section, "advance "); isAdvance {
		d, err := time.ParseDuration(by)
		must(t, err)
		p.advance(t, d)
		return true
	}
	then, isSet := strings.CutPrefix(section, "set ")
	if isSet {
		at, err := time.ParseInLocation(sandbox.DateTimeLayout, then, sandbox.QFPayZone)
		must(t, err)
		p.advance(t, at.Sub(p.now))
	}
	return isSet
}

// advance moves the Apps' clocks, which does what falls due on the way before it returns: behind a
// clock that moved by itself it would be done meanwhile, and take the next numbers of the Apps' ids.
func (p *player) advance(t *testing.T, by time.Duration) {
	t.Helper()
	p.now = p.now.Add(by)
	client := control.NewClient(p.server.ControlURL(), "")
	for _, a := range wireApps() {
		_, err := client.AdvanceClock(t.Context(), a.app.Code, by)
		must(t, err)
	}
}

// startWire also gives carol, who has nothing but a credit card, and dave, whose payments take a
// while, codes to show at the demo App's tills.
func startWire(t *testing.T) *player {
	t.Helper()
	clock := &hands{now: time.Date(2026, 3, 14, 10, 0, 0, 0, sandbox.QFPayZone)}
	p := &player{now: clock.now, answers: map[string]string{}}
	var apps []sandbox.App
	for _, a := range wireApps() {
		a.app.ClientKey, a.app.Seed = a.key, "wire"
		apps = append(apps, a.app)
	}
	p.server = start(t, configOf(clock, apps...))
	g := p.server.Gateway()
	for _, payer := range []sandbox.Payer{{ID: "carol", Method: sandbox.MethodCredit}, {ID: "dave", Behaviour: sandbox.BehavePending}} {
		_, err := g.CreatePayer(t.Context(), payer)
		must(t, err)
	}
	for digits, payer := range map[string]sandbox.PayerID{
		"130000000000000001": "carol", "130000000000000002": "carol", "130000000000000003": "carol", "280000000000000004": "dave",
	} {
		must(t, g.Store.CreateAuthCode(t.Context(), sandbox.AuthCode{Code: digits, App: demoCode, Payer: payer, IssuedAt: clock.now, ExpiresAt: clock.now.Add(sandbox.AuthCodeLife)}))
	}
	return p
}
