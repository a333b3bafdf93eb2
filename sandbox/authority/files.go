package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The names of an authority's files in its directory.
const (
	CertFile = "ca.pem"
	KeyFile  = "ca-key.pem"
)

const (
	certBlock = "CERTIFICATE"
	keyBlock  = "PRIVATE KEY"
)

// mostFile bounds what is read of a file, in bytes.
const mostFile = 1 << 20

// Open gives the authority of a directory and makes both where there is none. Several processes may do so at
// once: one of them makes the key, and all get the same authority. Errors name the file.
func Open(dir string, hosts []string) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the directory of the CA: %w", err)
	}
	certPath, keyPath := filepath.Join(dir, CertFile), filepath.Join(dir, KeyFile)
	_, err := os.Stat(keyPath)
	if errors.Is(err, fs.ErrNotExist) {
		// Asked in this order: whoever makes an authority publishes its key first.
		if _, err := os.Stat(certPath); err == nil {
			if _, err := os.Stat(keyPath); errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("%s is there and its key %s is not; bring the key back, or remove the certificate to make a new CA", certPath, keyPath)
			}
		}
		if err := makeKey(keyPath); err != nil {
			return nil, fmt.Errorf("cannot keep the CA's key: %w", err)
		}
	}
	key, err := readKey(keyPath)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(certPath); errors.Is(err, fs.ErrNotExist) {
		der, err := certify(key, hosts, time.Now())
		if err != nil {
			return nil, fmt.Errorf("%s makes no CA: %w", keyPath, err)
		}
		if err := publish(certPath, pem.EncodeToMemory(&pem.Block{Type: certBlock, Bytes: der}), 0o644); err != nil {
			return nil, fmt.Errorf("cannot keep the CA's certificate: %w", err)
		}
	}
	return Load(certPath, keyPath, hosts)
}

// Load gives an authority from files, such as a team's own. Errors name the file and the reason.
func Load(certPath, keyPath string, hosts []string) (*Authority, error) {
	cert, err := Certificate(certPath)
	if err != nil {
		return nil, err
	}
	key, err := readKey(keyPath)
	if err != nil {
		return nil, err
	}
	if err := check(cert, time.Now()); err != nil {
		return nil, fmt.Errorf("%s %w", certPath, err)
	}
	if !fits(cert, key) {
		return nil, fmt.Errorf("the key in %s is not that of the certificate in %s", keyPath, certPath)
	}
	return with(cert, key, hosts)
}

// Certificate reads an authority's certificate without its key.
func Certificate(path string) (*x509.Certificate, error) {
	raw, err := read(path)
	if err != nil {
		return nil, err
	}
	block := blockOf(raw, func(kind string) bool { return kind == certBlock })
	if block == nil {
		return nil, fmt.Errorf("%s has no PEM block CERTIFICATE", path)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cert, nil
}

// OpenToOthers reports whether somebody else than its owner may read a key's file.
func OpenToOthers(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o077 != 0
}

func makeKey(path string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return publish(path, pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: der}), 0o600)
}

// publish puts a whole file in its place unless there is one, which then stays.
func publish(path string, content []byte, mode fs.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(content)
	if err := errors.Join(err, temp.Chmod(mode), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func readKey(path string) (crypto.Signer, error) {
	raw, err := read(path)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	block := blockOf(raw, func(kind string) bool { return kind != certBlock && kind != "EC PARAMETERS" })
	if block == nil {
		return nil, fmt.Errorf("%s has no PEM block of a key", path)
	}
	var key any
	switch block.Type {
	case keyBlock:
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		return nil, fmt.Errorf("%s has a PEM block %q, want a key without a passphrase: PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY", path, block.Type)
	}
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s holds no key this sandbox can read", path) // the cause could quote the key
	}
	return signer, nil
}

func blockOf(raw []byte, wanted func(kind string) bool) *pem.Block {
	for {
		block, rest := pem.Decode(raw)
		if block == nil || wanted(block.Type) {
			return block
		}
		raw = rest
	}
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(raw) > mostFile:
		return nil, fmt.Errorf("%s has more than %d bytes, which is no PEM file of one", path, mostFile)
	}
	return raw, nil
}
