package seed

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// reader walks a document and collects its mistakes.
type reader struct {
	name     string
	mistakes []mistake
	nodes    int
}

type mistake struct {
	line int
	text string
}

// mostMistakes is how many are told at once, enoughMistakes how many end the reading; mostNodes
// bounds what aliases can blow a document up to.
const (
	mostMistakes   = 10
	enoughMistakes = 1000
	mostNodes      = 200_000
)

func (r *reader) wrong(n *yaml.Node, format string, args ...any) {
	r.mistakes = append(r.mistakes, mistake{n.Line, fmt.Sprintf(format, args...)})
}

// refuse records what the rules say against a value.
func (r *reader) refuse(n *yaml.Node, err error) {
	r.wrong(n, "%s", strings.TrimPrefix(err.Error(), sandbox.ErrInvalid.Error()+": "))
}

func (r *reader) err() error {
	if r.nodes > mostNodes {
		return refused("%s has more than %d values, aliases included", r.name, mostNodes)
	}
	if len(r.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(r.mistakes, func(a, b mistake) int { return a.line - b.line })
	var lines []string
	for _, m := range r.mistakes[:min(len(r.mistakes), mostMistakes)] {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", r.name, m.line, m.text))
	}
	switch more := len(r.mistakes) - mostMistakes; {
	case len(r.mistakes) >= enoughMistakes:
		lines = append(lines, fmt.Sprintf("and at least %d more", enoughMistakes-mostMistakes))
	case more > 0:
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return &failure{errors.New(strings.Join(lines, "\n"))}
}

// key is a key a mapping may have, and what reads its value.
type key struct {
	name string
	read func(*yaml.Node)
}

// resolve follows an alias to what it stands for. False: the document, or what is wrong with it, is too much.
func (r *reader) resolve(n *yaml.Node) (*yaml.Node, bool) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	r.nodes++
	return n, r.nodes <= mostNodes && len(r.mistakes) < enoughMistakes
}

// mapping hands each key's value to its reader, once.
func (r *reader) mapping(n *yaml.Node, what string, keys []key) {
	n, ok := r.resolve(n)
	if !ok {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "%s is %s, want keys and values: %s", what, described(n), namesOf(keys))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(keys, func(k key) bool { return name.Kind == yaml.ScalarNode && k.name == name.Value })
		if at < 0 {
			hint := sandbox.Guess(name.Value, namesOf(keys))
			if n.Style&yaml.FlowStyle != 0 && i > 0 && value.Kind == yaml.ScalarNode && value.Value == "" {
				hint = "; a value with a comma needs quotes here"
			}
			r.wrong(name, "%s has no key %s, want one of %s%s", what, described(name), namesOf(keys), hint)
			continue
		}
		if line, twice := seen[name.Value]; twice {
			r.wrong(name, "%s has the key %s twice, first in line %d", what, name.Value, line)
			continue
		}
		seen[name.Value] = name.Line
		if value.Kind == yaml.ScalarNode && value.ShortTag() == "!!null" {
			r.wrong(name, "%s is empty; give it a value or leave it out", name.Value)
			continue
		}
		keys[at].read(value)
	}
}

// list hands each item to read.
func (r *reader) list(n *yaml.Node, what string, read func(*yaml.Node)) {
	n, ok := r.resolve(n)
	switch {
	case !ok:
	case n.Kind != yaml.SequenceNode:
		r.wrong(n, "%s is %s, want a list", what, described(n))
	default:
		for _, item := range n.Content {
			read(item)
		}
	}
}

// text gives what stands in the document, whatever YAML takes it for: 800207 and yes are texts too.
func (r *reader) text(n *yaml.Node, what string) (string, bool) {
	n, ok := r.resolve(n)
	switch {
	case !ok:
		return "", false
	case n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null":
		r.wrong(n, "%s is %s, want a text", what, described(n))
		return "", false
	case n.Value == "":
		r.wrong(n, "%s is empty; give it a value or leave it out", what)
		return "", false
	}
	return n.Value, true
}

// word is a text out of a list.
func (r *reader) word(n *yaml.Node, what string, allowed []string) (string, bool) {
	s, ok := r.text(n, what)
	if ok && !slices.Contains(allowed, s) {
		r.wrong(n, "%s is %q, want one of %s%s", what, s, strings.Join(allowed, ", "), sandbox.Guess(s, strings.Join(allowed, ", ")))
		return "", false
	}
	return s, ok
}

func (r *reader) truth(n *yaml.Node, what string) (value, ok bool) {
	s, ok := r.text(n, what)
	if ok && s != "true" && s != "false" {
		r.wrong(n, "%s is %q, want true or false", what, s)
		return false, false
	}
	return s == "true", ok
}

func (r *reader) number(n *yaml.Node, what string) (int, bool) {
	s, ok := r.text(n, what)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < 1 {
		r.wrong(n, "%s is %q, want a whole number from 1", what, s)
		return 0, false
	}
	return i, true
}

func (r *reader) duration(n *yaml.Node, what string) (time.Duration, bool) {
	s, ok := r.text(n, what)
	if !ok {
		return 0, false
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		r.wrong(n, "%s is %q, want a time such as 90s, 10m or 15h", what, s)
		return 0, false
	}
	return d, true
}

// described says what stands there, for people.
func described(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "keys and values"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null":
		return "empty"
	default:
		return strconv.Quote(n.Value)
	}
}

func namesOf(keys []key) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return strings.Join(names, ", ")
}

// wordsOf writes the words of a table as texts.
func wordsOf[T ~string](list []T) []string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return words
}
