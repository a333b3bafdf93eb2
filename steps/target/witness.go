package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Statement is what the merchant says of an order.
type Statement struct {
	Paid bool
	// Shipments is -1 when the profile declares none.
	Shipments int
	// Said is the answer, for people.
	Said string
}

var (
	// ErrNoWitness means that the profile declares no such witness.
	ErrNoWitness = errors.New("the profile declares no such witness")
	// ErrUnclear means that the witness answered nothing, or not as the profile says: what the
	// merchant thinks of the order stays unknown.
	ErrUnclear = errors.New("the merchant's status says nothing")
)

// maxStatement bounds what is read of a status answer, in bytes.
const maxStatement = 1 << 20

// Ask asks the merchant's status address about an order. Errors: ErrNoWitness; ErrUnclear when it
// does not answer, not with 2xx or 404, or not as the profile says. 404 is a merchant that knows no
// such order: neither paid nor shipped.
func (t *Target) Ask(ctx context.Context, outTradeNo string, txamt int64) (Statement, error) {
	s := t.Profile.Status
	if s == nil {
		return Statement{}, fmt.Errorf("%w: status", ErrNoWitness)
	}
	address := t.ofOrder(s.URL, outTradeNo, txamt)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Statement{}, fmt.Errorf("%w: status.url: %w", ErrUnclear, err)
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return Statement{}, fmt.Errorf("%w: no answer: %w", ErrUnclear, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxStatement))
	if err != nil {
		return Statement{}, fmt.Errorf("%w: the answer broke off: %w", ErrUnclear, err)
	}
	st := Statement{Shipments: -1, Said: fmt.Sprintf("HTTP %d %s", resp.StatusCode, shorten(string(body)))}
	switch {
	case resp.StatusCode == http.StatusNotFound:
		if s.Shipments != "" {
			st.Shipments = 0
		}
		return st, nil
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return st, fmt.Errorf("%w: %s answered %s, want 200", ErrUnclear, address, st.Said)
	case s.Paid.Contains != "":
		st.Paid = strings.Contains(string(body), s.Paid.Contains)
	default:
		value, err := at(body, s.Paid.Path)
		if err != nil {
			return st, fmt.Errorf("%w: status.paid.path: %w in %s", ErrUnclear, err, st.Said)
		}
		st.Paid = value == s.Paid.Equals
	}
	if s.Shipments == "" {
		return st, nil
	}
	if st.Shipments, err = countAt(body, s.Shipments); err != nil {
		return st, fmt.Errorf("%w: status.shipments: %w in %s", ErrUnclear, err, st.Said)
	}
	return st, nil
}

// countAt finds a number of things by a path.
func countAt(body []byte, path string) (int, error) {
	value, err := at(body, path)
	if err != nil {
		return -1, err
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return -1, fmt.Errorf("%q at path %q is no number of shipments", value, path)
	}
	return n, nil
}

func shorten(s string) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return strings.TrimSpace(s)
}

// at finds a value by a path of names and list places joined by dots, and gives its text.
func at(body []byte, path string) (string, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return "", fmt.Errorf("no JSON: %w", err)
	}
	for name := range strings.SplitSeq(path, ".") {
		var ok bool
		switch in := v.(type) {
		case map[string]any:
			v, ok = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if ok = err == nil && i >= 0 && i < len(in); ok {
				v = in[i]
			}
		}
		if !ok {
			return "", fmt.Errorf("nothing at %q of path %q", name, path)
		}
	}
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	case nil:
		return "null", nil
	default:
		return "", fmt.Errorf("path %q leads to no single value", path)
	}
}
