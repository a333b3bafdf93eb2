package target

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// placeholder matches what is one or was meant to be.
var placeholder = regexp.MustCompile(`\{[A-Za-z_-]+\}`)

// Placeholders a text may hold: everywhere, in what starts the merchant, in the addresses of an order, and in
// what the merchant's own account is registered with. {merchant_host} is {merchant} without its scheme, {proxy} the
// sandbox as an HTTP proxy for the vendors' hosts, {ca_file} a file with the certificate of its CA, as PEM.
var (
	general   = []string{"{port}", "{merchant}", "{merchant_host}", "{sandbox}", "{app_code}", "{client_key}", "{mchid}"}
	ofStart   = append(slices.Clone(general), "{proxy}", "{ca_file}")
	ofOrder   = append(slices.Clone(general), "{out_trade_no}", "{txamt}")
	ofAccount = []string{"{port}", "{merchant}", "{merchant_host}"}
)

func (p *Profile) checkPlaceholders() error {
	type text struct {
		key, value string
		allowed    []string
	}
	texts := []text{{"merchant", p.Merchant, general}, {"order.url", p.Order.URL, ofOrder}, {"notify_url", p.NotifyURL, general}}
	if p.Status != nil {
		texts = append(texts, text{"status.url", p.Status.URL, ofOrder})
	}
	if p.Start != nil {
		texts = append(texts, text{"start.ready", p.Start.Ready, general})
		for _, word := range p.Start.Command {
			texts = append(texts, text{"start.command", word, ofStart})
		}
		for name, value := range p.Start.Env {
			texts = append(texts, text{"start.env." + name, value, ofStart})
		}
	}
	if o := p.App.OfficialAccount; o != nil {
		for _, d := range o.OAuthDomains {
			texts = append(texts, text{"app.official_account.oauth_domains", d, ofAccount})
		}
		for _, d := range o.PayDirectories {
			texts = append(texts, text{"app.official_account.pay_directories", d, ofAccount})
		}
	}
	for _, t := range texts {
		for _, found := range placeholder.FindAllString(t.value, -1) {
			switch {
			case !slices.Contains(t.allowed, found):
				return fmt.Errorf("%s holds the placeholder %s, want one of %s", t.key, found, strings.Join(t.allowed, " "))
			case found == "{port}" && p.Start == nil:
				return fmt.Errorf("%s holds the placeholder {port}, which goes with a start command only", t.key)
			case strings.HasPrefix(found, "{merchant") && t.key == "merchant":
				return fmt.Errorf("merchant holds the placeholder %s, which is itself", found)
			case (found == "{proxy}" || found == "{ca_file}") && !p.Unchanged:
				return fmt.Errorf("%s holds the placeholder %s, which goes with unchanged: true: the merchant calls the vendors by their own host names", t.key, found)
			}
		}
	}
	return nil
}
