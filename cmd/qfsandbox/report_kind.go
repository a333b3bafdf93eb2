package main

import (
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
)

// kind is what is printed in full once.
type kind struct {
	app           sandbox.AppCode
	call, finding string
	// cause tells apart the mistakes that share a finding: too short and not sent at all, say.
	cause uint64
}

func kindOf(e sandbox.Exchange, f sandbox.Finding) kind {
	sum := fnv.New64a()
	for _, text := range []string{f.Change, e.Error} {
		_, _ = io.WriteString(sum, withoutValues(text)+"\n") // a hash takes everything
	}
	if strings.HasPrefix(f.Received, "no ") {
		_, _ = io.WriteString(sum, "nothing came")
	}
	return kind{e.App, callOf(e), f.ID, sum.Sum64()}
}

// withoutValues leaves what is quoted, and the words that hold a digit, out of a text: they differ each time.
func withoutValues(text string) string {
	var b strings.Builder
	for quoted := false; text != ""; quoted = !quoted {
		end := 0
		for end < len(text) && text[end] != '"' {
			if quoted && text[end] == '\\' && end+1 < len(text) {
				end++
			}
			end++
		}
		if !quoted {
			b.WriteString(text[:end])
		}
		text = text[min(end+1, len(text)):]
	}
	words := slices.DeleteFunc(strings.Fields(b.String()), func(word string) bool { return strings.ContainsFunc(word, unicode.IsDigit) })
	return strings.Join(words, " ")
}

// callOf names a call without what differs each time.
func callOf(e sandbox.Exchange) string {
	if e.Surface == "notify" || e.Surface == "unknown" {
		return e.Surface
	}
	path, _, _ := strings.Cut(e.URL, "?")
	return e.Method + " " + path[:min(len(path), 128)]
}

// betweenRepeats is how long a kind that was printed again waits until it is the next time, so that a
// loop does not fill the screen.
const betweenRepeats = time.Second

// mistakes are the findings that say what to change: not what a lever did on purpose, not what became
// of a payer's payment, and no "signature wrong" or "app code unknown" beside the name of what is wrong
// with it. The digests of a notification go to the journal: a screen has no room for them.
func mistakes(e sandbox.Exchange) []sandbox.Finding {
	sign := slices.ContainsFunc(e.Findings, func(f sandbox.Finding) bool { return ofClinic[f.ID] })
	appCode := slices.ContainsFunc(e.Findings, func(f sandbox.Finding) bool { return ofClinic[f.ID] && strings.HasPrefix(f.ID, "app-code-") })
	return slices.DeleteFunc(slices.Clone(e.Findings), func(f sandbox.Finding) bool {
		switch f.ID {
		case sandbox.FindLever, clinic.NotifyCandidates:
			return true
		case "signature-wrong":
			return sign
		case "app-code-unknown":
			return appCode
		}
		return slices.Contains(ofPayers[:], f.ID)
	})
}

// ofPayers are refusals for the payer's reasons: what a merchant has to expect.
var ofPayers = [...]string{
	"payer-enters-password", "payment-under-way", "payer-balance", "payer-account", "payer-card", "payer-real-name", "wallet-balance", "wallet-no-credit", "wallet-real-name",
}
