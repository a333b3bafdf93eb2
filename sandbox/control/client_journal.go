package control

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// JournalFilter chooses exchanges; empty fields match everything. docs/journal.md says what each takes.
type JournalFilter struct {
	App sandbox.AppCode
	// Since and Until are marks: above the one and below the other.
	Since, Until uint64
	Surface      string
	Direction    string // in or out
	Path         string
	Method       string
	OutTradeNo   sandbox.OutTradeNo
	Syssn        sandbox.Syssn
	Payer        sandbox.PayerID
	OpenID       sandbox.OpenID
	Respcd       qfpay.Respcd
	Status       string // 200, 4xx, or 0 for no answer
	DecidedBy    string
	Fidelity     sandbox.Fidelity
	Finding      string // an id, or any
	Search       string // a text anywhere, decoded
	// After is the first time, Before the first one beyond, by the Apps' clocks: RFC 3339, or as QFPay
	// writes times, in UTC+8.
	After, Before string
	// Last wants so many of the newest, oldest first; it is for Journal and exports.
	Last int
}

func (f JournalFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"app": string(f.App), "surface": f.Surface, "direction": f.Direction, "path": f.Path, "method": f.Method, "out_trade_no": string(f.OutTradeNo), "syssn": string(f.Syssn),
		"payer": string(f.Payer), "openid": string(f.OpenID), "respcd": string(f.Respcd), "status": f.Status, "decided_by": f.DecidedBy, "fidelity": string(f.Fidelity),
		"finding": f.Finding, "q": f.Search, "after": f.After, "before": f.Before,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	q.Set("since", strconv.FormatUint(f.Since, 10))
	if f.Until > 0 {
		q.Set("until", strconv.FormatUint(f.Until, 10))
	}
	return q
}

// Journal reads all matching exchanges after the mark, or the Last of them.
func (c *Client) Journal(ctx context.Context, f JournalFilter) (JournalPage, error) {
	if f.Last > 0 {
		return c.lastOfJournal(ctx, f)
	}
	all := JournalPage{Mark: f.Since}
	for {
		var page JournalPage
		f.Since = all.Mark
		if err := c.call(ctx, http.MethodGet, "/journal?"+f.query().Encode(), nil, &page); err != nil {
			return all, err
		}
		all.Exchanges = append(all.Exchanges, page.Exchanges...)
		all.Dropped, all.Oldest = page.Dropped, page.Oldest
		if page.Mark == all.Mark {
			return all, nil
		}
		all.Mark = page.Mark
	}
}

// lastOfJournal puts pages before pages until there are as many as wanted.
func (c *Client) lastOfJournal(ctx context.Context, f JournalFilter) (JournalPage, error) {
	var all JournalPage
	for {
		var page JournalPage
		q := f.query()
		q.Set("last", strconv.Itoa(f.Last))
		if err := c.call(ctx, http.MethodGet, "/journal?"+q.Encode(), nil, &page); err != nil {
			return all, err
		}
		mark := max(all.Mark, page.Mark)
		page.Exchanges = append(page.Exchanges, all.Exchanges...)
		f.Last -= len(page.Exchanges) - len(all.Exchanges)
		all = page
		all.Mark = mark
		if f.Last <= 0 || page.Earlier == 0 {
			return all, nil
		}
		f.Until = page.Earlier
	}
}

// Wait gives the first matching exchanges after the mark, waiting for them at most patience (up
// to a minute); none when the time is over.
func (c *Client) Wait(ctx context.Context, f JournalFilter, patience time.Duration) (JournalPage, error) {
	return c.WaitFor(ctx, f, 1, patience)
}

// WaitFor is Wait until so many match, up to 1,000; fewer when the time is over.
func (c *Client) WaitFor(ctx context.Context, f JournalFilter, count int, patience time.Duration) (JournalPage, error) {
	q := f.query()
	q.Set("count", strconv.Itoa(count))
	q.Set("timeout", patience.String())
	var page JournalPage
	return page, c.call(ctx, http.MethodGet, "/journal/wait?"+q.Encode(), nil, &page)
}

// Follow hands the matching exchanges after the mark to take as they come, until take gives an error,
// which it returns, ctx ends, or the sandbox shuts down, which is no error. Where the journal forgot
// some before they were read, gap is told, unless it is nil.
func (c *Client) Follow(ctx context.Context, f JournalFilter, take func(Exchange) error, gap func(message string)) error {
	resp, err := c.open(ctx, "/journal/stream?"+f.query().Encode())
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	event := ""
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("sandbox control: the stream ended: %w", cmp.Or(ctx.Err(), err))
		}
		if name, is := bytes.CutPrefix(line, []byte("event: ")); is {
			event = string(bytes.TrimSpace(name))
		}
		data, is := bytes.CutPrefix(line, []byte("data: "))
		if !is {
			continue
		}
		switch event {
		case "exchange":
			var e Exchange
			if err := json.Unmarshal(data, &e); err != nil {
				return fmt.Errorf("sandbox control: the stream tells no exchange: %w", err)
			}
			if err := take(e); err != nil {
				return err
			}
		case "gap":
			var said struct{ Message string }
			if json.Unmarshal(data, &said) == nil && gap != nil {
				gap(said.Message)
			}
		case "end":
			return nil
		}
	}
}

// Format is what an export is written as.
type Format string

const (
	HAR    Format = "har"    // HAR 1.2
	NDJSON Format = "ndjson" // an exchange a line, as the journal has it
)

// Export writes the matching exchanges, as they are when it begins, and gives the name the sandbox
// would save them under.
func (c *Client) Export(ctx context.Context, format Format, f JournalFilter, to io.Writer) (name string, err error) {
	q := f.query()
	if f.Last > 0 {
		q.Set("last", strconv.Itoa(f.Last))
	}
	resp, err := c.open(ctx, "/journal."+string(format)+"?"+q.Encode())
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	_, header, _ := strings.Cut(resp.Header.Get("Content-Disposition"), `filename="`)
	if _, err := io.Copy(to, resp.Body); err != nil {
		return "", fmt.Errorf("sandbox control: the export was cut short: %w", err)
	}
	return strings.TrimSuffix(header, `"`), nil
}

// Verify asks whether the journal holds what is expected. That it does not is no error: see Failures.
func (c *Client) Verify(ctx context.Context, in Verification) (Verified, error) {
	var out Verified
	return out, c.call(ctx, http.MethodPost, "/journal/verify", in, &out)
}
