package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/authority"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// defaultTLSAddr is where the vendors' hosts are served over https unless -tls-addr says otherwise.
const defaultTLSAddr = "127.0.0.1:8443"

// tlsSettings are the flags of serve about https under the vendors' own names.
type tlsSettings struct {
	on                                 bool
	addr, dir, certFile, keyFile, give string
}

func (s *tlsSettings) flags(f *flag.FlagSet) {
	f.BoolVar(&s.on, "tls", false, "serve the vendors' own host names over https, and take CONNECT for them on -addr (docs/tls.md)")
	f.StringVar(&s.addr, "tls-addr", "", "`address` of https under the vendors' names, with -tls (default "+defaultTLSAddr+")")
	f.StringVar(&s.dir, "data-dir", "", "`directory` that keeps the CA of -tls for the next run: ca.pem and ca-key.pem (default: a CA for this run only)")
	f.StringVar(&s.certFile, "ca-cert", "", "`file` with the certificate of your own CA for -tls; needs -ca-key")
	f.StringVar(&s.keyFile, "ca-key", "", "`file` with the key of -ca-cert")
	f.StringVar(&s.give, "ca-file", "", "`file` to write the CA's certificate to, never its key, once listening")
}

// config checks what was said and reads or makes the authority. Warnings go to the writer.
func (s *tlsSettings) config(warn io.Writer) (server.TLS, error) {
	if !s.on {
		for _, given := range []struct{ flag, value string }{
			{"-tls-addr", s.addr}, {"-data-dir", s.dir}, {"-ca-cert", s.certFile}, {"-ca-key", s.keyFile}, {"-ca-file", s.give},
		} {
			if given.value != "" {
				return server.TLS{}, usageError("%s is %q and -tls is not set; add -tls, or leave %s out", given.flag, given.value, given.flag)
			}
		}
		return server.TLS{}, nil
	}
	c := server.TLS{Addr: firstNonEmpty(s.addr, defaultTLSAddr)}
	keyFile := s.keyFile
	var err error
	switch {
	case s.certFile != "" && s.keyFile == "":
		return c, usageError("-ca-cert is %q and -ca-key is not set; the CA signs with its key", s.certFile)
	case s.keyFile != "" && s.certFile == "":
		return c, usageError("-ca-key is %q and -ca-cert is not set; clients trust the certificate", s.keyFile)
	case s.certFile != "" && s.dir != "":
		return c, usageError("-ca-cert and -data-dir both name a CA; leave one of them out")
	case s.certFile != "":
		if c.CA, err = authority.Load(s.certFile, s.keyFile, server.VendorHosts()); err != nil {
			return c, usageError("the CA of -ca-cert and -ca-key: %w", err)
		}
	case s.dir != "":
		keyFile = filepath.Join(s.dir, authority.KeyFile)
		if c.CA, err = authority.Open(s.dir, server.VendorHosts()); err != nil {
			return c, usageError("-data-dir: %w", err)
		}
	}
	if keyFile != "" && authority.OpenToOthers(keyFile) {
		fmt.Fprintf(warn, "qfsandbox: the CA's key %s can be read by other users of this machine; chmod 600 it\n", keyFile)
	}
	return c, nil
}

// certificate is the file with the CA's certificate, "" where none is known.
func (s *tlsSettings) certificate() string {
	file := firstNonEmpty(s.give, s.certFile)
	if file == "" && s.dir != "" {
		file = filepath.Join(s.dir, authority.CertFile)
	}
	if whole, err := filepath.Abs(file); err == nil && file != "" {
		return whole
	}
	return file
}

// writeWhole puts a file in its place whole, so that whoever waits for it never reads half.
func writeWhole(path, flagName string, content []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".qfsandbox-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", flagName, err)
	}
	_, err = temp.Write(content)
	err = errors.Join(err, temp.Chmod(0o644), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		os.Remove(temp.Name())
		return fmt.Errorf("cannot write %s: %w", flagName, err)
	}
	return nil
}
