package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func codeOf(app sandbox.AppCode, text string) sandbox.OAuthCode {
	return sandbox.OAuthCode{Code: text, App: app, Payer: "P1", OpenID: "o1", IssuedAt: noon, ExpiresAt: noon.Add(5 * time.Minute)}
}

func grantOf(app sandbox.AppCode, openID sandbox.OpenID) sandbox.Grant {
	return sandbox.Grant{App: app, OpenID: openID, At: noon}
}

var codeClauses = []clause{
	{"a code is found by its own App only", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", "c")))
		got, err := s.OAuthCode(ctxOf(t), "A", "c")
		must(t, err)
		same(t, "OAuthCode", got, codeOf("A", "c"))
		for _, k := range []struct {
			app  sandbox.AppCode
			code string
		}{{"A", "d"}, {"A", "C"}, {"A", ""}, {"B", "c"}} {
			_, err = s.OAuthCode(ctxOf(t), k.app, k.code)
			wantError(t, fmt.Sprintf("OAuthCode %q of %s", k.code, k.app), err, sandbox.ErrNotFound)
			_, err = s.TakeOAuthCode(ctxOf(t), k.app, k.code, noon, grantOf(k.app, "o1"))
			wantError(t, fmt.Sprintf("TakeOAuthCode %q of %s", k.code, k.app), err, sandbox.ErrNotFound)
			fresh, err := s.TakeGrant(ctxOf(t), k.app, "o1")
			must(t, err)
			if fresh {
				t.Errorf("taking code %q of %s, which is not there, left a grant", k.code, k.app)
			}
		}
	}},
	{"a taken text is refused and changes nothing", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", "c")))
		again := codeOf("A", "c")
		again.OpenID = "o2"
		wantError(t, "CreateOAuthCode", s.CreateOAuthCode(ctxOf(t), again), sandbox.ErrExists)
		got, err := s.OAuthCode(ctxOf(t), "A", "c")
		must(t, err)
		same(t, "OAuthCode", got, codeOf("A", "c"))
	}},
	{"a code is taken once", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", "c")))
		want := codeOf("A", "c")
		want.TakenAt = noon.Add(time.Minute)
		got, err := s.TakeOAuthCode(ctxOf(t), "A", "c", want.TakenAt, grantOf("A", "o1"))
		must(t, err)
		same(t, "the first TakeOAuthCode", got, want)
		got, err = s.TakeOAuthCode(ctxOf(t), "A", "c", noon.Add(time.Hour), grantOf("A", "o9"))
		wantError(t, "the second TakeOAuthCode", err, sandbox.ErrTaken)
		same(t, "what the second one gives", got, want)
		got, err = s.OAuthCode(ctxOf(t), "A", "c")
		must(t, err)
		same(t, "OAuthCode", got, want)
		fresh, err := s.TakeGrant(ctxOf(t), "A", "o9")
		must(t, err)
		if fresh {
			t.Error("the second TakeOAuthCode left a grant, want none")
		}
	}},
	{"of many who take one code one wins", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", "c")))
		seen := make([]sandbox.OAuthCode, crowd)
		winner := oneWins(t, race(crowd, func(i int) (err error) {
			seen[i], err = s.TakeOAuthCode(ctxOf(t), "A", "c", noon.Add(time.Duration(i+1)*time.Second), grantOf("A", "o1"))
			return err
		}), sandbox.ErrTaken)
		for i, c := range seen {
			if want := noon.Add(time.Duration(winner+1) * time.Second); !c.TakenAt.Equal(want) {
				t.Errorf("caller %d was told the code was taken at %s, want %s, the winner's time", i, c.TakenAt, want)
			}
		}
	}},
	{"a code is remembered for as long as it says after it expired, taken or not", func(t *testing.T, s sandbox.Store) {
		for _, text := range []string{"c", "d"} {
			must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", text)))
		}
		want := codeOf("A", "c")
		want.TakenAt = noon
		_, err := s.TakeOAuthCode(ctxOf(t), "A", "c", noon, grantOf("A", "o1"))
		must(t, err)
		later := codeOf("A", "e")
		later.IssuedAt = want.ExpiresAt.Add(sandbox.CodeMemory)
		later.ExpiresAt = later.IssuedAt.Add(sandbox.CodeLife)
		must(t, s.CreateOAuthCode(ctxOf(t), later))
		other := codeOf("B", "c") // another App's clock says nothing about this one's codes
		other.IssuedAt = noon.Add(1_000 * time.Hour)
		must(t, s.CreateOAuthCode(ctxOf(t), other))
		for _, want := range []sandbox.OAuthCode{want, codeOf("A", "d"), later} {
			got, err := s.OAuthCode(ctxOf(t), "A", want.Code)
			must(t, err)
			same(t, "OAuthCode", got, want)
		}
	}},
	{"a grant is used up once, and belongs to an App and an openid", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", "c")))
		_, err := s.TakeOAuthCode(ctxOf(t), "A", "c", noon, grantOf("A", "o1"))
		must(t, err)
		for _, c := range []struct {
			app    sandbox.AppCode
			openID sandbox.OpenID
			want   bool
		}{{"B", "o1", false}, {"A", "o2", false}, {"A", "o1", true}, {"A", "o1", false}} {
			got, err := s.TakeGrant(ctxOf(t), c.app, c.openID)
			must(t, err)
			if got != c.want {
				t.Errorf("TakeGrant of %s for %s is %v, want %v", c.app, c.openID, got, c.want)
			}
		}
	}},
	{"two codes for one openid leave one grant", func(t *testing.T, s sandbox.Store) {
		for _, text := range []string{"c", "d"} {
			must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", text)))
			_, err := s.TakeOAuthCode(ctxOf(t), "A", text, noon, grantOf("A", "o1"))
			must(t, err)
		}
		for i, want := range []bool{true, false} {
			got, err := s.TakeGrant(ctxOf(t), "A", "o1")
			must(t, err)
			if got != want {
				t.Errorf("TakeGrant number %d is %v, want %v", i+1, got, want)
			}
		}
	}},
	{"of many who use up one grant one wins", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateOAuthCode(ctxOf(t), codeOf("A", "c")))
		_, err := s.TakeOAuthCode(ctxOf(t), "A", "c", noon, grantOf("A", "o1"))
		must(t, err)
		oneWins(t, race(crowd, func(int) error {
			switch fresh, err := s.TakeGrant(ctxOf(t), "A", "o1"); {
			case err != nil:
				return err
			case !fresh:
				return sandbox.ErrNotFound
			}
			return nil
		}), sandbox.ErrNotFound)
	}},
}
