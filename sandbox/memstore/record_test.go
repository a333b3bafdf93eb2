package memstore

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// fillRandomly gives a value and all it holds something random, or with sparse often nothing.
func fillRandomly(t *testing.T, r *rand.Rand, v reflect.Value, sparse bool) {
	t.Helper()
	if sparse && r.IntN(2) == 0 {
		v.SetZero()
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		zone := time.FixedZone("", r.IntN(24*3600)-12*3600)
		v.Set(reflect.ValueOf(time.Unix(r.Int64N(1<<33)-1<<32, r.Int64N(1_000_000_000)).In(zone)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		raw := make([]byte, 1+r.IntN(300))
		for i := range raw {
			raw[i] = byte(r.Uint32())
		}
		v.SetString(string(raw))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> r.IntN(64))
		if v.IsZero() {
			v.SetInt(-1)
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillRandomly(t, r, v.Elem(), sparse)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1+r.IntN(3), 4))
		for i := range v.Len() {
			fillRandomly(t, r, v.Index(i), sparse)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fillRandomly(t, r, v.Field(i), sparse)
			}
		}
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(1 + r.Uint64N(255))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(4) {
			name, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fillRandomly(t, r, name, false)
			fillRandomly(t, r, value, sparse)
			v.SetMapIndex(name, value)
		}
	default:
		t.Fatalf("a %s cannot be filled: teach this test, and pack, about it", v.Type())
	}
}

// sameFields compares two structs field by field, times by instant.
func sameFields(t *testing.T, path string, got, want reflect.Value) {
	t.Helper()
	if at, ok := want.Interface().(time.Time); ok {
		if g := got.Interface().(time.Time); !g.Equal(at) || g.IsZero() != at.IsZero() {
			t.Errorf("%s is %s, want %s", path, g, at)
		}
		return
	}
	if want.Kind() == reflect.Struct {
		for i := range want.NumField() {
			if !want.Type().Field(i).IsExported() {
				continue
			}
			sameFields(t, path+"."+want.Type().Field(i).Name, got.Field(i), want.Field(i))
		}
		return
	}
	if !reflect.DeepEqual(got.Interface(), want.Interface()) {
		t.Errorf("%s is %#v, want %#v", path, got, want)
	}
}

func TestPackingLosesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 2_000 {
		var want sandbox.Transaction
		fillRandomly(t, r, reflect.ValueOf(&want).Elem(), i%2 == 1) // every other time all fields are set
		packed := string(pack([]byte("before"), &want))
		got := unpack(want.App, packed[len("before"):])
		sameFields(t, "Transaction", reflect.ValueOf(got), reflect.ValueOf(want))
		if again := string(pack(nil, &got)); again != packed[len("before"):] {
			t.Errorf("packed again it is %q, want %q", again, packed[len("before"):])
		}
		if t.Failed() {
			t.Log("each field of Transaction has a line in packing.transaction, record.go")
			return
		}
	}
}

func TestPackingNothing(t *testing.T) {
	got := unpack("", string(pack(nil, &sandbox.Transaction{})))
	sameFields(t, "Transaction", reflect.ValueOf(got), reflect.ValueOf(sandbox.Transaction{}))
}
