package control

import (
	"bytes"
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
)

// Client talks to a running sandbox's control interface.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// NewClient takes the control listener's address, such as http://127.0.0.1:8081, and the token it
// asks for, if any.
func NewClient(base, token string) *Client {
	return &Client{base: strings.TrimSuffix(base, "/") + Prefix, token: token, http: &http.Client{Timeout: 2 * time.Minute}}
}

// Error is the sandbox's refusal.
type Error struct {
	Status  int
	Code    string
	Message string
	// ControlURL is where the controls are as the sandbox sees them, when it was asked at the vendor's
	// address (ElsewhereCode).
	ControlURL string
}

func (e *Error) Error() string { return fmt.Sprintf("sandbox control: %s (%s)", e.Message, e.Code) }

func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	raw, err := c.fetch(ctx, method, path, in)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("sandbox control: %s answered no JSON of its own: %w", c.base+path, err)
	}
	return nil
}

// fetch gives the bytes of an answer that is no refusal.
func (c *Client) fetch(ctx context.Context, method, path string, in any) ([]byte, error) {
	resp, err := c.send(ctx, c.http, method, path, in)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("sandbox control: %w", err)
	}
	return raw, nil
}

// open asks for an answer that is read bit by bit, however long that takes.
func (c *Client) open(ctx context.Context, path string) (*http.Response, error) {
	return c.send(ctx, &http.Client{Transport: c.http.Transport}, http.MethodGet, path, nil)
}

// send gives the answer, unless it is a refusal.
func (c *Client) send(ctx context.Context, by *http.Client, method, path string, in any) (*http.Response, error) {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, fmt.Errorf("sandbox control: %w", err)
	}
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := by.Do(req)
	if err != nil {
		return nil, fmt.Errorf("sandbox control: %w", err)
	}
	if resp.StatusCode < 300 {
		return resp, nil
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("sandbox control: %w", err)
	}
	var p struct {
		Error struct {
			Code, Message string
			ControlURL    string `json:"control_url"`
		}
	}
	if json.Unmarshal(raw, &p) != nil || p.Error.Code == "" {
		return nil, fmt.Errorf("sandbox control: %s answered HTTP %d; is that the control address?", c.base+path, resp.StatusCode)
	}
	return nil, &Error{Status: resp.StatusCode, Code: p.Error.Code, Message: p.Error.Message, ControlURL: p.Error.ControlURL}
}

// About asks which sandbox this is; it is the first call of a client that wants to know whether one is there.
func (c *Client) About(ctx context.Context) (About, error) {
	var out About
	return out, c.call(ctx, http.MethodGet, "/about", nil, &out)
}

// CreateApp makes an App.
func (c *Client) CreateApp(ctx context.Context, in NewApp) (App, error) {
	var out App
	return out, c.call(ctx, http.MethodPost, "/apps", in, &out)
}

// App reads an App.
func (c *Client) App(ctx context.Context, code sandbox.AppCode) (App, error) {
	var out App
	return out, c.call(ctx, http.MethodGet, "/apps/"+url.PathEscape(string(code)), nil, &out)
}

// Apps reads all Apps, in the order of their codes.
func (c *Client) Apps(ctx context.Context) ([]App, error) {
	var all []App
	for {
		var page struct{ Apps []App }
		q := url.Values{"limit": {"1000"}}
		if len(all) > 0 {
			q.Set("after", string(all[len(all)-1].AppCode))
		}
		if err := c.call(ctx, http.MethodGet, "/apps?"+q.Encode(), nil, &page); err != nil {
			return all, err
		}
		if len(page.Apps) == 0 {
			return all, nil
		}
		all = append(all, page.Apps...)
	}
}

// ChangeApp changes an App.
func (c *Client) ChangeApp(ctx context.Context, code sandbox.AppCode, change AppChange) (App, error) {
	var out App
	return out, c.call(ctx, http.MethodPatch, "/apps/"+url.PathEscape(string(code)), change, &out)
}

// CreatePayer makes a payer; an empty one is filled.
func (c *Client) CreatePayer(ctx context.Context, in Payer) (Payer, error) {
	var out Payer
	return out, c.call(ctx, http.MethodPost, "/payers", in, &out)
}

// ChangePayer changes a payer.
func (c *Client) ChangePayer(ctx context.Context, id sandbox.PayerID, change PayerChange) (Payer, error) {
	var out Payer
	return out, c.call(ctx, http.MethodPatch, "/payers/"+url.PathEscape(string(id)), change, &out)
}

// Notifications lists an App's notifications, of one order unless that is empty.
func (c *Client) Notifications(ctx context.Context, code sandbox.AppCode, order sandbox.OutTradeNo) ([]Notification, error) {
	var out struct{ Notifications []Notification }
	q := url.Values{}
	if order != "" {
		q.Set("out_trade_no", string(order))
	}
	err := c.call(ctx, http.MethodGet, "/apps/"+url.PathEscape(string(code))+"/notifications?"+q.Encode(), nil, &out)
	return out.Notifications, err
}

// Resend makes one more attempt at a notification.
func (c *Client) Resend(ctx context.Context, id uint64) (Notification, error) {
	var out Notification
	return out, c.call(ctx, http.MethodPost, "/notifications/"+strconv.FormatUint(id, 10)+"/resend", struct{}{}, &out)
}
