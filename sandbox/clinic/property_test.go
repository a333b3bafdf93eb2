package clinic_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

var (
	someNames  = []string{"out_trade_no", "txcurrcd", "pay_type", "sub_openid", "goods_name", "notify_url", "return_url", "udid", "mchid", "goods_info", "Zeta", "a", "a1", "A_b", "ab", "txamt2", "x_y", "note"}
	someValues = []func(*rand.Rand) string{
		func(r *rand.Rand) string { return word(r, 1+r.IntN(12)) },
		func(r *rand.Rand) string { return word(r, 4) + " " + word(r, 3) },
		func(r *rand.Rand) string { return word(r, 3) + "+" + word(r, 3) },
		func(r *rand.Rand) string { return word(r, 2) + "&" + word(r, 2) + "=" + word(r, 2) },
		func(r *rand.Rand) string { return word(r, 2) + "%" + word(r, 3) },
		func(r *rand.Rand) string { return "測試咖啡"[:3*(1+r.IntN(4))] + word(r, 2) },
		func(r *rand.Rand) string { return "https://shop.test/notify?id=" + word(r, 4) + "&x=1" },
		func(*rand.Rand) string { return "" },
		func(*rand.Rand) string { return "0" },
		func(r *rand.Rand) string { return fmt.Sprint(1 + r.IntN(1000000)) },
		func(r *rand.Rand) string { return word(r, 3) + " " },
		func(r *rand.Rand) string { return `{"b": "` + word(r, 3) + `", "a":1}` },
		func(r *rand.Rand) string { return word(r, 2) + "\r\n" + word(r, 3) },
		func(r *rand.Rand) string { return "<b>" + word(r, 2) + `"'` },
		func(*rand.Rand) string { return "true" },
	}
)

func word(r *rand.Rand, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

// anyRequest gives a payment as somebody may send it.
func anyRequest(r *rand.Rand) sent {
	s := sent{key: word(r, 32), old: word(r, 32), appCode: word(r, 32), sha: r.IntN(4) == 0}
	for range 1 + r.IntN(4) {
		s.others = append(s.others, word(r, 32))
	}
	s.pairs = []pair{{"txamt", fmt.Sprint(100 + r.IntN(100000))}, {"txdtm", fmt.Sprintf("2026-%02d-%02d %02d:%02d:%02d", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60))}}
	for _, i := range r.Perm(len(someNames))[:2+r.IntN(6)] {
		s.pairs = append(s.pairs, pair{someNames[i], someValues[r.IntN(len(someValues))](r)})
	}
	r.Shuffle(len(s.pairs), func(i, j int) { s.pairs[i], s.pairs[j] = s.pairs[j], s.pairs[i] })
	if r.IntN(3) == 0 {
		s.inQuery = r.IntN(len(s.pairs) + 1)
	}
	return s
}

// asCase is the request on the wire.
func (s sent) asCase(sign string) clinic.Case {
	var query, body []string
	for i, p := range s.pairs {
		text := url.QueryEscape(p.n) + "=" + url.QueryEscape(p.v)
		if i < s.inQuery {
			query = append(query, text)
		} else {
			body = append(body, text)
		}
	}
	c := clinic.Case{
		App: sandbox.App{Code: sandbox.AppCode(s.appCode), ClientKey: s.key, PreviousKey: s.old}, Sign: sign,
		Params: qfpay.ParseParams(strings.Join(append(slices.Clone(query), body...), "&")),
		Method: http.MethodPost, URL: &url.URL{Path: "/trade/v1/payment", RawQuery: strings.Join(query, "&")}, Header: http.Header{}, Body: []byte(strings.Join(body, "&")),
	}
	if s.sha {
		c.SignType = qfpay.SHA256
	}
	for i, key := range s.others {
		c.Others = append(c.Others, sandbox.App{Code: sandbox.AppCode(fmt.Sprintf("OTHER%d", i)), ClientKey: key})
	}
	return c
}

func (s sent) base() []pair { return byNames(withoutEmpty(s.pairs)) }

// accepted: QFPay would take it.
func (s sent) accepted(sign string) bool {
	return strings.EqualFold(sign, plainDigest(s, together(s.base(), "=", "&")+s.key)) || strings.EqualFold(sign, plainDigest(s, together(byNames(s.pairs), "=", "&")+s.key))
}

// changesValues: it writes values otherwise. Who does is seldom also one who joins otherwise.
func (w wrong) changesValues() bool {
	return slices.Contains([]string{clinic.Encoded, clinic.NumberFormat, clinic.TimestampDiffers, clinic.ValuesTrimmed, clinic.JSONValue}, w.id)
}

func named(id string) (wrong, bool) {
	for _, w := range mistakes {
		if w.id == id {
			return w, true
		}
	}
	return wrong{}, false
}

