// Package seed reads what a sandbox starts with, its Apps and payers, from YAML. It is strict: what
// is not understood is refused with its line, key and value, and with what is allowed.
package seed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// Seed is what a sandbox starts with, as its own Gateway takes it.
type Seed struct {
	Apps   []sandbox.App
	Payers []sandbox.Payer
}

// ErrSeed marks a seed that cannot be used; the text says what is wrong where, a mistake a line.
var ErrSeed = errors.New("seed cannot be used")

// maxSeed bounds a seed's size, in bytes.
const maxSeed = 1 << 20

// Load reads a seed from a file. Errors: ErrSeed.
func Load(path string) (Seed, error) {
	f, err := os.Open(path)
	if err != nil {
		return Seed{}, refused("%w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return Seed{}, refused("%w", err)
	} else if info.IsDir() {
		return Seed{}, refused("%s is a directory, want a YAML file", path)
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxSeed+1))
	if err != nil {
		return Seed{}, refused("%w", err)
	}
	return Parse(path, raw)
}

// Parse reads a seed; errors call it by this name. Errors: ErrSeed.
func Parse(name string, raw []byte) (Seed, error) {
	switch {
	case len(raw) > maxSeed:
		return Seed{}, refused("%s has more than %d bytes", name, maxSeed)
	case !utf8.Valid(raw):
		return Seed{}, refused("%s is not UTF-8 text", name)
	case len(bytes.TrimSpace(raw)) == 0:
		return Seed{}, refused("%s is empty, want apps: or payers:", name)
	}
	var doc yaml.Node
	if err := yaml.Load(raw, &doc); err != nil {
		return Seed{}, notYAML(name, err)
	}
	r := &reader{name: name}
	s := r.seed(doc.Content[0])
	return s, r.err()
}

func refused(format string, args ...any) error {
	return &failure{fmt.Errorf(format, args...)}
}

// failure is an ErrSeed whose text is its cause's alone.
type failure struct{ cause error }

func (f *failure) Error() string   { return f.cause.Error() }
func (f *failure) Unwrap() []error { return []error{ErrSeed, f.cause} }

func notYAML(name string, err error) error {
	var at *yaml.LoadError
	if errors.As(err, &at) && at.Mark.Line > 0 {
		return refused("%s:%d: not YAML: %s", name, at.Mark.Line, at.Message)
	}
	if errors.As(err, &at) {
		return refused("%s: not YAML: %s", name, at.Message)
	}
	return refused("%s: not YAML: %w", name, err)
}

// seed reads the whole document.
func (r *reader) seed(n *yaml.Node) Seed {
	var s Seed
	r.mapping(n, "the seed", []key{
		{"apps", func(n *yaml.Node) { s.Apps = r.apps(n) }},
		{"payers", func(n *yaml.Node) { s.Payers = r.payers(n) }},
	})
	return s
}

// Merge adds the Apps and payers of another seed, whose name errors call it by. What is in both is
// a mistake. Errors: ErrSeed.
func (s Seed) Merge(other Seed, name string) (Seed, error) {
	for _, a := range other.Apps {
		if a.Code != "" && s.HasApp(a.Code) {
			return s, refused("%s: app_code %s was given before, want each once", name, a.Code)
		}
	}
	for _, p := range other.Payers {
		for _, q := range s.Payers {
			if p.ID == q.ID {
				return s, refused("%s: payer %s was given before, want each once", name, p.ID)
			}
		}
	}
	return Seed{append(s.Apps[:len(s.Apps):len(s.Apps)], other.Apps...), append(s.Payers[:len(s.Payers):len(s.Payers)], other.Payers...)}, nil
}

// HasApp reports whether the seed brings an App with this code.
func (s Seed) HasApp(code sandbox.AppCode) bool {
	for _, a := range s.Apps {
		if a.Code == code {
			return true
		}
	}
	return false
}
