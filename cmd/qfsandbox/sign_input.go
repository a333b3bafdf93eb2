package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

// parameters reads what is to be signed: words, or standard input where there are none.
func parameters(in *invocation) (qfpay.Params, error) {
	if len(in.args) == 0 || len(in.args) == 1 && in.args[0] == "-" {
		if isTerminalIn(in.stdin) {
			return nil, usageError("%w; want NAME=VALUE words, or parameters on standard input", errNoParameters)
		}
		raw, err := io.ReadAll(io.LimitReader(in.stdin, pasted.MaxSize+1))
		if err != nil {
			return nil, usageError("cannot read standard input: %w", err)
		}
		return parseParameters(string(raw))
	}
	var p qfpay.Params
	for _, w := range in.args {
		name, value, found := strings.Cut(w, "=")
		if !found || name == "" {
			return nil, usageError("%q is no parameter, want NAME=VALUE such as txamt=300", shortWord(w))
		}
		if _, again := p.Lookup(name); again {
			return nil, usageError("%s is given twice; QFPay takes the first and a signature may cover the other", shortWord(name))
		}
		p = append(p, qfpay.Param{Name: name, Value: value})
	}
	return p, nil
}

// parseParameters reads a JSON object, NAME=VALUE lines, or, where there is one line with an &, an
// encoded query string.
func parseParameters(text string) (qfpay.Params, error) {
	if len(text) > pasted.MaxSize {
		return nil, usageError("standard input has more than %d bytes", pasted.MaxSize)
	}
	text = strings.TrimPrefix(text, "\ufeff")
	bare := strings.TrimSpace(text)
	switch {
	case bare == "":
		return nil, usageError("%w; want NAME=VALUE words, or parameters on standard input", errNoParameters)
	case bare[0] == '{':
		p, ok := pasted.ObjectParams(bare)
		if !ok {
			return nil, usageError("standard input starts with { and is no JSON object")
		}
		return p, nil
	case !strings.Contains(bare, "\n") && strings.Contains(bare, "&"):
		return qfpay.ParseParams(bare), nil
	}
	var p qfpay.Params
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		if !found || name == "" {
			return nil, usageError("line %q is no parameter, want NAME=VALUE, a JSON object, or a query string", shortWord(line))
		}
		p = append(p, qfpay.Param{Name: name, Value: value})
	}
	return p, nil
}

// printSteps shows how the string comes about.
func (made *signature) printSteps(to io.Writer) {
	if made.sent == nil {
		fmt.Fprintf(to, "1  take the body's bytes as they are\n2  append the client_key\n3  MD5, in hex: %s\n\n", made.Digest)
		return
	}
	fmt.Fprintf(to, "1  the parameters, decoded\n")
	list := func(p qfpay.Params) {
		for _, one := range p {
			fmt.Fprintf(to, "     %s\n", harmless(one.Name+"="+one.Value))
		}
	}
	list(made.sent)
	var kept qfpay.Params
	fmt.Fprintf(to, "2  without sign, sign_type and empty ones\n")
	for _, one := range made.sent.Without("sign", "sign_type") {
		if one.Value != "" {
			kept = append(kept, one)
		}
	}
	if len(kept) == len(made.sent) {
		fmt.Fprintf(to, "     all stay\n")
	}
	for _, out := range made.LeftOut {
		fmt.Fprintf(to, "     left out: %s\n", harmless(out))
	}
	fmt.Fprintf(to, "3  sorted by name, byte by byte\n")
	slices.SortStableFunc(kept, func(a, b qfpay.Param) int { return strings.Compare(a.Name, b.Name) })
	list(kept)
	joined, _ := strings.CutSuffix(made.StringToSign, keyPlace)
	fmt.Fprintf(to, "4  joined with &\n     %s\n5  the client_key behind, with nothing in between\n     %s\n6  %s, in hex\n     %s\n\n", harmless(joined), harmless(made.StringToSign), made.SignType, made.Digest)
}
