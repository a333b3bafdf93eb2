package main

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
)

func TestHelpNamesEachFlagAndItsVariable(t *testing.T) {
	var out strings.Builder
	err := parse(flagsOf(new(settings)), []string{"-h"}, nil, &out)
	if !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h gives %v, want %v", err, flag.ErrHelp)
	}
	flagsOf(new(settings)).VisitAll(func(fl *flag.Flag) {
		variable := "QFSANDBOX_" + strings.ToUpper(strings.ReplaceAll(fl.Name, "-", "_"))
		for _, want := range []string{"  -" + fl.Name + " ", "      " + variable + "\n"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the help lacks %q", want)
			}
		}
	})
}

// parse is what serve does with its flags and the environment.
func parse(f *flag.FlagSet, args, environ []string, help io.Writer) error {
	if err := serveCommand.parse(f, args, &invocation{stdout: help}); err != nil {
		return err
	}
	return fill(f, environ)
}

func flagsOf(s *settings) *flag.FlagSet {
	f := flag.NewFlagSet("qfsandbox", flag.ContinueOnError)
	s.flags(f)
	return f
}

// Every flag can be set by its variable, and the flag wins.
func TestEachFlagHasItsVariable(t *testing.T) {
	flagsOf(new(settings)).VisitAll(func(fl *flag.Flag) {
		fromVariable, fromFlag := "of-the-variable", "of-the-flag"
		if isSwitch, ok := fl.Value.(interface{ IsBoolFlag() bool }); ok && isSwitch.IsBoolFlag() {
			fromVariable, fromFlag = "true", "false"
		}
		environ := []string{"HOME=/", envPrefix.Variable(fl.Name) + "=" + fromVariable}
		f := flagsOf(new(settings))
		if err := parse(f, nil, environ, nil); err != nil || f.Lookup(fl.Name).Value.String() != fromVariable {
			t.Errorf("%s: got %q and error %v, want %q", environ[1], f.Lookup(fl.Name).Value, err, fromVariable)
		}
		f = flagsOf(new(settings))
		if err := parse(f, []string{"-" + fl.Name + "=" + fromFlag}, environ, nil); err != nil || f.Lookup(fl.Name).Value.String() != fromFlag {
			t.Errorf("-%s beside its variable: got %q and error %v, want %q", fl.Name, f.Lookup(fl.Name).Value, err, fromFlag)
		}
	})
}

func TestVariablesThatAreNoFlags(t *testing.T) {
	for variable, ok := range map[string]bool{
		"QFSANDBOX_URL=http://x": true, "QFSANDBOX_CONTROL_URL=http://x": true, "QFSANDBOX_PORT=tcp://10.0.0.1:8080": true, "QFSANDBOX_SERVICE_HOST=10.0.0.1": true,
		"QFSANDBOX_PORT_8080_TCP_ADDR=10.0.0.1": true, "QFSANDBOX_ADRR=:8080": false, "QFSANDBOX_=x": false, "QFSANDBOX_H=1": false, "qfsandbox_adrr=x": true, "PETSHOP_ADDR=x": true,
	} {
		err := parse(flagsOf(new(settings)), nil, []string{variable}, nil)
		name, _, _ := strings.Cut(variable, "=")
		if (err == nil) != ok || err != nil && (!strings.Contains(err.Error(), name) || codeOf(err) != exitUsage) {
			t.Errorf("%s: got %v, want accepted %v, and a refusal that names it", variable, err, ok)
		}
	}
}

func TestPrefixes(t *testing.T) {
	got, err := prefixes(" 203.0.113.0/24, 2001:db8::1 ,198.51.100.7,")
	if err != nil || len(got) != 3 || got[0].String() != "203.0.113.0/24" || got[1].String() != "2001:db8::1/128" || got[2].String() != "198.51.100.7/32" {
		t.Errorf("got %v and error %v, want a prefix and two single addresses", got, err)
	}
	for _, bad := range []string{"shop.example", "203.0.113.0/33", "203.0.113.0/24 198.51.100.7"} {
		if _, err := prefixes(bad); err == nil || !strings.Contains(err.Error(), bad) || codeOf(err) != exitUsage {
			t.Errorf("%q: got %v, want a refusal that names it", bad, err)
		}
	}
}

func TestHealthcheckFindsTheSandbox(t *testing.T) {
	for _, c := range []struct{ environ, want string }{
		{"", "http://127.0.0.1:8080"}, {"QFSANDBOX_ADDR=:9090", "http://127.0.0.1:9090"}, {"QFSANDBOX_ADDR=0.0.0.0:9090", "http://127.0.0.1:9090"}, {"QFSANDBOX_ADDR=[::]:9090", "http://127.0.0.1:9090"},
		{"QFSANDBOX_ADDR=10.0.0.5:9090", "http://10.0.0.5:9090"}, {"QFSANDBOX_ADDR=[::1]:9090", "http://[::1]:9090"}, {"QFSANDBOX_ADDR=nonsense", "http://127.0.0.1:8080"},
		{"QFSANDBOX_URL=http://sandbox:8080 QFSANDBOX_ADDR=:9090", "http://sandbox:8080"}, {"QFSANDBOX_ADDR=:9090 QFSANDBOX_URL=", "http://127.0.0.1:9090"},
	} {
		if got := urlFrom(strings.Fields(c.environ)); got != c.want {
			t.Errorf("%q: got %s, want %s", c.environ, got, c.want)
		}
	}
}
