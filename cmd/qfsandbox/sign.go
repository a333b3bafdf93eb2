package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

var signCommand = command{
	name: "sign", takes: "[NAME=VALUE…]", does: "sign parameters, and show the string, the digest, the headers and a curl command",
	about: " Values are written as they are meant, not encoded. Without any it reads standard input: NAME=VALUE lines, a JSON object, or an encoded query string. " +
		"The key is the demo App's, or a running sandbox's, unless it is given.",
	examples: []string{
		"qfsandbox sign txamt=300 txcurrcd=HKD pay_type=800201 out_trade_no=A1 'txdtm=2026-11-24 12:00:00'",
		"qfsandbox sign -call get_weixin_oauth_code 'redirect_uri=https://shop.example/back?a=1&b=2'",
		"qfsandbox sign -quiet -client-key-file key.txt < parameters.json",
		"qfsandbox sign -body notification.json -verify 52A67AA78D3E5B21B043979E69929492",
	},
	setup: func(f *flag.FlagSet) func(context.Context, *invocation) error {
		var s sign
		s.flags(f)
		f.BoolVar(&s.sha256, "sha256", false, "sign with SHA256 instead of MD5")
		f.StringVar(&s.call, "call", string(sandbox.AtPayment), "`call` the curl command is for: "+strings.Join(callNames(), ", ")+", or a URL")
		f.StringVar(&s.body, "body", "", "sign the bytes of this `file` (- is standard input), as QFPay signs notifications and answers")
		f.StringVar(&s.verify, "verify", "", "compare with this `digest`; exit code 1 when it is another")
		f.BoolVar(&s.quiet, "quiet", false, "print the digest only")
		f.BoolVar(&s.steps, "steps", false, "show how the string is made, step by step")
		return s.run
	},
}

// sign is one run of the command.
type sign struct {
	keyring
	sha256, quiet, steps bool
	call, body, verify   string
}

func callNames() []string {
	var names []string
	for _, at := range sandbox.Endpoints() {
		names = append(names, string(at))
	}
	return names
}

// signature is what is printed; its JSON names stay.
type signature struct {
	AppCode      string   `json:"app_code"`
	KeyFrom      string   `json:"key_from"`
	SignType     string   `json:"sign_type"`
	StringToSign string   `json:"string_to_sign,omitempty"`
	LeftOut      []string `json:"left_out,omitempty"`
	Digest       string   `json:"digest"`
	// Verified is what -verify found, null without it.
	Verified *bool    `json:"verified,omitempty"`
	Headers  []string `json:"headers,omitempty"`
	Command  string   `json:"command,omitempty"`

	sent qfpay.Params
}

func (s *sign) run(ctx context.Context, in *invocation) error {
	var made signature
	var h holder
	var err error
	if s.body != "" {
		made, h, err = s.signBody(ctx, in)
	} else {
		made, h, err = s.signParams(ctx, in)
	}
	if err != nil {
		return err
	}
	fits := true
	if s.verify != "" {
		fits = strings.EqualFold(strings.TrimSpace(s.verify), made.Digest)
		made.Verified = &fits
	}
	for _, text := range []*string{&made.AppCode, &made.StringToSign, &made.Command} {
		*text = s.hide(h, *text)
	}
	switch {
	case s.json:
		err = printJSON(in, made)
	case s.quiet:
		_, err = fmt.Fprintln(in.stdout, made.Digest)
	default:
		s.print(in.stdout, made)
	}
	if err == nil && !fits {
		err = fmt.Errorf("the digest is %s, not %s; qfsandbox explain names the mistake in a request that carries it", made.Digest, shortWord(s.verify))
	}
	return err
}

// signBody signs bytes: of a notification, or of an answer.
func (s *sign) signBody(ctx context.Context, in *invocation) (signature, holder, error) {
	if len(in.args) > 0 {
		return signature{}, holder{}, usageError("%q is one word too many; -body signs a file's bytes and takes no parameters", shortWord(in.args[0]))
	}
	if s.sha256 {
		return signature{}, holder{}, usageError("-sha256 does not go with -body: QFPay signs notifications and answers with MD5")
	}
	from := in.stdin
	if s.body != "-" {
		file, err := os.Open(s.body)
		if err != nil {
			return signature{}, holder{}, usageError("cannot read -body: %w", err)
		}
		defer file.Close()
		from = file
	}
	raw, err := io.ReadAll(io.LimitReader(from, pasted.MaxSize+1))
	if err != nil {
		return signature{}, holder{}, usageError("cannot read -body: %w", err)
	}
	if len(raw) > pasted.MaxSize {
		return signature{}, holder{}, usageError("-body has more than %d bytes", pasted.MaxSize)
	}
	h, err := s.holderFor(ctx, in, "")
	if err != nil {
		return signature{}, h, err
	}
	made := signature{AppCode: string(h.app.Code), KeyFrom: h.from, SignType: "MD5", Digest: qfpay.SignBody(raw, h.app.ClientKey)}
	made.StringToSign = fmt.Sprintf("the %d bytes of the body, and %s", len(raw), keyPlace)
	if n := len(raw); n > 0 && raw[n-1] == '\n' {
		made.LeftOut = []string{"nothing; the last byte is a line end, which QFPay's bodies do not have: is the file as it came?"}
	}
	made.Headers = []string{"X-QF-SIGN: " + made.Digest}
	return made, h, nil
}

