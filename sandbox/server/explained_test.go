package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

const explainedDir = "../../fixtures/findings"

// TestExplained plays each file of fixtures/findings to a sandbox of its own, over TCP, and compares
// what the journal says of each request, as GET /_sandbox/v1/journal has it. A file is a txtar: a
// comment, then sections.
//
//	-- name --           a request; the next section, "name findings", is what it left, if anything
//	-- advance 5m --     moves the clock
//	-- set 2026-03-14 23:30:00 --   moves it on to then, UTC+8
//
// A request is one of fixtures/wire, or its short form, see short.
func TestExplained(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(explainedDir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files in %s, error %v", len(files), explainedDir, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			explainFile(t, file)
		})
	}
}

func explainFile(t *testing.T, file string) *player {
	golden, err := txtar.ParseFile(file)
	must(t, err)
	p := startWire(t)
	played := &txtar.Archive{Comment: golden.Comment}
	mark := "0"
	for i := 0; i < len(golden.Files); i++ {
		section := golden.Files[i]
		played.Files = append(played.Files, section)
		if p.movesClocks(t, section.Name) {
			continue
		}
		p.play(t, section.Name, p.short(t, string(section.Data)))
		var got string
		got, mark = findingsSince(t, p.server.ControlURL(), mark)
		name, want := section.Name+" findings", ""
		if i+1 < len(golden.Files) && golden.Files[i+1].Name == name {
			i++
			want = string(golden.Files[i].Data)
		}
		if !*update && got != want {
			t.Errorf("%s:\n--- got\n%s--- want\n%s", section.Name, got, want)
		}
		if got != "" {
			played.Files = append(played.Files, txtar.File{Name: name, Data: []byte(got)})
		}
	}
	if *update {
		must(t, os.WriteFile(file, txtar.Format(played), 0o644))
	}
	return p
}

// findingsSince reads the journal from a mark on and writes what it says of the exchanges there.
func findingsSince(t *testing.T, controls, mark string) (said, next string) {
	t.Helper()
	resp, err := http.Get(controls + "/_sandbox/v1/journal?since=" + mark)
	must(t, err)
	defer resp.Body.Close()
	var page struct {
		Mark      json.Number
		Exchanges []struct {
			Findings []map[string]string
		}
	}
	must(t, json.NewDecoder(resp.Body).Decode(&page))
	var b strings.Builder
	for _, e := range page.Exchanges {
		for _, f := range e.Findings {
			if strings.HasPrefix(f["id"], "sign-") {
				continue // the clinic's own tests have those
			}
			fmt.Fprintf(&b, "%s: %s\n", f["id"], ownPort.ReplaceAllString(f["detail"], "127.0.0.1${1}PORT"))
			for _, field := range []string{"received", "expected", "change"} {
				if text := f[field]; text != "" {
					fmt.Fprintf(&b, "  %-8s %s\n", field, strings.ReplaceAll(ownPort.ReplaceAllString(text, "127.0.0.1${1}PORT"), "\n", `\n`))
				}
			}
		}
	}
	return b.String(), page.Mark.String()
}

// inWeChat are the headers of a browser that can pay, and the person who holds it.
const inWeChat = "User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.69(0x1800452d) NetType/WIFI Language/zh_CN\n" +
	"Cookie: sandbox_payer=alice\n"

// short writes a short request in full. Its first line is method, address and the App's name in
// wireApps, the demo App where none stands; headers may follow, then an empty line and the parameters
// of the body, by line or by &. A later one takes an earlier one's place, and -name leaves one out. A
// call is signed over what it holds, a browser is WeChat's on a phone. A request line with HTTP/1.1 is
// left alone.
func (p *player) short(t *testing.T, request string) string {
	t.Helper()
	line, rest, _ := strings.Cut(request, "\n")
	if strings.Contains(line, "HTTP/1.1") {
		return request
	}
	line, rest = fill(t, line, p.answers), fill(t, rest, p.answers)
	words := strings.Fields(line)
	method, address, app := words[0], words[1], wireApps()[0]
	for _, a := range wireApps() {
		if len(words) > 2 && a.name == words[2] {
			app = a
		}
	}
	headers, body := "", ""
	if before, after, both := strings.Cut("\n"+rest, "\n\n"); both {
		headers, body = strings.TrimPrefix(before+"\n", "\n"), joinParameters(after)
	} else {
		headers = rest
	}
	path, query, _ := strings.Cut(address, "?")
	calls := strings.HasPrefix(path, "/trade/") || strings.HasPrefix(path, "/tool/")
	switch {
	case strings.HasPrefix(path, "/tool/v1/get_weixin_oauth_code"):
		query = joinParameters("app_code=" + string(app.app.Code) + "&" + query)
		address = path + "?" + query + "&sign=" + signed(query, app.key)
		headers += inWeChat
	case calls:
		headers += "X-QF-APPCODE: " + string(app.app.Code) + "\nX-QF-SIGN: " + signed(strings.Trim(query+"&"+body, "&"), app.key) + "\n"
	case !strings.Contains(headers, "User-Agent"):
		headers += inWeChat
	}
	if body != "" {
		kind := "application/x-www-form-urlencoded"
		if strings.HasPrefix(path, "/wallet/") {
			kind, body = "application/json", strings.TrimSuffix(rest[strings.Index("\n"+rest, "\n\n"):], "\n")
			body = strings.TrimLeft(body, "\n")
		}
		headers += "Content-Type: " + kind + "\nContent-Length: " + itoa(len(body)) + "\n"
	}
	return method + " " + address + " HTTP/1.1\nHost: sandbox.test\n" + headers + "\n" + body
}

// joinParameters joins lines and pairs, each name once.
func joinParameters(text string) string {
	var pairs []string
	for pair := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '&' }) {
		name, _, _ := strings.Cut(strings.TrimPrefix(pair, "-"), "=")
		at := slices.IndexFunc(pairs, func(other string) bool { return strings.HasPrefix(other, name+"=") })
		switch {
		case strings.HasPrefix(pair, "-") && at >= 0:
			pairs = slices.Delete(pairs, at, at+1)
		case at >= 0:
			pairs[at] = pair
		default:
			pairs = append(pairs, pair)
		}
	}
	return strings.Join(pairs, "&")
}

// signed is the signature over encoded parameters, by net/url and without package qfpay.
func signed(encoded, key string) string {
	var pairs []string
	for pair := range strings.FieldsFuncSeq(encoded, func(r rune) bool { return r == '&' }) {
		name, value, _ := strings.Cut(pair, "=")
		decoded, err := url.QueryUnescape(value)
		if err != nil {
			decoded = value
		}
		if decoded != "" {
			pairs = append(pairs, name+"="+decoded)
		}
	}
	slices.Sort(pairs)
	return digest("MD5", strings.Join(pairs, "&"), key)
}
