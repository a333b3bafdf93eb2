package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

var (
	// ErrLaunch means that the browser did not start; the error that wraps it ends with the browser's last words.
	ErrLaunch = errors.New("browser did not start")
	// ErrBrowserGone means that the browser died or was closed. It says nothing about the page under test.
	ErrBrowserGone = errors.New("browser is gone")
	// ErrTabClosed means that the tab was closed before or during the action.
	ErrTabClosed = errors.New("tab is closed")
	// ErrPageCrashed means that the process that draws the page died; the tab is of no further use.
	ErrPageCrashed = errors.New("page crashed")
)

const (
	launchTimeout = 30 * time.Second
	closeTimeout  = 5 * time.Second
)

// Browser is one running Chromium. Its methods may be called from several goroutines.
type Browser struct {
	ctx     context.Context // chromedp's, ends with the process
	kill    context.CancelFunc
	release []context.CancelFunc // chromedp's, in order
	version string
	log     *slog.Logger
	lost    <-chan struct{} // closed when the connection to the process is
	closed  atomic.Bool
	once    sync.Once
}

// Launch starts the browser. It lives until Close, or until its process dies; ctx bounds the start only, which is also
// given up after 30 seconds. The error wraps ErrLaunch, and ErrNoBrowser if there is none to start.
func Launch(ctx context.Context, o Options) (*Browser, error) {
	path := o.ExecPath
	if path == "" {
		var err error
		if path, err = findFor(o.Headful); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrLaunch, err)
		}
	}
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	tail := &tailWriter{}
	output := io.Writer(tail)
	if o.Output != nil {
		output = io.MultiWriter(tail, o.Output)
	}
	options, err := o.allocatorOptions(path, output)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLaunch, err)
	}

	life, kill := context.WithCancel(context.WithoutCancel(ctx))
	alloc, releaseAlloc := chromedp.NewExecAllocator(life, options...)
	bctx, release := chromedp.NewContext(alloc,
		chromedp.WithLogf(func(format string, args ...any) { log.Debug(fmt.Sprintf(format, args...)) }),
		chromedp.WithErrorf(func(format string, args ...any) { log.Warn(fmt.Sprintf(format, args...)) }))
	b := &Browser{ctx: bctx, kill: kill, release: []context.CancelFunc{release, releaseAlloc}, log: log}

	// The first Do binds the browser's life to its context, so the deadline must come from outside.
	patience, cancel := context.WithTimeout(ctx, launchTimeout)
	defer cancel()
	stop := context.AfterFunc(patience, kill)
	err = chromedp.Do(bctx)
	if err == nil {
		b.lost = chromedp.FromContext(bctx).Browser.LostConnection
		b.version, err = b.product()
	}
	if !stop() && err == nil {
		err = patience.Err()
	}
	if err != nil {
		b.end()
		if patience.Err() != nil {
			err = patience.Err()
		}
		return nil, launchError(path, err, tail.String())
	}
	return b, nil
}

// findFor leaves out the headless shells when a window is wanted.
func findFor(headful bool) (string, error) {
	if headful {
		return find(fullBrowsers)
	}
	return Find()
}

func launchError(path string, err error, output string) error {
	text, _, _ := strings.Cut(err.Error(), "\n") // chromedp puts the whole output behind it
	hint := ""
	switch {
	case strings.Contains(output, "No usable sandbox"), strings.Contains(output, "without --no-sandbox"):
		hint = "; this user may not use Chromium's sandbox, start with NoSandbox (usual in a container)"
	case strings.Contains(output, "Missing X server"), strings.Contains(output, "ozone_platform_x11"):
		hint = "; there is no display for a window"
	}
	if output = strings.TrimSpace(output); output != "" {
		output = "; it said: " + output
	}
	return fmt.Errorf("%w: %s: %w%s%s", ErrLaunch, path, &shortError{strings.TrimSuffix(text, ":"), err}, hint, output)
}

// shortError says less than the error it wraps.
type shortError struct {
	text string
	err  error
}

func (e *shortError) Error() string { return e.text }
func (e *shortError) Unwrap() error { return e.err }

func (b *Browser) product() (string, error) {
	v, err := chromedp.CallBrowser(b.ctx, browser.GetVersion, cdp.Empty{})
	return v.Product, err
}

// Version is the product and version the browser reports, for example "HeadlessChrome/156.0.8078.79".
func (b *Browser) Version() string { return b.version }

// Gone reports whether the browser can no longer be used: its process died, or Close was called.
func (b *Browser) Gone() bool {
	select {
	case <-b.lost:
		return true
	default:
		return b.closed.Load()
	}
}

// Close ends the browser and everything in it, first politely, after five seconds by force. It returns nil for a
// browser that is gone already.
func (b *Browser) Close() error {
	var err error
	b.once.Do(func() {
		died := b.Gone()
		b.closed.Store(true)
		ctx, cancel := context.WithTimeout(b.ctx, closeTimeout)
		defer cancel()
		err = chromedp.Cancel(ctx)
		b.end()
		if died {
			err = nil
		}
	})
	if err != nil {
		return fmt.Errorf("close browser: %w", err)
	}
	return nil
}

// end frees what chromedp holds and waits for the process to be gone.
func (b *Browser) end() {
	b.kill()
	for _, release := range b.release {
		release()
	}
}

// goneError is ErrBrowserGone with what is known of the reason.
func (b *Browser) goneError(cause error) error {
	if b.closed.Load() {
		return fmt.Errorf("%w: it was closed", ErrBrowserGone)
	}
	var exit *exec.ExitError
	if errors.As(cause, &exit) {
		return fmt.Errorf("%w: its process ended: %w", ErrBrowserGone, exit)
	}
	return fmt.Errorf("%w: its connection was lost", ErrBrowserGone)
}

// tailWriter keeps the last few kilobytes written to it.
type tailWriter struct {
	mu  sync.Mutex
	buf []byte
}

const tailSize = 2 << 10

func (w *tailWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf = append(w.buf, p...)
	if extra := len(w.buf) - tailSize; extra > 0 {
		w.buf = append(w.buf[:0], w.buf[extra:]...)
	}
	return len(p), nil
}

func (w *tailWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.buf)
}
