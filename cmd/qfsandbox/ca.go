package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/authority"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

var caCommand = command{
	name: "ca", does: "print the certificate of the sandbox's CA, never its key",
	about: " Who trusts it reaches QFPay's and WeChat's own host names at a sandbox started with -tls. -env prints what a shell evaluates to" +
		" run an integration unchanged; docs/tls.md has the languages that want something else.",
	examples: []string{"qfsandbox ca >ca.pem", "qfsandbox ca -file ca.pem", `eval "$(qfsandbox ca -file ca.pem -env)"`},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var r remote
		r.connection(f)
		dir := f.String("data-dir", "", "`directory` of serve's -data-dir, read without asking a sandbox")
		file := f.String("file", "", "`file` to write the certificate to, in place of standard output")
		env := f.Bool("env", false, "print export lines for a shell; wants -file or -data-dir")
		return func(ctx context.Context, in *invocation) error {
			if *env && *file == "" && *dir == "" {
				return usageError("-env wants -file FILE or -data-dir DIR: programs read the certificate from a file")
			}
			cert, proxy, err := r.authority(ctx, in, *dir)
			if err != nil {
				return err
			}
			written := filepath.Join(*dir, authority.CertFile)
			text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
			if *file != "" {
				written = *file
				if err := writeWhole(*file, "-file", text); err != nil {
					return err
				}
			}
			if *env {
				path, err := filepath.Abs(written)
				if err != nil {
					return err
				}
				for _, v := range unchangedEnv(proxy, path) {
					in.say("export %s=%s", v.name, quoted(v.value))
				}
			} else if *file == "" {
				in.wrote(in.stdout.Write(text))
			}
			return nil
		}
	},
}

// authority reads the certificate of a directory, or of a running sandbox and where that takes CONNECT.
func (r *remote) authority(ctx context.Context, in *invocation, dir string) (cert *x509.Certificate, proxy string, err error) {
	if dir != "" {
		cert, err = authority.Certificate(filepath.Join(dir, authority.CertFile))
		return cert, "", err
	}
	err = r.with(func(ctx context.Context, _ *invocation, c *control.Client) error {
		raw, err := c.CA(ctx)
		if err != nil {
			return err
		}
		about, err := c.About(ctx)
		if err != nil {
			return err
		}
		proxy = about.URL
		block, _ := pem.Decode(raw)
		if block == nil {
			return fmt.Errorf("the sandbox gave no certificate")
		}
		cert, err = x509.ParseCertificate(block.Bytes)
		return err
	})(ctx, in)
	return cert, proxy, err
}

// variable is one of a program's environment.
type variable struct{ name, value string }

// unchangedEnv makes programs in most languages ask the sandbox for the vendors' hosts, and trust it. Without a
// proxy only the latter.
func unchangedEnv(proxy, caFile string) (vars []variable) {
	if proxy != "" {
		vars = []variable{{"HTTPS_PROXY", proxy}, {"https_proxy", proxy}, {"NODE_USE_ENV_PROXY", "1"}}
	}
	for _, name := range []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"} {
		vars = append(vars, variable{name, caFile})
	}
	return vars
}

// quoted is one word for a shell.
func quoted(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
