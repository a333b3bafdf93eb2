package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// appNamed is an App with every field filled.
func appNamed(code sandbox.AppCode) sandbox.App {
	a := sandbox.App{
		Code: code, ClientKey: "KEY" + string(code), Name: "Pet Shop 宠物店", Mchids: []sandbox.Mchid{"M1", "M2"}, NotifyURL: "http://127.0.0.1/notify",
		Account:     sandbox.OfficialAccount{AppID: "wx" + string(code), PayKey: "PAYKEY", PayDirectories: []string{"http://a.test/pay/", "http://b.test/"}},
		Delivery:    sandbox.DeliveryPlan{Delay: 3 * time.Second},
		ClockOffset: 5 * time.Minute, Seed: "seed", CreatedAt: noon,
	}
	a.Currencies, a.PayTypes = append(a.Currencies, "HKD", "JPY"), append(a.PayTypes, "800207")
	return a
}

// withApps stores Apps with these codes.
func withApps(t *testing.T, s sandbox.Store, codes ...sandbox.AppCode) {
	t.Helper()
	for _, code := range codes {
		must(t, s.CreateApp(ctxOf(t), appNamed(code)))
	}
}

// spoil changes everything a slice of the App points at.
func spoil(a *sandbox.App) {
	a.Mchids[0], a.Currencies[0], a.PayTypes[0], a.Account.PayDirectories[0] = "spoilt", "XXX", "000000", "spoilt"
}

