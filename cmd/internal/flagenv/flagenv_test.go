package flagenv_test

import (
	"bytes"
	"flag"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/cmd/internal/flagenv"
)

const prefix = flagenv.Prefix("SHOP_")

func TestFill(t *testing.T) {
	for _, c := range []struct {
		name, environ, want, says string
		args                      []string
	}{
		{"nothing", "", ":80 1", "", nil},
		{"a variable", "SHOP_LISTEN_ADDR=:90", ":90 1", "", nil},
		{"a flag wins", "SHOP_LISTEN_ADDR=:90", ":70 1", "", []string{"-listen-addr", ":70"}},
		{"an empty variable is a value", "SHOP_LISTEN_ADDR=", " 1", "", nil},
		{"somebody else's", "WORKSHOP_COLOUR=red PATH=/bin", ":80 1", "", nil},
		{"one of the others", "SHOP_URL=x", ":80 1", "", nil},
		{"Kubernetes'", "SHOP_SERVICE_HOST=h SHOP_SERVICE_PORT_HTTP=1 SHOP_PORT=tcp://h:1 SHOP_PORT_80_TCP_ADDR=h", ":80 1", "", nil},
		{"unknown", "SHOP_COLOUR=red", "", "SHOP_COLOUR belongs to no flag", nil},
		{"wrong value", "SHOP_TIMES=many", "", `SHOP_TIMES is "many"`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := flag.NewFlagSet("shop", flag.ContinueOnError)
			addr, times := f.String("listen-addr", ":80", ""), f.Int("times", 1, "")
			if err := f.Parse(c.args); err != nil {
				t.Fatal(err)
			}
			err := prefix.Fill(f, strings.Fields(c.environ), "URL")
			if c.says != "" {
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("got %v, want an error that says %q", err, c.says)
				}
				return
			}
			if got := *addr + " " + f.Lookup("times").Value.String(); err != nil || got != c.want || *times != 1 {
				t.Errorf("got %q and %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	f := flag.NewFlagSet("shop", flag.ContinueOnError)
	f.String("listen-addr", ":80", "`address` to listen on")
	f.Bool("loud", false, "say more")
	var out bytes.Buffer
	prefix.Describe(f, &out)
	const want = `Flags of shop, each with its environment variable:

  -listen-addr address
      address to listen on (default :80)
      SHOP_LISTEN_ADDR
  -loud 
      say more
      SHOP_LOUD
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
