package memstore

import (
	"context"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func (s *Store) CreateOAuthCode(_ context.Context, c sandbox.OAuthCode) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	codes := &s.tenant(c.App).codes
	if _, taken := codes.get(c.Code); taken {
		return sandbox.ErrExists
	}
	codes.dropOldest(func(old sandbox.OAuthCode) bool { return old.ExpiresAt.Add(sandbox.CodeMemory).Before(c.IssuedAt) }, sandbox.MaxCodes)
	codes.put(c)
	return nil
}

func (s *Store) OAuthCode(_ context.Context, app sandbox.AppCode, code string) (sandbox.OAuthCode, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, ok := s.read(app).codes.get(code)
	if !ok {
		return sandbox.OAuthCode{}, sandbox.ErrNotFound
	}
	return c, nil
}

func (s *Store) TakeOAuthCode(_ context.Context, app sandbox.AppCode, code string, at time.Time, grant sandbox.Grant) (sandbox.OAuthCode, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	codes := &s.read(app).codes
	c, ok := codes.get(code)
	switch {
	case !ok:
		return sandbox.OAuthCode{}, sandbox.ErrNotFound
	case !c.TakenAt.IsZero():
		return c, sandbox.ErrTaken
	}
	c.TakenAt, c.TakenBy = at, grant.By
	codes.put(c)
	s.tenant(grant.App).grants.put(grant)
	return c, nil
}

func (s *Store) TakeGrant(_ context.Context, app sandbox.AppCode, openID sandbox.OpenID) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read(app).grants.remove(string(openID)), nil
}

func (s *Store) CreateAuthCode(_ context.Context, c sandbox.AuthCode) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	auths := &s.tenant(c.App).auths
	if _, taken := auths.get(c.Code); taken {
		return sandbox.ErrExists
	}
	auths.put(c)
	return nil
}

func (s *Store) TakeAuthCode(_ context.Context, app sandbox.AppCode, code string, at time.Time) (sandbox.AuthCode, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	auths := &s.tenant(app).auths
	c, issued := auths.get(code)
	if issued && !c.TakenAt.IsZero() {
		return c, sandbox.ErrTaken
	}
	was := c
	c.Code, c.App, c.TakenAt = code, app, at
	auths.put(c)
	if !issued {
		was = c
	}
	return was, nil
}

// callCount is how many calls an App made in its latest second and minute.
type callCount struct {
	second, minute     int64
	inSecond, inMinute int
}

func (s *Store) CountCall(_ context.Context, app sandbox.AppCode, at time.Time) (second, minute int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &s.tenant(app).calls
	if sec := at.Unix(); sec != c.second {
		c.second, c.inSecond = sec, 0
	}
	if m := at.Unix() / 60; m != c.minute {
		c.minute, c.inMinute = m, 0
	}
	c.inSecond++
	c.inMinute++
	return c.inSecond, c.inMinute, nil
}