var appClauses = []clause{
	{"a stored App is found by code and by appid", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A", "B")
		got, err := s.App(ctxOf(t), "A")
		must(t, err)
		same(t, "App", got, appNamed("A"))
		got, err = s.AppByAppID(ctxOf(t), "wxB")
		must(t, err)
		same(t, "AppByAppID", got, appNamed("B"))
	}},
	{"an unknown App is not found", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		_, err := s.App(ctxOf(t), "B")
		wantError(t, "App", err, sandbox.ErrNotFound)
		_, err = s.App(ctxOf(t), "a")
		wantError(t, "App in lower case", err, sandbox.ErrNotFound)
		for _, id := range []string{"", "A", "wxB"} {
			_, err = s.AppByAppID(ctxOf(t), id)
			wantError(t, "AppByAppID "+id, err, sandbox.ErrNotFound)
		}
		_, err = s.UpdateApp(ctxOf(t), "B", func(*sandbox.App) error { t.Error("change was called for an App that is not there"); return nil })
		wantError(t, "UpdateApp", err, sandbox.ErrNotFound)
	}},
	{"a taken code or appid is refused and changes nothing", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		again := appNamed("A")
		again.Name, again.Account.AppID = "other", "wxOther"
		wantError(t, "same code", s.CreateApp(ctxOf(t), again), sandbox.ErrExists)
		again = appNamed("B")
		again.Account.AppID = "wxA"
		wantError(t, "same appid", s.CreateApp(ctxOf(t), again), sandbox.ErrExists)
		_, err := s.AppByAppID(ctxOf(t), "wxOther")
		wantError(t, "appid of a refused App", err, sandbox.ErrNotFound)
		_, err = s.App(ctxOf(t), "B")
		wantError(t, "code of a refused App", err, sandbox.ErrNotFound)
		got, err := s.App(ctxOf(t), "A")
		must(t, err)
		same(t, "the first App", got, appNamed("A"))
	}},
	{"of many who take one code one wins", func(t *testing.T, s sandbox.Store) {
		oneWins(t, race(crowd, func(int) error { return s.CreateApp(ctxOf(t), appNamed("A")) }), sandbox.ErrExists)
	}},
	{"Apps lists by code, in pages", func(t *testing.T, s sandbox.Store) {
		list := func(after sandbox.AppCode, limit int) []sandbox.AppCode {
			t.Helper()
			apps, err := s.Apps(ctxOf(t), after, limit)
			must(t, err)
			codes := []sandbox.AppCode{}
			for _, a := range apps {
				codes = append(codes, a.Code)
			}
			return codes
		}
		if got := list("", 10); len(got) != 0 {
			t.Errorf("an empty store lists %v, want nothing", got)
		}
		withApps(t, s, "D", "B", "A", "C")
		for _, c := range []struct {
			after sandbox.AppCode
			limit int
			want  []sandbox.AppCode
		}{
			{"", 10, []sandbox.AppCode{"A", "B", "C", "D"}}, {"", 2, []sandbox.AppCode{"A", "B"}}, {"B", 2, []sandbox.AppCode{"C", "D"}},
			{"BB", 10, []sandbox.AppCode{"C", "D"}}, {"D", 10, []sandbox.AppCode{}}, {"Z", 10, []sandbox.AppCode{}}, {"", 0, []sandbox.AppCode{}},
		} {
			if got := list(c.after, c.limit); !slices.Equal(got, c.want) {
				t.Errorf("Apps(%q, %d) lists %v, want %v", c.after, c.limit, got, c.want)
			}
		}
	}},
	{"UpdateApp stores the change and gives it back", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		want := appNamed("A")
		want.Name, want.NotifyURL, want.ClockOffset, want.Delivery.Delay, want.Mchids = "new", "", time.Hour, 0, []sandbox.Mchid{"M9"}
		got, err := s.UpdateApp(ctxOf(t), "A", func(a *sandbox.App) error {
			a.Name, a.NotifyURL, a.ClockOffset, a.Delivery.Delay, a.Mchids = want.Name, want.NotifyURL, want.ClockOffset, want.Delivery.Delay, want.Mchids
			return nil
		})
		must(t, err)
		same(t, "UpdateApp", got, want)
		got, err = s.App(ctxOf(t), "A")
		must(t, err)
		same(t, "App", got, want)
	}},
	{"UpdateApp cannot change code, appid or the numbers drawn", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		_, err := s.DrawNumber(ctxOf(t), "A")
		must(t, err)
		got, err := s.UpdateApp(ctxOf(t), "A", func(a *sandbox.App) error {
			a.Code, a.Account.AppID, a.Drawn = "Z", "wxZ", 77
			return nil
		})
		must(t, err)
		want := appNamed("A")
		want.Drawn = 1
		same(t, "UpdateApp", got, want)
		_, err = s.App(ctxOf(t), "Z")
		wantError(t, "App Z", err, sandbox.ErrNotFound)
		_, err = s.AppByAppID(ctxOf(t), "wxZ")
		wantError(t, "appid wxZ", err, sandbox.ErrNotFound)
	}},
	{"an App is found by its own account, and by the one that takes its place", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A", "B")
		bind := func(app sandbox.AppCode, appID string) error {
			_, err := s.UpdateApp(ctxOf(t), app, func(a *sandbox.App) error { a.Own.AppID = appID; return nil })
			return err
		}
		must(t, bind("A", "wxOwn"))
		got, err := s.AppByAppID(ctxOf(t), "wxOwn")
		must(t, err)
		if got.Code != "A" || got.Own.AppID != "wxOwn" {
			t.Errorf("AppByAppID gives App %s with own account %q, want A with wxOwn", got.Code, got.Own.AppID)
		}
		for _, taken := range []string{"wxOwn", "wxA"} {
			wantError(t, "an appid that is taken: "+taken, bind("B", taken), sandbox.ErrExists)
		}
		again := appNamed("C")
		again.Own.AppID = "wxOwn"
		wantError(t, "CreateApp with an own appid that is taken", s.CreateApp(ctxOf(t), again), sandbox.ErrExists)
		must(t, bind("A", "wxNext"))
		_, err = s.AppByAppID(ctxOf(t), "wxOwn")
		wantError(t, "the appid of before", err, sandbox.ErrNotFound)
		must(t, bind("B", "wxOwn"))
		must(t, bind("A", ""))
		_, err = s.AppByAppID(ctxOf(t), "wxNext")
		wantError(t, "an appid that was unbound", err, sandbox.ErrNotFound)
		snap, err := s.Snapshot(ctxOf(t), "B")
		must(t, err)
		must(t, bind("B", "wxLater"))
		must(t, s.Restore(ctxOf(t), snap))
		_, err = s.AppByAppID(ctxOf(t), "wxLater")
		wantError(t, "an appid of after the snapshot", err, sandbox.ErrNotFound)
		got, err = s.AppByAppID(ctxOf(t), "wxOwn")
		must(t, err)
		if got.Code != "B" {
			t.Errorf("AppByAppID gives App %s after Restore, want B", got.Code)
		}
	}},
	{"an error of UpdateApp's function is returned and changes nothing", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		_, err := s.UpdateApp(ctxOf(t), "A", func(a *sandbox.App) error {
			a.Name = "half done"
			spoil(a)
			return errStop
		})
		wantError(t, "UpdateApp", err, errStop)
		got, err := s.App(ctxOf(t), "A")
		must(t, err)
		same(t, "App", got, appNamed("A"))
	}},
	{"no update is lost", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		for _, err := range race(crowd, func(int) error {
			_, err := s.UpdateApp(ctxOf(t), "A", func(a *sandbox.App) error { a.ClockOffset += time.Second; return nil })
			return err
		}) {
			must(t, err)
		}
		got, err := s.App(ctxOf(t), "A")
		must(t, err)
		if want := appNamed("A").ClockOffset + crowd*time.Second; got.ClockOffset != want {
			t.Errorf("after %d updates the offset is %s, want %s", crowd, got.ClockOffset, want)
		}
	}},
	{"what is handed to CreateApp or UpdateApp, or given by UpdateApp, is not what is stored", func(t *testing.T, s sandbox.Store) {
		handed := appNamed("A")
		must(t, s.CreateApp(ctxOf(t), handed))
		read := func() (any, error) { return s.App(ctxOf(t), "A") }
		want := text(t, handed)
		spoil(&handed)
		still(t, "changing the App handed to CreateApp", read, want)
		var kept *sandbox.App
		updated, err := s.UpdateApp(ctxOf(t), "A", func(a *sandbox.App) error { kept = a; return nil })
		must(t, err)
		for what, a := range map[string]*sandbox.App{"UpdateApp": &updated, "UpdateApp's function": kept} {
			spoil(a)
			still(t, "changing the App of "+what, read, want)
		}
	}},
	{"an App read before a change stays as it was read", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		byCode, err := s.App(ctxOf(t), "A")
		must(t, err)
		byID, err := s.AppByAppID(ctxOf(t), "wxA")
		must(t, err)
		list, err := s.Apps(ctxOf(t), "", 1)
		must(t, err)
		_, err = s.UpdateApp(ctxOf(t), "A", func(a *sandbox.App) error { spoil(a); return nil })
		must(t, err)
		_, err = s.DrawNumber(ctxOf(t), "A")
		must(t, err)
		for what, got := range map[string]sandbox.App{"App": byCode, "AppByAppID": byID, "Apps": list[0]} {
			same(t, what, got, appNamed("A"))
		}
	}},
}

