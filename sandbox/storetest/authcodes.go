package storetest

import (
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func authCodeOf(app sandbox.AppCode, text string) sandbox.AuthCode {
	return sandbox.AuthCode{Code: text, App: app, Payer: "P1", IssuedAt: noon, ExpiresAt: noon.Add(time.Minute)}
}

var authCodeClauses = []clause{
	{"a code somebody made is given as it was made, and used once", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateAuthCode(ctxOf(t), authCodeOf("A", "13001")))
		got, err := s.TakeAuthCode(ctxOf(t), "A", "13001", noon.Add(time.Hour))
		must(t, err)
		same(t, "the first TakeAuthCode", got, authCodeOf("A", "13001")) // also when it has expired: that is a rule
		want := authCodeOf("A", "13001")
		want.TakenAt = noon.Add(time.Hour)
		for range 2 {
			got, err = s.TakeAuthCode(ctxOf(t), "A", "13001", noon.Add(2*time.Hour))
			wantError(t, "a later TakeAuthCode", err, sandbox.ErrTaken)
			same(t, "what a later one gives", got, want)
		}
	}},
	{"a code nobody made is used once too", func(t *testing.T, s sandbox.Store) {
		want := sandbox.AuthCode{Code: "13001", App: "A", TakenAt: noon}
		got, err := s.TakeAuthCode(ctxOf(t), "A", "13001", noon)
		must(t, err)
		same(t, "the first TakeAuthCode", got, want)
		got, err = s.TakeAuthCode(ctxOf(t), "A", "13001", noon.Add(time.Hour))
		wantError(t, "the second TakeAuthCode", err, sandbox.ErrTaken)
		same(t, "what the second one gives", got, want)
		wantError(t, "CreateAuthCode of a code in use", s.CreateAuthCode(ctxOf(t), authCodeOf("A", "13001")), sandbox.ErrExists)
	}},
	{"a taken text is refused and changes nothing", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateAuthCode(ctxOf(t), authCodeOf("A", "13001")))
		again := authCodeOf("A", "13001")
		again.Payer = "P2"
		wantError(t, "CreateAuthCode", s.CreateAuthCode(ctxOf(t), again), sandbox.ErrExists)
		got, err := s.TakeAuthCode(ctxOf(t), "A", "13001", noon)
		must(t, err)
		same(t, "TakeAuthCode", got, authCodeOf("A", "13001"))
	}},
	{"the same digits are another code to another App", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateAuthCode(ctxOf(t), authCodeOf("A", "13001")))
		must(t, s.CreateAuthCode(ctxOf(t), authCodeOf("B", "13001")))
		for _, app := range []sandbox.AppCode{"A", "B"} {
			got, err := s.TakeAuthCode(ctxOf(t), app, "13001", noon)
			must(t, err)
			same(t, "TakeAuthCode", got, authCodeOf(app, "13001"))
		}
	}},
	{"of many who use one code one wins", func(t *testing.T, s sandbox.Store) {
		must(t, s.CreateAuthCode(ctxOf(t), authCodeOf("A", "13001")))
		for _, text := range []string{"13001", "13002"} {
			seen := make([]sandbox.AuthCode, crowd)
			winner := oneWins(t, race(crowd, func(i int) (err error) {
				seen[i], err = s.TakeAuthCode(ctxOf(t), "A", text, noon.Add(time.Duration(i+1)*time.Second))
				return err
			}), sandbox.ErrTaken)
			for i, c := range seen {
				if want := noon.Add(time.Duration(winner+1) * time.Second); i != winner && !c.TakenAt.Equal(want) {
					t.Errorf("caller %d was told code %s was taken at %s, want %s, the winner's time", i, text, c.TakenAt, want)
				}
			}
		}
	}},
}

var callClauses = []clause{
	{"calls are counted by second and by minute, for each App", func(t *testing.T, s sandbox.Store) {
		start := noon.Truncate(time.Minute)
		for i, c := range []struct {
			app            sandbox.AppCode
			at             time.Duration
			second, minute int
		}{
			{"A", 0, 1, 1}, {"A", 999 * time.Millisecond, 2, 2}, {"B", 999 * time.Millisecond, 1, 1}, {"A", time.Second, 1, 3},
			{"A", 59 * time.Second, 1, 4}, {"A", 59*time.Second + 1, 2, 5}, {"A", 60 * time.Second, 1, 1}, {"A", time.Hour, 1, 1},
			{"A", time.Hour, 2, 2}, {"B", 2 * time.Second, 1, 2},
		} {
			second, minute, err := s.CountCall(ctxOf(t), c.app, start.Add(c.at))
			must(t, err)
			if second != c.second || minute != c.minute {
				t.Errorf("call %d, of %s after %s, is number %d of its second and %d of its minute, want %d and %d", i+1, c.app, c.at, second, minute, c.second, c.minute)
			}
		}
	}},
	{"no call is counted twice or lost", func(t *testing.T, s sandbox.Store) {
		seen := make([]int, crowd+1)
		numbers := make([]int, crowd)
		for _, err := range race(crowd, func(i int) (err error) {
			numbers[i], _, err = s.CountCall(ctxOf(t), "A", noon)
			return err
		}) {
			must(t, err)
		}
		for _, n := range numbers {
			if n < 1 || n > crowd || seen[n] > 0 {
				t.Fatalf("of %d calls at once the numbers are %v, want 1 to %d, each once", crowd, numbers, crowd)
			}
			seen[n]++
		}
	}},
}
