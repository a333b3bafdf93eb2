package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

func TestEffects(t *testing.T) {
	for s, want := range map[string]sandbox.Effect{
		"1143":                                {Respcd: "1143"},
		" 1143 , ":                            {Respcd: "1143"},
		"http=502":                            {Status: 502},
		"delay=2s":                            {Delay: 2 * time.Second},
		"delay=60s":                           {Delay: time.Minute},
		"cut=before":                          {Cut: sandbox.CutBefore},
		"cut=during,delay=5ms":                {Cut: sandbox.CutDuring, Delay: 5 * time.Millisecond},
		"cut=after":                           {Cut: sandbox.CutAfter},
		"cut=after after-work":                {Cut: sandbox.CutAfter, AfterWork: true},
		"cut-body":                            {Damage: sandbox.DamageCutBody},
		"malformed-json 1143":                 {Damage: sandbox.DamageMalformed, Respcd: "1143"},
		"wrong-content-type":                  {Damage: sandbox.DamageContentType},
		"slow-drip\thttp=503":                 {Damage: sandbox.DamageSlowDrip, Status: 503},
		"http=504,after-work":                 {Status: 504, AfterWork: true},
		"after-work,1298":                     {Respcd: "1298", AfterWork: true},
		"pay":                                 {Behaviour: sandbox.BehavePay},
		"cancel,delay=1s,http=504,after-work": {Behaviour: sandbox.BehaveCancel, Delay: time.Second, Status: 504, AfterWork: true},
	} {
		got, err := sandbox.ParseEffect(s)
		if err != nil || got != want {
			t.Errorf("%q gives %+v and error %v, want %+v", s, got, err, want)
		}
		if again, err := sandbox.ParseEffect(got.String()); err != nil || again != got {
			t.Errorf("%q is written %q, which gives %+v and error %v", s, got, again, err)
		}
	}
	for s, want := range map[string]string{
		"":                                 "it is empty, want one or more of: a published respcd but 0000",
		", ,":                              "it is empty",
		"boom":                             `"boom" is none of: a published respcd but 0000, http=400 to http=599`,
		"steal":                            "manual, pay, cancel, insufficient-balance",
		"0000":                             "0000 is what the work answers",
		"9999":                             `respcd "9999" was never published`,
		"114":                              `"114" is none of`,
		"http=200":                         "http=200 is no failure, want http=400 to http=599",
		"http=600":                         "http=600 is no failure",
		"http=0502":                        `"http=0502" has no HTTP status`,
		"http":                             `"http" has no HTTP status`,
		"http=-502":                        "http=-502 is no failure",
		"delay=61s":                        "delay=1m1s is out of bounds, want up to 1m0s",
		"delay=0s":                         `"delay=0s" has no time`,
		"delay=-1s":                        `"delay=-1s" has no time`,
		"delay=2":                          `"delay=2" has no time, want delay= up to 60s such as delay=2s`,
		"cut":                              `"cut" says no place`,
		"cut=later":                        "cut=later is no place, want cut=before, cut=during or cut=after",
		"1143 1145":                        `"1145" comes on top of another word of its kind`,
		"cut-body slow-drip":               `"slow-drip" comes on top`,
		"after-work after-work":            `"after-work" comes on top`,
		"1143,http=502":                    "1143 and http=502 are two answers, want one",
		"cut=after,1143":                   "cut=after leaves no answer",
		"cut=during,cut-body":              "cut=during leaves no answer",
		"http=502,malformed-json":          "http=502 answers a page, which malformed-json cannot spoil",
		"after-work":                       "after-work loses the work's answer, so it needs another one",
		"after-work,delay=2s":              "after-work loses the work's answer",
		"after-work,cut=before":            "after-work loses the work's answer",
		"pay,1143":                         "pay is for an order, but no work is done before that answer; add after-work or leave one out",
		"pay,cut=before":                   "pay is for an order, but no work is done",
		"damage":                           `"damage" is none of`,
		"http=1" + strings.Repeat("0", 30): "has no HTTP status",
	} {
		if got, err := sandbox.ParseEffect(s); err == nil || got != (sandbox.Effect{}) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %+v and error %v, want nothing and an error that says %q", s, got, err, want)
		}
	}
}

func TestEffectsOfTheirOwn(t *testing.T) {
	for s, works := range map[string]bool{
		"1143": false, "http=502": false, "cut=before": false, "cut=during": false, "1143,after-work": true, "http=502,after-work": true,
		"cut=after": true, "delay=1s": true, "cut-body": true, "malformed-json": true, "pay": true, "malformed-json,1143": false,
	} {
		if e, err := sandbox.ParseEffect(s); err != nil || e.Works() != works {
			t.Errorf("%s does the work: %t (error %v), want %t", s, e.Works(), err, works)
		}
	}
}

func FuzzParseEffect(f *testing.F) {
	for _, seed := range []string{"", "1143", "http=504,after-work", "delay=2s cut-body", "cut=during", "pay,delay=1h1ms", "http=999999999999", ",,,,", "delay=\xff", "after-work\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := sandbox.ParseEffect(s)
		if err != nil {
			if e != (sandbox.Effect{}) {
				t.Errorf("%q gives %+v beside error %v, want nothing", s, e, err)
			}
			return
		}
		if again, err := sandbox.ParseEffect(e.String()); err != nil || again != e {
			t.Errorf("%q is written %q, which gives %+v and error %v", s, e, again, err)
		}
		if e.Delay > sandbox.MaxDelay || e.Status != 0 && (e.Status < 400 || e.Status > 599) {
			t.Errorf("%q gives %+v, which is out of bounds", s, e)
		}
	})
}