var drawClauses = []clause{
	{"numbers count from 1, for each App", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A", "B")
		for _, c := range []struct {
			app  sandbox.AppCode
			want uint64
		}{{"A", 1}, {"A", 2}, {"B", 1}, {"A", 3}} {
			got, err := s.DrawNumber(ctxOf(t), c.app)
			must(t, err)
			if got != c.want {
				t.Errorf("App %s drew %d, want %d", c.app, got, c.want)
			}
		}
		a, err := s.App(ctxOf(t), "A")
		must(t, err)
		if a.Drawn != 3 {
			t.Errorf("the App counts %d numbers drawn, want 3", a.Drawn)
		}
	}},
	{"an unknown App draws nothing", func(t *testing.T, s sandbox.Store) {
		_, err := s.DrawNumber(ctxOf(t), "A")
		wantError(t, "DrawNumber", err, sandbox.ErrNotFound)
	}},
	{"no number is drawn twice", func(t *testing.T, s sandbox.Store) {
		withApps(t, s, "A")
		const each = 20
		drawn := make([][]uint64, crowd)
		for _, err := range race(crowd, func(i int) error {
			for range each {
				n, err := s.DrawNumber(ctxOf(t), "A")
				if err != nil {
					return err
				}
				drawn[i] = append(drawn[i], n)
			}
			return nil
		}) {
			must(t, err)
		}
		all := slices.Concat(drawn...)
		slices.Sort(all)
		for i, n := range all {
			if n != uint64(i+1) {
				t.Fatalf("in order, place %d holds number %d, want %d", i, n, i+1)
			}
		}
	}},
}
