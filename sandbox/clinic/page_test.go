package clinic_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
)

var update = flag.Bool("update", false, "write docs/clinic.md")

const pageHead = `# The signature clinic

QFPay answers a signature that does not fit with 1108 and no more. The sandbox answers the same, and puts beside the request, in the journal,
the name of the mistake: it tries a closed list of wrong recipes on what was sent, alone and in pairs, and gives a name when a recipe's digest
is the one that came. It never guesses. ` + "`qfsandbox explain`" + ` does the same with a request you paste ([explain.md](explain.md)).

This page is made from the code's tables by ` + "`go test ./sandbox/clinic -run TestPage -update`" + `; a test fails when it is old.

## What it tells

The string to sign and the string that was signed, with ` + "`(client_key)`" + ` in the key's place; the digest that came and the right one; one finding for
each mistake, with the parameter, separator or header in question, and what to change. No text holds a key, neither the App's own nor another
App's: where the request itself carries one, the journal masks that too. A key of less than eight characters is masked only where it is a whole
value, unless it is the App's own.

## What it tries

| of | choices |
|---|---|
| parameters | which of them, those of query or body only, empty ones, ` + "`sign`" + `, the app code, a key among them, one or two missing, the last few missing, one too many, a body that is not read, a value split on its way |
| values | percent-encoded in the ways of languages, in either letter case, twice, one of them; numbers, times and JSON in other forms; trimmed, escaped, cut |
| order | as sent, by pair, by value, without regard to letter case, backwards |
| string | JSON, other separators, values only, white space, letter case, character sets, the address in front |
| key | another App's, the previous one, with white space, in another letter case, none, placeholders, cut, in quotes |
| key's place | any separator before or behind it, first, twice |
| digest | MD5, SHA256, SHA1, SHA512 and others; HMAC; Base64; hashed twice; cut (at least 16 hex digits are needed); decorated |

One departure is tried before two, and what happens often before what is rare. Two are tried together when both happen often and they are of
different kinds; not other values together with other separators. A digest in a wrong wrapping, or under a wrong name, is unwrapped first, so
that there may be a third name. QFPay's documents contradict each other on empty values, so each recipe is tried with and without them.

## Bounds

A diagnosis writes and hashes at most 6 MiB and makes at most 20,000 digests; a typical request needs about a tenth of the bytes. Requests of more
than 1,000 parameters or 128 KiB are tried with other keys, separators and digests only, other mistakes not. The keys of 1,000 Apps are
tried alone, those of up to 128 Apps together with another mistake. Where something was left out because of that, an unrecognised signature
says so. Only refused requests are diagnosed.

## What it cannot know

A key that is none of the sandbox's; a value that was never sent, such as microseconds of a time, or what stood behind a # in an address;
three mistakes at once; a recipe that is not in the list.

`

// docs/clinic.md says what the code's tables say.
func TestPage(t *testing.T) {
	var page strings.Builder
	page.WriteString(pageHead)
	row := func(cells ...string) {
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "|", "\\|")
		}
		fmt.Fprintf(&page, "| %s |\n", strings.Join(cells, " | "))
	}
	table := func(title string, ofNotifications bool) {
		fmt.Fprintf(&page, "## %s\n\n| name | means | change |\n|---|---|---|\n", title)
		for _, f := range clinic.Findings() {
			if strings.HasPrefix(f.ID, "notify-") == ofNotifications {
				row("`"+f.ID+"`", f.Means, f.Change)
			}
		}
		page.WriteString("\n")
	}
	table("The names", false)
	page.WriteString("## Names that can stand for others\n\nOn some requests two recipes make the same signature. Then the likelier name is given:\n\n| given | may be | when |\n|---|---|---|\n")
	for _, s := range clinic.StandIns() {
		row("`"+s.Given+"`", "`"+strings.Join(s.For, "`, `")+"`", s.When)
	}
	page.WriteString(`
## Notifications

The mirror image: when a merchant answers a genuine notification with anything but SUCCESS, the first attempt says why that may be. If the answer,
body or headers, shows a text of 32 or 64 hex digits, that digest is named; otherwise the digests that the likeliest mistakes give are listed,
to be looked for in the merchant's own log.

`)
	table("Their names", true)
	text := strings.TrimSuffix(page.String(), "\n")
	const path = "../../docs/clinic.md"
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != text {
		t.Errorf("docs/clinic.md is not what the tables say (error %v); write it with go test ./sandbox/clinic -run TestPage -update", err)
	}
}

// Each name is unique, and says what it means, what to change and where that is written; what stands
// for another has a name too.
func TestTheTableIsWhole(t *testing.T) {
	var ids []string
	for _, f := range clinic.Findings() {
		if slices.Contains(ids, f.ID) || f.ID == "" || f.Means == "" || f.Change == "" || f.Clause == "" {
			t.Errorf("row %+v is not whole, or there twice", f)
		}
		ids = append(ids, f.ID)
	}
	for _, s := range clinic.StandIns() {
		for _, id := range append([]string{s.Given}, s.For...) {
			if !slices.Contains(ids, id) {
				t.Errorf("%s stands in the table of equals and is no name", id)
			}
		}
	}
}
