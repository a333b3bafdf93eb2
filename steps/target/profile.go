// Package target is the merchant under test: its profile, its process if we start it, and the
// witnesses it offers.
package target

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Profile says everything about a merchant. Texts may hold the placeholders of placeholders.go.
type Profile struct {
	Name string `yaml:"name"`
	App  App    `yaml:"app"`
	// Unchanged: it calls QFPay and WeChat by their own host names. Its proxy ({proxy}) or its resolver leads them
	// to the sandbox, whose CA ({ca_file}) it trusts.
	Unchanged bool `yaml:"unchanged"`
	// Merchant is its base address, {merchant} below; http://127.0.0.1:{port} when we start it.
	Merchant string `yaml:"merchant"`
	// Start is the command that runs it, if we are to start it.
	Start *Start `yaml:"start"`
	Order Order  `yaml:"order"`
	// NotifyURL is registered with QFPay for orders that bring none of their own.
	NotifyURL string  `yaml:"notify_url"`
	Status    *Status `yaml:"status"`
	// Skip names rules that cannot be judged at this merchant, and why.
	Skip []Skip `yaml:"skip"`
	// Hosts are names the merchant's pages need besides its own and the sandbox's.
	Hosts []string `yaml:"hosts"`

	path string
}

// App is the credentials the merchant is configured with.
type App struct {
	AppCode   string `yaml:"app_code"`
	ClientKey string `yaml:"client_key"`
	Mchid     string `yaml:"mchid"`
	// OfficialAccount is the merchant's own (method 1); nil for a merchant that shares QFPay's.
	OfficialAccount *OfficialAccount `yaml:"official_account"`
}

// OfficialAccount is a WeChat official account as the merchant is configured with it.
type OfficialAccount struct {
	AppID  string `yaml:"appid"`
	Secret string `yaml:"secret"`
	// OAuthDomains are the hosts, with a port where it is not the scheme's own, that WeChat may send a payer
	// back to; PayDirectories those pages' directories that may raise the wallet.
	OAuthDomains   []string `yaml:"oauth_domains"`
	PayDirectories []string `yaml:"pay_directories"`
}

// Start runs a merchant.
type Start struct {
	Command []string `yaml:"command"`
	// Dir is where, relative to the profile.
	Dir string            `yaml:"dir"`
	Env map[string]string `yaml:"env"`
	// Ready is an address that answers below 500 once the merchant can be used; empty: its base address.
	Ready string `yaml:"ready"`
	// Within is how long that may take; 20s when empty.
	Within string `yaml:"within"`
}

// Order is how a payer orders: an address to open, and what to click there one after the other.
type Order struct {
	URL   string   `yaml:"url"`
	Click []string `yaml:"click"`
}

// Status is where the merchant says what it thinks of an order.
type Status struct {
	URL  string `yaml:"url"`
	Paid Paid   `yaml:"paid"`
	// Shipments is the path of the number of shipments, such as shipments or order.shipped.
	Shipments string `yaml:"shipments"`
}

// Paid is how the status says so: a JSON path with a value, or a text in the body.
type Paid struct {
	Path     string `yaml:"path"`
	Equals   string `yaml:"equals"`
	Contains string `yaml:"contains"`
}

// complete reports whether it says one thing in one way.
func (p Paid) complete() bool {
	byPath := p.Path != "" && p.Equals != "" && p.Contains == ""
	byText := p.Contains != "" && p.Path == "" && p.Equals == ""
	return byPath || byText
}

// Skip names a rule that is not to be judged.
type Skip struct {
	Rule   string `yaml:"rule"`
	Reason string `yaml:"reason"`
}

// ErrProfile marks a profile that cannot be used; the text says what is wrong where.
var ErrProfile = errors.New("profile cannot be used")