func (s *sign) signParams(ctx context.Context, in *invocation) (signature, holder, error) {
	p, err := parameters(in)
	if err != nil {
		return signature{}, holder{}, err
	}
	h, err := s.holderFor(ctx, in, p.Get("app_code"))
	if err != nil {
		return signature{}, h, err
	}
	where, err := s.address(in, h)
	if err != nil {
		return signature{}, h, err
	}
	r := pasted.Call(where)
	as := r.Credentials()
	as.AppCode = string(h.app.Code)
	if s.sha256 && as.InQuery {
		return signature{}, h, usageError("-sha256 does not go with get_weixin_oauth_code, which takes MD5 only")
	}
	if s.sha256 {
		as.SignType = qfpay.SHA256
	}
	if as.InQuery {
		p = with(p, "app_code", as.AppCode)
	}
	as.Sign = qfpay.Sign(p.Canonical(), h.app.ClientKey, as.SignType)
	made := signature{AppCode: as.AppCode, KeyFrom: h.from, SignType: as.SignType.String(), StringToSign: p.Canonical() + keyPlace, Digest: as.Sign, sent: p}
	for _, one := range p {
		switch {
		case one.Name == "sign" || one.Name == "sign_type":
			made.LeftOut = append(made.LeftOut, one.Name+" (never part of the string)")
		case one.Value == "":
			made.LeftOut = append(made.LeftOut, one.Name+" (empty: neither signed nor sent)")
		}
	}
	if !as.InQuery {
		made.Headers = headersOf(as.AppCode, as.Sign, s.sha256)
	}
	c := r.Correct(as, slices.DeleteFunc(slices.Clone(p), func(one qfpay.Param) bool { return one.Value == "" }))
	made.Command = c.String()
	return made, h, nil
}

// address is where the call goes.
func (s *sign) address(in *invocation, h holder) (string, error) {
	if strings.Contains(s.call, "://") {
		if err := pasted.CheckAddress(s.call); err != nil {
			return "", usageError("-call: %w", err)
		}
		return s.call, nil
	}
	base := strings.TrimSuffix(firstNonEmpty(h.sandbox, in.variable("QFSANDBOX_URL"), "http://127.0.0.1:8080"), "/")
	for _, at := range sandbox.Endpoints() {
		if s.call != string(at) {
			continue
		}
		if at == sandbox.AtOAuthCode || at == sandbox.AtOpenID {
			return base + "/tool/v1/" + s.call, nil
		}
		return base + "/trade/v1/" + s.call, nil
	}
	return "", usageError("-call is %q, want one of %s, or a URL", shortWord(s.call), strings.Join(callNames(), ", "))
}

func (s *sign) print(to io.Writer, made signature) {
	if s.steps {
		made.printSteps(to)
	}
	fmt.Fprintf(to, "App          %s, with the key %s\n", harmless(made.AppCode), harmless(made.KeyFrom))
	fmt.Fprintf(to, "string       %s\n", harmless(made.StringToSign))
	fmt.Fprintf(to, "%-12s %s\n", made.SignType, made.Digest)
	if made.Verified != nil {
		said := "is another digest: the signature is wrong"
		if *made.Verified {
			said = "is the same: the signature is right"
		}
		fmt.Fprintf(to, "-verify      %s\n", said)
	}
	for _, out := range made.LeftOut {
		fmt.Fprintf(to, "left out     %s\n", harmless(out))
	}
	for _, line := range made.Headers {
		fmt.Fprintf(to, "header       %s\n", harmless(line))
	}
	if made.Command != "" {
		fmt.Fprintf(to, "\n%s\n", made.Command)
	}
}

var errNoParameters = errors.New("there are no parameters")
