package browser

import (
	"fmt"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Alone closes the blank window that a Headful browser starts with, once another one is open: then the browser ends
// when the last window is closed.
func (b *Browser) Alone() error {
	blank := chromedp.FromContext(b.ctx)
	_, err := chromedp.CallBrowser(b.ctx, target.CloseTarget, target.CloseTargetParams{TargetID: blank.Target.TargetID})
	if err != nil {
		return fmt.Errorf("close the blank window: %w", err)
	}
	return nil
}
