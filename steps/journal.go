package steps

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

func (w *world) journalSteps(sc *godog.ScenarioContext) {
	sc.Then(`^the journal (proves|does not prove) one payment$`, w.journalProves)
	sc.Then(`^the journal finds "([^"]*)" in "([^"]*)"$`, w.journalFinds)
	sc.Then(`^the finding "([^"]*)" says to change "([^"]*)"$`, w.findingSaysToChange)
	sc.Then(`^the order's bundle tells of "([^"]*)"$`, w.bundleTells)
	sc.Then(`^no key is in the bundle and in no export$`, w.noKeyIsTold)
}

func (w *world) journalProves(ctx context.Context, how string) error {
	v, err := w.client.Verify(ctx, control.Verification{App: w.app, OutTradeNo: w.order.outTradeNo, Verify: "one-payment"})
	if err != nil {
		return broke(err)
	}
	if want := how == "proves"; v.Verified != want || v.Verified != (len(v.Failures) == 0) {
		return fmt.Errorf("verified is %t with the failures %+v, want %t", v.Verified, v.Failures, want)
	}
	return nil
}

// journalFinds searches for a text and compares where it passed: paths of calls, and "notify".
func (w *world) journalFinds(ctx context.Context, text, where string) error {
	page, err := w.client.Journal(ctx, control.JournalFilter{App: w.app, Search: text})
	if err != nil {
		return broke(err)
	}
	var got []string
	for _, e := range page.Exchanges {
		place := e.Path
		if e.Surface == "notify" {
			place = e.Surface
		}
		got = append(got, place)
	}
	if want := split[string](where); !slices.Equal(got, want) {
		return fmt.Errorf("%q was found in %v, want %v", text, got, want)
	}
	return nil
}

func (w *world) findingSaysToChange(ctx context.Context, id, words string) error {
	page, err := w.client.Journal(ctx, control.JournalFilter{App: w.app, Finding: id})
	if err != nil {
		return broke(err)
	}
	for _, e := range page.Exchanges {
		for _, f := range e.Findings {
			if f.ID != id {
				continue
			}
			if !strings.Contains(f.Change, words) || f.Received == "" || f.Expected == "" || f.Clause == "" {
				return fmt.Errorf("the finding is %+v, want what was received and expected, a clause, and %q among what to change", f, words)
			}
			return nil
		}
	}
	return fmt.Errorf("no exchange of this App left the finding %q", id)
}

func (w *world) bundleTells(ctx context.Context, list string) error {
	text, err := w.client.Bundle(ctx, w.app, "", w.order.outTradeNo)
	if err != nil {
		return broke(err)
	}
	for _, words := range split[string](list) {
		if !bytes.Contains(text, []byte(words)) {
			return fmt.Errorf("the bundle does not tell of %q:\n%s", words, text)
		}
	}
	return nil
}

// noKeyIsTold looks for the key, as it is and as an address spells it, in everything that leaves the journal.
func (w *world) noKeyIsTold(ctx context.Context) error {
	told := map[string][]byte{}
	text, err := w.client.Bundle(ctx, w.app, "", w.order.outTradeNo)
	if err != nil {
		return broke(err)
	}
	told["bundle"] = text
	for _, format := range []control.Format{control.HAR, control.NDJSON} {
		var out bytes.Buffer
		if _, err := w.client.Export(ctx, format, control.JournalFilter{App: w.app}, &out); err != nil {
			return broke(err)
		}
		told[string(format)] = out.Bytes()
	}
	for name, text := range told {
		if len(text) == 0 {
			return fmt.Errorf("the %s is empty", name)
		}
		for _, key := range []string{w.own.ClientKey, url.QueryEscape(w.own.ClientKey)} {
			if bytes.Contains(text, []byte(key)) {
				return fmt.Errorf("the %s holds the App's key", name)
			}
		}
	}
	return nil
}
