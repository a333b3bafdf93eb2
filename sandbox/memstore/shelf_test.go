package memstore

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func packsAll[V any](t *testing.T, how *packed[V]) {
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 500 {
		var want V
		fillRandomly(t, r, reflect.ValueOf(&want).Elem(), i%2 == 1)
		*how.owner(&want) = "APP"
		s := newShelf("APP", maphash.MakeSeed(), how)
		s.put(want)
		got, ok := s.get(how.words(&want))
		if !ok {
			t.Fatalf("%+v is not found", want)
		}
		sameFields(t, fmt.Sprintf("%T", want), reflect.ValueOf(got), reflect.ValueOf(want))
	}
}

func TestShelvesLoseNothing(t *testing.T) {
	t.Run("OAuth codes", func(t *testing.T) { packsAll(t, &oauthCodes) })
	t.Run("auth codes", func(t *testing.T) { packsAll(t, &authCodes) })
	t.Run("grants", func(t *testing.T) { packsAll(t, &grants) })
}

// A shelf does what a map and a list of its keys do, also when many words have one hash.
func TestShelfIsAMapInOrder(t *testing.T) {
	for name, blunt := range map[string]uint64{"sharp": 0, "blunt": ^uint64(7)} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 8))
			s := newShelf("APP", maphash.MakeSeed(), &oauthCodes)
			s.blunt = blunt
			model, order := map[string]sandbox.OAuthCode{}, []string{}
			forget := func(word string) {
				delete(model, word)
				for i := range order {
					if order[i] == word {
						order = append(order[:i:i], order[i+1:]...)
						return
					}
				}
			}
			for step := range 5_000 {
				word := fmt.Sprint("code", r.IntN(60))
				switch r.IntN(5) {
				case 0:
					s.remove(word)
					forget(word)
				case 1:
					if n := r.IntN(3); n <= len(order) {
						s.dropOldest(func(sandbox.OAuthCode) bool { return true }, n)
						for range n {
							forget(order[0])
						}
					}
				default:
					c := sandbox.OAuthCode{Code: word, App: "APP", Payer: sandbox.PayerID(make([]byte, r.IntN(40))), IssuedAt: time.Unix(int64(step), 0).UTC()}
					s.put(c)
					if _, ok := model[word]; !ok {
						order = append(order, word)
					}
					model[word] = c
				}
				if s.len() != len(model) {
					t.Fatalf("step %d: it holds %d, want %d", step, s.len(), len(model))
				}
				if got, ok := s.get(word); ok != (model[word] != sandbox.OAuthCode{}) || got != model[word] {
					t.Fatalf("step %d: %s is %+v, %t, want %+v", step, word, got, ok, model[word])
				}
			}
			for i, got := range s.all() {
				if got != model[order[i]] {
					t.Errorf("place %d holds %+v, want %+v", i, got, model[order[i]])
				}
			}
			if most := len(s.records.places); most > 60 {
				t.Errorf("it used %d records for at most 60 values", most)
			}
		})
	}
}

func TestShelfStopsAtTheFirstThatMayNotGo(t *testing.T) {
	s := newShelf("APP", maphash.MakeSeed(), &grants)
	for _, id := range []sandbox.OpenID{"a", "b", "c", "d"} {
		s.put(sandbox.Grant{App: "APP", OpenID: id})
	}
	s.dropOldest(func(g sandbox.Grant) bool { return g.OpenID < "c" }, 10)
	if all := s.all(); len(all) != 2 || all[0].OpenID != "c" {
		t.Errorf("it holds %+v, want c and d", all)
	}
}
