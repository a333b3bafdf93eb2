package replay

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/bundle"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// mostPayers bounds the payers a bundle can bring, so that a hostile one fills no sandbox.
const mostPayers = 100

// readProfile reads the part replay, which anybody may have written, before anything is made for it.
// Errors: ErrBundle.
func readProfile(b bundle.Bundle) (profile control.BundleReplay, err error) {
	if err := json.Unmarshal(b.Replay, &profile); err != nil {
		return profile, fmt.Errorf("%w: its part replay: %w", ErrBundle, err)
	}
	if profile.OutTradeNo == "" {
		return profile, fmt.Errorf("%w: its part replay names no out_trade_no, as each that qfsandbox bundle writes does", ErrBundle)
	}
	if n := len(payersOf(profile, b.Exchanges)); n > mostPayers {
		return profile, fmt.Errorf("%w: it has %d payers, want at most %d", ErrBundle, n, mostPayers)
	}
	for _, deed := range profile.Deeds {
		if deed.Does != "pay" {
			return profile, fmt.Errorf("%w: it has a deed %.40q, want pay", ErrBundle, deed.Does)
		}
	}
	for _, e := range b.Exchanges {
		if lever := e.Fact(bundle.FactLever); lever != "" {
			if _, err := sandbox.ParseEffect(lever); err != nil {
				return profile, fmt.Errorf("%w: exchange %d has the lever %w", ErrBundle, e.Seq, err)
			}
		}
	}
	return profile, nil
}

// payersOf are those a bundle has, and one for each openid whose payer it does not know.
func payersOf(profile control.BundleReplay, exchanges []bundle.Exchange) []control.BundlePayer {
	all := slices.Clone(profile.Payers)
	known := map[sandbox.OpenID]bool{"": true}
	for _, p := range all {
		known[p.OpenID] = true
	}
	loose := func(openID sandbox.OpenID) {
		if !known[openID] {
			known[openID] = true
			all = append(all, control.BundlePayer{OpenID: openID})
		}
	}
	for _, e := range exchanges {
		loose(sandbox.OpenID(e.Fact(bundle.FactOpenID)))
	}
	for _, deed := range profile.Deeds {
		loose(deed.OpenID)
	}
	return all
}