func idsOf(d clinic.Diagnosis) (ids []string) {
	for _, m := range d.Mistakes {
		if !slices.Contains(ids, m.ID) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// gives reports whether these mistakes, made by the code of this test, give a signature.
func gives(s sent, ids []string, sign string) bool {
	var made []wrong
	for _, id := range ids {
		w, known := named(id)
		if !known {
			return false
		}
		made = append(made, w)
	}
	return slices.Contains(signatures(s, s.base(), made, false), sign) || slices.Contains(signatures(s, byNames(s.pairs), made, false), sign)
}

const (
	requests     = 25
	pairRequests = 3
)

// Each mistake, made on random requests by code that is not the clinic's, gets its own name, or one
// that gives the same signature for this request and is in the table of those.
func TestEachMistakeGetsItsName(t *testing.T) {
	stands := map[string]bool{}
	for _, row := range clinic.StandIns() {
		for _, id := range row.For {
			stands[row.Given+" for "+id] = true
		}
	}
	seen := map[string]bool{}
	for _, w := range mistakes {
		r := rand.New(rand.NewPCG(7, uint64(len(w.id))))
		signed, exact, equal, right, wrongs := 0, 0, 0, 0, 0
		for range requests {
			s := anyRequest(r)
			all := signatures(s, s.base(), []wrong{w}, false)
			if len(all) > 12 { // all of the first request, some of the others
				r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				if signed > 0 {
					all = all[:12]
				}
			}
			for _, sign := range all {
				if s.accepted(sign) {
					right++
					continue
				}
				if r.IntN(2) == 0 && len(sign)%32 == 0 && isHex(sign) && w.id != clinic.IsTheKey && w.id != clinic.IsAppCode {
					sign = strings.ToUpper(sign)
				}
				signed++
				d := clinic.Diagnose(s.asCase(sign))
				ids := idsOf(d)
				if slices.Equal(ids, []string{w.id}) {
					exact++
					continue
				}
				if len(ids) == 1 && (gives(s, ids, sign) || gives(s, ids, strings.ToLower(sign))) {
					equal++
					seen[ids[0]+" for "+w.id] = true
					if stand := ids[0] + " for " + w.id; !stands[stand] {
						stands[stand] = true
						t.Errorf("%s, which the table does not say: %+v\n%+v", stand, d.Mistakes, s.pairs)
					}
					continue
				}
				if wrongs++; wrongs < 4 {
					t.Errorf("%s got %v, want it or an equal\nsigned %q over one of %q\nrequest %+v\n%+v", w.id, ids, sign, all, s, d.Mistakes)
				}
			}
		}
		t.Logf("%-32s %4d signatures of %d requests: %4d by name, %3d by an equal, %3d right all the same", w.id, signed, requests, exact, equal, right)
		if exact == 0 {
			t.Errorf("%s was never named", w.id)
		}
	}
	for pair := range stands {
		if !seen[pair] {
			t.Logf("not seen here: %s", pair)
		}
	}
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}

// Two mistakes of different kinds get both their names, or some that give the same signature.
func TestTwoMistakesGetBothNames(t *testing.T) {
	signed, exact, equal, failed := 0, 0, 0, map[string]int{}
	for i, a := range mistakes {
		for j, b := range mistakes[:i] {
			if a.often == 0 || b.often == 0 || a.step() == b.step() || a.changesValues() && b.step() == 1 || b.changesValues() && a.step() == 1 {
				continue
			}
			r := rand.New(rand.NewPCG(uint64(i), uint64(j)))
			for range pairRequests {
				s := anyRequest(r)
				all := signatures(s, s.base(), []wrong{a, b}, true)
				if len(all) == 0 {
					continue
				}
				sign := all[r.IntN(len(all))]
				if s.accepted(sign) {
					continue
				}
				signed++
				d := clinic.Diagnose(s.asCase(sign))
				ids := idsOf(d)
				want := []string{a.id, b.id}
				slices.Sort(want)
				got := slices.Sorted(slices.Values(ids))
				switch {
				case slices.Equal(want, got):
					exact++
				case len(ids) > 0 && gives(s, ids, sign):
					equal++
				default:
					if failed[a.id+b.id]++; failed[a.id+b.id] < 2 {
						t.Errorf("%s and %s got %v, want both or equals\nsigned %q\nrequest %+v\n%+v", a.id, b.id, ids, sign, s, d.Mistakes)
					}
				}
			}
		}
	}
	t.Logf("%d signatures with two mistakes: %d by both names, %d by equals", signed, exact, equal)
}

// A signature made with a key nobody has gets no name.
func TestNoNameForAKeyNobodyHas(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tried := 0
	for _, w := range mistakes {
		if w.step() == 2 || w.id == clinic.FromDocument || w.id == clinic.NotHashed || w.id == clinic.IsTheKey || w.id == clinic.IsAppCode {
			continue
		}
		for range 10 {
			s := anyRequest(r)
			stranger := s
			stranger.key = word(r, 32)
			all := signatures(stranger, stranger.base(), []wrong{w}, false)
			if len(all) == 0 {
				continue
			}
			sign := all[r.IntN(len(all))]
			tried++
			if d := clinic.Diagnose(s.asCase(sign)); !d.Unrecognised || len(d.Mistakes) != 0 {
				if w.id == clinic.KeySorted || w.id == clinic.HMAC {
					t.Logf("%+v", s)
				}
				t.Errorf("%s with a key nobody has got %+v", w.id, d.Mistakes)
			}
		}
	}
	t.Logf("%d signatures with unknown keys: no name", tried)
}
