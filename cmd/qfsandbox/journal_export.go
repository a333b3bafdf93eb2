package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var journalExport = command{
	name: "export", does: "write the journal as HAR 1.2, for browsers and proxies, or as JSON lines",
	about: " Filters are those of qfsandbox journal. No client_key is in either.",
	examples: []string{
		"qfsandbox journal export -o sandbox.har", "qfsandbox journal export -format ndjson -order T1", "qfsandbox journal export -finding any -last 100 > refused.har",
	},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.connection(f)
		filter := journalFilter(f)
		format := f.String("format", string(control.HAR), "`one of` har, ndjson")
		last := f.Int("last", 0, "`number` of the newest to write, 0 for all")
		file := f.String("o", "", "`file` to write (default: standard output)")
		return func(ctx context.Context, in *invocation) error {
			if *format != string(control.HAR) && *format != string(control.NDJSON) {
				return usageError("-format is %q, want har or ndjson", *format)
			}
			if *last < 0 {
				return usageError("-last is %d, want 0 for all, or how many", *last)
			}
			c, err := r.client(ctx, in)
			if err != nil {
				return err
			}
			wanted := filter()
			wanted.Last = *last
			if *file == "" {
				_, err := c.Export(ctx, control.Format(*format), wanted, in.stdout)
				return err
			}
			size, err := exportTo(ctx, c, control.Format(*format), wanted, *file)
			if err != nil {
				return err
			}
			in.say("%s: %d bytes", filepath.Base(*file), size)
			return nil
		}
	},
}

// exportTo puts the file in its place whole, or not at all.
func exportTo(ctx context.Context, c *control.Client, format control.Format, f control.JournalFilter, path string) (size int64, err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".qfsandbox-*")
	if err != nil {
		return 0, fmt.Errorf("cannot write -o: %w", err)
	}
	_, err = c.Export(ctx, format, f, temp)
	if info, e := temp.Stat(); e == nil {
		size = info.Size()
	}
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		os.Remove(temp.Name())
		return 0, err
	}
	return size, nil
}
