package server_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

var update = flag.Bool("update", false, "write the answers of fixtures/wire anew; then review the diff, it is the API's change")

const wireDir = "../../fixtures/wire"

// TestWire plays each file of fixtures/wire to a sandbox of its own, over TCP, and compares the
// answers byte for byte. A file is a txtar: a comment that says where it is from, then sections.
//
//	-- name --           a request; the next section, "name answer", is its answer
//	-- advance 5m --     moves the clock
//
// Line ends of heads, and of multipart and chunked bodies, are CRLF on the wire. See message for
// what is left out of an answer, and placeholders for what is filled into a request.
func TestWire(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(wireDir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files in %s, error %v", len(files), wireDir, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			playFile(t, file)
		})
	}
}

func playFile(t *testing.T, file string) {
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
		if by, isAdvance := strings.CutPrefix(section.Name, "advance "); isAdvance {
			d, err := time.ParseDuration(by)
			must(t, err)
			p.clock.advance(d)
			continue
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
}

// The two Apps of the goldens. Their credentials are those of the signature vectors.
const (
	demoCode, demoKey = "SANDBOXAPPCODE0123456789ABCDEF00", "SANDBOXCLIENTKEY0123456789ABCDEF"
	shopCode, shopKey = "SANDBOXAPPCODE0123456789ABCDEF01", "SANDBOXCLIENTKEY0123456789SHOPS0"
	shopMchid         = "ZaMVg12345"
)

func startWire(t *testing.T) *player {
	t.Helper()
	clock := &hands{now: time.Date(2026, 3, 14, 10, 0, 0, 0, sandbox.QFPayZone)}
	p := &player{clock: clock, answers: map[string]string{}}
	p.server = start(t, configOf(clock,
		sandbox.App{Code: demoCode, ClientKey: demoKey, Name: "Pet Shop", Seed: "wire"},
		sandbox.App{Code: shopCode, ClientKey: shopKey, Mchids: []sandbox.Mchid{shopMchid}, Seed: "wire", Currencies: []currency{"HKD"}},
	))
	return p
}
