package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// followPatience is how long one call waits for the next exchange.
const followPatience = 30 * time.Second

// follow prints what there is and goes on with what comes, until it is interrupted. A sandbox that is
// gone is waited for.
func (r *remote) follow(ctx context.Context, in *invocation, c *control.Client, filter control.JournalFilter, page control.JournalPage) error {
	t := journalTable()
	if !r.json {
		t.print(in)
		t.least, t.heads = t.widths(), nil
	}
	for {
		for _, e := range page.Exchanges {
			if r.json {
				if err := printLine(in, e); err != nil {
					return err
				}
				continue
			}
			t.rows = nil
			addExchange(t, e)
			t.print(in)
		}
		filter.Since = page.Mark
		next, err := c.Wait(ctx, filter, followPatience)
		var refused *control.Error
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &refused):
			return err
		case err != nil:
			fmt.Fprintf(in.stderr, "qfsandbox: the sandbox is gone (%s); waiting for it\n", harmless(cause(err).Error()))
			if filter.Since, err = comeBack(ctx, c, filter.Since); err != nil || ctx.Err() != nil {
				return err
			}
			fmt.Fprintln(in.stderr, "qfsandbox: it is there again")
			next = control.JournalPage{Mark: filter.Since}
		}
		page = next
	}
}

// comeBack waits for the sandbox and gives the mark to go on from: the beginning of a journal that
// is shorter than what was seen.
func comeBack(ctx context.Context, c *control.Client, mark uint64) (uint64, error) {
	again := time.NewTicker(knock)
	defer again.Stop()
	for {
		page, err := c.Journal(ctx, control.JournalFilter{Last: 1})
		var refused *control.Error
		switch {
		case err == nil && page.Mark < mark:
			return 0, nil
		case err == nil:
			return mark, nil
		case errors.As(err, &refused):
			return 0, err
		}
		select {
		case <-ctx.Done():
			return mark, nil
		case <-again.C:
		}
	}
}
