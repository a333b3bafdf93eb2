package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// eitherWord is how people write CancelEither.
const eitherWord = "either"

// Cancellings lists the mappings of wallets to close and reversal.
func Cancellings() []Cancelling {
	return []Cancelling{CancelEither, CancelByDeveloperCenter, CancelByNewest}
}

// Word is the mapping's name for people; the zero value has one too.
func (c Cancelling) Word() string {
	if c == CancelEither {
		return eitherWord
	}
	return string(c)
}

// ParseCancelling reads a mapping's name; empty is either. A word that is none is given as it is,
// and refused where the App is checked.
func ParseCancelling(word string) Cancelling {
	if word == eitherWord {
		return CancelEither
	}
	return Cancelling(word)
}

// CheckApp says what CreateApp would refuse about an App, whatever is stored. Errors: ErrInvalid.
func CheckApp(a App) error {
	if a.Seed == "" {
		a.Seed = "any" // it would be drawn
	}
	if err := new(Gateway).fillApp(&a); err != nil {
		return err
	}
	return a.validate()
}

func (s Settings) validate() error {
	if s.RefundDelay < 0 || s.RefundDelay > MaxClockOffset {
		return fmt.Errorf("%w: refund_delay is %s, want 0 to %s", ErrInvalid, s.RefundDelay, MaxClockOffset)
	}
	if !slices.Contains(Cancellings(), s.Cancelling) {
		var words []string
		for _, c := range Cancellings() {
			words = append(words, c.Word())
		}
		return fmt.Errorf("%w: cancelling is %q, want one of %s", ErrInvalid, s.Cancelling, strings.Join(words, ", "))
	}
	return nil
}

// MaxMchids and MaxPayDirectories bound an App's lists: each change of the App, a clock that is moved
// too, goes through them.
const (
	MaxMchids         = 1000
	MaxPayDirectories = 100
)

// validateLists judges the App's lists as lists: what may not be empty, and that nothing is named twice.
func (a App) validateLists() error {
	switch {
	case len(a.Currencies) == 0:
		return fmt.Errorf("%w: currencies is empty, want at least one of %s", ErrInvalid, currencyList(nil))
	case len(a.PayTypes) == 0:
		return fmt.Errorf("%w: pay_types is empty, want at least one", ErrInvalid)
	case len(a.Mchids) > MaxMchids:
		return fmt.Errorf("%w: mchids has %d entries, want at most %d", ErrInvalid, len(a.Mchids), MaxMchids)
	}
	if m, found := firstTwice(a.Mchids); found {
		return fmt.Errorf("%w: mchids has %q twice, want each once", ErrInvalid, m)
	}
	if c, found := firstTwice(a.Currencies); found {
		return fmt.Errorf("%w: currencies has %q twice, want each once", ErrInvalid, c)
	}
	if p, found := firstTwice(a.PayTypes); found {
		return fmt.Errorf("%w: pay_types has %q twice, want each once", ErrInvalid, p)
	}
	if err := validatePayDirectories(a.Account.PayDirectories); err != nil {
		return err
	}
	return a.validateOwn()
}

func validatePayDirectories(list []string) error {
	if len(list) > MaxPayDirectories {
		return fmt.Errorf("%w: pay_directories has %d entries, want at most %d", ErrInvalid, len(list), MaxPayDirectories)
	}
	for _, d := range list {
		if err := checkPayDirectory(d); err != nil {
			return fmt.Errorf("%w: pay_directory %w", ErrInvalid, err)
		}
	}
	if d, found := firstTwice(list); found {
		return fmt.Errorf("%w: pay_directories has %q twice, want each once", ErrInvalid, d)
	}
	return nil
}

// checkPayDirectory: a page's address up to its last slash, or scheme and host alone, as WeChat registers
// them (wechat 3.6).
func checkPayDirectory(d string) error {
	if err := checkWebAddress(d, 256); err != nil {
		return err
	}
	_, host, _ := strings.Cut(d, "://")
	if domainOnly := !strings.Contains(host, "/"); !strings.HasSuffix(d, "/") && !domainOnly || strings.ContainsAny(d, "?#") {
		return fmt.Errorf("is %q, want a page's address up to its last slash, such as https://shop.example/pay/, or a domain alone, https://shop.example", d)
	}
	return nil
}

func firstTwice[T comparable](list []T) (T, bool) {
	seen := make(map[T]bool, len(list))
	for _, v := range list {
		if seen[v] {
			return v, true
		}
		seen[v] = true
	}
	var none T
	return none, false
}
