package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) weixinAPISteps(sc *godog.ScenarioContext) {
	sc.When(`^the integrator asks WeChat (who the payer is|whether the token is good)(?: with (.+))?$`, w.askOfPayer)
	sc.When(`^the integrator refreshes the token(?: with (.+))?$`, w.refreshToken)
	sc.When(`^the integrator gets an account token(?: with (.+))?$`, w.getAccountToken)
	sc.When(`^the integrator gets a ticket(?: with (.+))?$`, w.getTicket)
	sc.Then(`^WeChat answers with errcode (\d+)$`, w.weixinAnswersErrcode)
	sc.Then(`^WeChat gives "([^"]*)"$`, w.weixinGives)
	sc.Then(`^the payer is called as at WeChat$`, w.payerIsNamed)
	sc.Then(`^the account token is another than before$`, w.accountTokenIsNew)
	sc.Then(`^the ticket is (the same as|another than) before$`, w.ticketIs)
}

// askWeChat asks a path of api.weixin.qq.com; params in with change those given.
func (w *world) askWeChat(ctx context.Context, path string, p qfpay.Params, with string) error {
	changes, err := w.params(with)
	if err != nil {
		return err
	}
	resp, raw, err := fetch(ctx, http.MethodGet, w.suite.Vendor+path+"?"+inPlace(p, changes).Encode(), nil, nil)
	if err != nil {
		return broke(err)
	}
	w.account.status, w.account.answer = resp.StatusCode, string(raw)
	return nil
}

func (w *world) askOfPayer(ctx context.Context, what, with string) error {
	p := qfpay.Params{{Name: "access_token", Value: w.account.access}, {Name: "openid", Value: w.openID}}
	if what == "whether the token is good" {
		return w.askWeChat(ctx, "/sns/auth", p, with)
	}
	return w.askWeChat(ctx, "/sns/userinfo", append(p, qfpay.Param{Name: "lang", Value: "zh_CN"}), with)
}

func (w *world) refreshToken(ctx context.Context, with string) error {
	err := w.askWeChat(ctx, "/sns/oauth2/refresh_token", qfpay.Params{
		{Name: "appid", Value: w.account.official.AppID}, {Name: "grant_type", Value: "refresh_token"}, {Name: "refresh_token", Value: w.account.refresh},
	}, with)
	if token, _ := field(w.account.answer, "access_token"); token != "" {
		w.account.access = token
	}
	return err
}

func (w *world) getAccountToken(ctx context.Context, with string) error {
	err := w.askWeChat(ctx, "/cgi-bin/token", qfpay.Params{
		{Name: "grant_type", Value: "client_credential"}, {Name: "appid", Value: w.account.official.AppID}, {Name: "secret", Value: w.account.official.Secret},
	}, with)
	if token, _ := field(w.account.answer, "access_token"); token != "" {
		w.account.before, w.account.ofAccount = w.account.ofAccount, token
	}
	return err
}

// getTicket asks with the newest account token; the value "the one before" is the one before that.
func (w *world) getTicket(ctx context.Context, with string) error {
	with = strings.ReplaceAll(with, `"the one before"`, `"`+w.account.before+`"`)
	err := w.askWeChat(ctx, "/cgi-bin/ticket/getticket", qfpay.Params{{Name: "access_token", Value: w.account.ofAccount}, {Name: "type", Value: "jsapi"}}, with)
	if ticket, _ := field(w.account.answer, "ticket"); ticket != "" {
		w.account.ticketBefore, w.account.ticket = w.account.ticket, ticket
	}
	return err
}

// rid is what WeChat's errmsg ends with.
var rid = regexp.MustCompile(`, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)

func (w *world) weixinAnswersErrcode(want int) error {
	got, has := errcode(w.account.answer)
	if !has || got != want || w.account.status != http.StatusOK {
		return fmt.Errorf("WeChat answered HTTP %d %s, want 200 and errcode %d", w.account.status, shortText(w.account.answer, 500), want)
	}
	if message, _ := field(w.account.answer, "errmsg"); want != 0 && !rid.MatchString(message) {
		return fmt.Errorf("WeChat's errmsg is %q, want it to end with a rid", message)
	}
	return nil
}

// weixinGives compares the names in the answer, in their order.
func (w *world) weixinGives(want string) error {
	if code, has := errcode(w.account.answer); has && code != 0 {
		return fmt.Errorf("WeChat answered %s, want %s", w.account.answer, want)
	}
	got, err := namesOf(w.account.answer)
	if err != nil {
		return fmt.Errorf("WeChat answered HTTP %d %s: %w", w.account.status, shortText(w.account.answer, 500), err)
	}
	if !slices.Equal(got, split[string](want)) {
		return fmt.Errorf("WeChat gives %q, want %q", strings.Join(got, ", "), want)
	}
	return nil
}

// namesOf are the names of a JSON object, as they stand there.
func namesOf(raw string) ([]string, error) {
	d := json.NewDecoder(strings.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("no JSON object (%w)", err)
	}
	var names []string
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		names = append(names, fmt.Sprint(name))
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
	}
	return names, nil
}

func (w *world) payerIsNamed() error {
	if got, _ := field(w.account.answer, "nickname"); got != w.payer.Name {
		return fmt.Errorf("WeChat calls the payer %q, want %q", got, w.payer.Name)
	}
	return nil
}

func (w *world) accountTokenIsNew() error {
	if w.account.before == "" || w.account.before == w.account.ofAccount {
		return fmt.Errorf("the account token is %q, the one before %q", w.account.ofAccount, w.account.before)
	}
	return nil
}

func (w *world) ticketIs(how string) error {
	if same := w.account.ticket == w.account.ticketBefore; w.account.ticketBefore == "" || same != (how == "the same as") {
		return fmt.Errorf("the ticket is %q and was %q, want %s before", w.account.ticket, w.account.ticketBefore, how)
	}
	return nil
}
