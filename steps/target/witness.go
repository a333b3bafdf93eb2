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

// ErrNoWitness means that the profile declares no such witness.
var ErrNoWitness = errors.New("the profile declares no such witness")

// maxStatement bounds what is read of a status answer, in bytes.
const maxStatement = 1 << 20

// Ask asks the merchant's status address about an order. An error that is not ErrNoWitness is the
// merchant's: it does not answer, not with 2xx or 404, or not as its profile says. 404 is a merchant that
// knows no such order: neither paid nor shipped.
func (t *Target) Ask(ctx context.Context, outTradeNo string, txamt int64) (Statement, error) {
	s := t.Profile.Status
	if s == nil {
		return Statement{}, fmt.Errorf("%w: status", ErrNoWitness)
	}
	address := t.ofOrder(s.URL, outTradeNo, txamt)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Statement{}, fmt.Errorf("status.url: %w", err)
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return Statement{}, fmt.Errorf("the merchant's status does not answer: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxStatement))
	if err != nil {
		return Statement{}, fmt.Errorf("the merchant's status broke off: %w", err)
	}
	st := Statement{Shipments: -1, Said: fmt.Sprintf("HTTP %d %s", resp.StatusCode, shorten(string(body)))}
	switch {
	case resp.StatusCode == http.StatusNotFound:
		if s.Shipments != "" {
			st.Shipments = 0
		}
		return st, nil
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return st, fmt.Errorf("the merchant's status %s answered %s, want 200", address, st.Said)
	case s.Paid.Contains != "":
		st.Paid = strings.Contains(string(body), s.Paid.Contains)
	default:
		value, err := at(body, s.Paid.Path)
		if err != nil {
			return st, fmt.Errorf("status.paid.path: %w in %s", err, st.Said)
		}
		st.Paid = value == s.Paid.Equals
	}
	if s.Shipments == "" {
		return st, nil
	}
	value, err := at(body, s.Shipments)
	if err == nil {
		st.Shipments, err = strconv.Atoi(value)
	}
	if err != nil {
		return st, fmt.Errorf("status.shipments: %w in %s", err, st.Said)
	}
	return st, nil
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
