package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// probe.js tells what an element says, where it is, and what stands in its way.
//
//go:embed probe.js
var probeScript string

// worldName is the JavaScript world of ours in every frame. The page's scripts can neither see nor alter it.
const worldName = "qfcertify"

// purpose is how closely probe.js looks.
type purpose string

const (
	toRead  purpose = "read"  // text and visibility
	toTouch purpose = "touch" // scrolls there; the point to touch, and what covers it
	toEnter purpose = "enter" // an iframe: where its inside begins
	toReach purpose = "reach" // an iframe: whether a point in it can be touched; scrolls there
)

// look is what probe.js found. Coordinates are CSS pixels of a viewport.
type look struct {
	Title, Text, Covered string
	Found, Invalid       bool
	Visible, Disabled    bool
	Offscreen, Moving    bool
	X, Y                 float64
	noFrame              string // why the iframe could not be looked into
}

// look finds the element now. Coordinates are those of the page's viewport.
func (f Frame) look(ctx context.Context, s *chromedp.Target, selector string, p purpose) (look, error) {
	top := f.tab.location.mainFrame()
	if f.selector == "" {
		return f.tab.probe(ctx, s, top, selector, p, 0, 0)
	}
	outer, err := f.tab.probe(ctx, s, top, f.selector, toEnter, 0, 0)
	switch {
	case err != nil:
		return look{}, err
	case !outer.Found:
		return look{Title: outer.Title, noFrame: "no such iframe"}, nil
	case !outer.Visible:
		return look{Title: outer.Title, noFrame: "the iframe is not visible"}, nil
	}
	id, err := f.tab.frameID(ctx, s, f.selector)
	if err != nil {
		return look{Title: outer.Title}, err
	}
	l, err := f.tab.probe(ctx, s, id, selector, p, 0, 0)
	l.Title, l.X, l.Y = outer.Title, l.X+outer.X, l.Y+outer.Y
	if err != nil || p != toTouch || l.Covered != "" || l.Offscreen {
		return l, err
	}
	over, err := f.tab.probe(ctx, s, top, f.selector, toReach, l.X, l.Y)
	l.Covered, l.Offscreen, l.Moving = over.Covered, over.Offscreen, l.Moving || over.Moving
	return l, err
}

func (t *Tab) probe(ctx context.Context, s *chromedp.Target, frame cdp.FrameID, selector string, p purpose, x, y float64) (look, error) {
	arguments, err := json.Marshal([]any{selector, p, x, y})
	if err != nil {
		return look{}, err
	}
	res, err := evaluate(ctx, s, frame, fmt.Sprintf("(%s)(...%s)", strings.TrimSpace(probeScript), arguments), true)
	if err != nil {
		return look{}, err
	}
	var l look
	if err := json.Unmarshal(res.Value, &l); err != nil {
		return look{}, fmt.Errorf("probe.js answered %q: %w", res.Value, err)
	}
	if l.Invalid {
		return look{}, fmt.Errorf("%w: %q", ErrSelector, selector)
	}
	return l, nil
}

// frameID is the frame inside an iframe element.
func (t *Tab) frameID(ctx context.Context, s *chromedp.Target, selector string) (cdp.FrameID, error) {
	quoted, err := json.Marshal(selector)
	if err != nil {
		return "", err
	}
	object, err := evaluate(ctx, s, t.location.mainFrame(), fmt.Sprintf("document.querySelector(%s)", quoted), false)
	if err != nil {
		return "", err
	}
	if object.ObjectID == "" {
		return "", fmt.Errorf("no element %q", selector) // gone since the last look
	}
	node, err := cdp.Call(ctx, s, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: object.ObjectID})
	if err != nil {
		return "", err
	}
	if _, err := cdp.Call(ctx, s, runtime.ReleaseObject, runtime.ReleaseObjectParams{ObjectID: object.ObjectID}); err != nil {
		return "", err
	}
	if node.Node.FrameID == "" {
		return "", fmt.Errorf("%q is a %s, not an iframe", selector, strings.ToLower(node.Node.NodeName))
	}
	return node.Node.FrameID, nil
}

// evaluate runs an expression in our own world of a frame.
func evaluate(ctx context.Context, s *chromedp.Target, frame cdp.FrameID, expression string, byValue bool) (*runtime.RemoteObject, error) {
	world, err := cdp.Call(ctx, s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame, WorldName: worldName})
	if err != nil {
		return nil, err
	}
	res, err := cdp.Call(ctx, s, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: world.ExecutionContextID, ReturnByValue: &byValue})
	if err != nil {
		return nil, err
	}
	if res.ExceptionDetails != nil {
		return nil, errors.New(exceptionText(res.ExceptionDetails))
	}
	return res.Result, nil
}
