package main

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/fixtures/petshop"
)

// A compose file passes on variables that nobody has set.
func TestEmptyVariablesAreNone(t *testing.T) {
	var empty []string
	for _, name := range ownFlags {
		empty = append(empty, envOf(name)+"=")
	}
	s, err := readSettings(nil, empty)
	if err != nil || s.own != (ownAccount{raise: petshop.RaiseBridge}) {
		t.Errorf("got %+v, %v, want a method 2 shop", s.own, err)
	}
}

func TestFlagAndVariableMakeAPair(t *testing.T) {
	s, err := readSettings([]string{"-appid", "wx5a1d0b0c0e0f0011", "-raise", "jssdk"},
		[]string{"PETSHOP_APP_SECRET=5ec0e7", "PETSHOP_RAISE=bridge", "PETSHOP_WEIXIN_API=https://api.weixin.qq.com"})
	if err != nil {
		t.Fatal(err)
	}
	if s.own.appID != "wx5a1d0b0c0e0f0011" || s.own.secret != "5ec0e7" || s.own.raise != petshop.RaiseJSSDK ||
		s.own.api.String() != "https://api.weixin.qq.com" || s.own.open != nil {
		t.Errorf("got %+v", s.own)
	}
}