// Load reads and checks a profile.
func Load(path string) (Profile, error) {
	raw, err := read(path)
	if err != nil {
		return Profile{}, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	var p Profile
	if err := yaml.Load(raw, &p, yaml.WithKnownFields()); err != nil {
		return Profile{}, fmt.Errorf("%w: %s: %w", ErrProfile, path, err)
	}
	if p.path, err = filepath.Abs(path); err != nil {
		return Profile{}, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	if err := p.check(); err != nil {
		return Profile{}, fmt.Errorf("%w: %s: %w", ErrProfile, path, err)
	}
	return p, nil
}

// maxProfile bounds a profile's size, in bytes.
const maxProfile = 1 << 20

// read takes regular files only: a pipe or a device would be read for ever.
func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	case info.Size() > maxProfile:
		return nil, fmt.Errorf("%s has %d bytes, want at most %d", path, info.Size(), maxProfile)
	}
	raw, err := os.ReadFile(path)
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, fmt.Errorf("%s is empty", path)
	case !utf8.Valid(raw):
		return nil, fmt.Errorf("%s is not UTF-8 text", path)
	}
	return raw, nil
}

func (p *Profile) check() error {
	if p.Name == "" {
		p.Name = strings.TrimSuffix(filepath.Base(p.path), filepath.Ext(p.path))
	}
	if p.Merchant == "" && p.Start != nil {
		p.Merchant = "http://127.0.0.1:{port}"
	}
	switch {
	case p.App.AppCode == "":
		return errors.New("app.app_code is missing: the app code the merchant is configured with")
	case p.App.ClientKey == "":
		return errors.New("app.client_key is missing: the client key the merchant is configured with")
	case p.App.OfficialAccount != nil && p.App.OfficialAccount.AppID == "":
		return errors.New("app.official_account.appid is missing: the appid of the merchant's own WeChat official account, or leave official_account out")
	case p.App.OfficialAccount != nil && p.App.OfficialAccount.Secret == "":
		return errors.New("app.official_account.secret is missing: the AppSecret the merchant is configured with")
	case p.Merchant == "":
		return errors.New("merchant is missing: the merchant's base address such as http://127.0.0.1:8090, or a start command")
	case p.Order.URL == "":
		return errors.New("order.url is missing: the address a payer opens to order, such as {merchant}/pay?order={out_trade_no}")
	case p.Start != nil && len(p.Start.Command) == 0:
		return errors.New("start.command is missing: the program and its arguments, as a list")
	case p.Status != nil && p.Status.URL == "":
		return errors.New("status.url is missing: where the merchant says what became of {out_trade_no}")
	case p.Status != nil && !p.Status.Paid.complete():
		return errors.New("status.paid wants either path and equals (a value in JSON) or contains (a text)")
	case slices.Contains(p.Order.Click, ""):
		return errors.New("order.click holds an empty selector, want CSS such as #buy")
	}
	if p.Start != nil && !strings.Contains(p.Merchant, "{port}") && slices.ContainsFunc(append(slices.Collect(maps.Values(p.Start.Env)), p.Start.Command...), func(s string) bool { return strings.Contains(s, "{port}") }) {
		return fmt.Errorf("merchant is %s and start uses {port}: leave merchant out, or put {port} into it", p.Merchant)
	}
	if p.Start != nil && p.Start.Within != "" {
		if d, err := time.ParseDuration(p.Start.Within); err != nil || d <= 0 {
			return fmt.Errorf("start.within is %q, want a time such as 20s", p.Start.Within)
		}
	}
	for _, s := range p.Skip {
		if s.Rule == "" || s.Reason == "" {
			return fmt.Errorf("skip wants a rule and a reason, got rule %q and reason %q", s.Rule, s.Reason)
		}
	}
	for _, name := range p.Hosts {
		if !hostName.MatchString(name) {
			return fmt.Errorf("hosts holds %q, want a host name such as cdn.shop.test or *.shop.test, without scheme and port", name)
		}
	}
	return p.checkPlaceholders()
}

var hostName = regexp.MustCompile(`^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// SkipReason says why a rule is not to be judged; false if it is.
func (p Profile) SkipReason(rule string) (string, bool) {
	for _, s := range p.Skip {
		if s.Rule == rule {
			return s.Reason, true
		}
	}
	return "", false
}

// webAddress checks an address a profile has led to.
func webAddress(key, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%w: %s is %q, want an address such as http://127.0.0.1:8090", ErrProfile, key, address)
	}
	return nil
}

// bareHost is the host of an address with its port, empty if it has none.
func bareHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// hostOf is the host name of an address, empty if it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
