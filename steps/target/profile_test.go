package target_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/steps/target"
)

func profile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shop.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const least = "app: {app_code: A, client_key: B}\nmerchant: http://127.0.0.1:1\norder: {url: \"{merchant}/buy\"}\n"

func TestLoad(t *testing.T) {
	p, err := target.Load(profile(t, least+"skip: [{rule: PAY-02, reason: downloads}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "shop" {
		t.Errorf("got name %q, want the file's", p.Name)
	}
	if reason, ok := p.SkipReason("PAY-02"); !ok || reason != "downloads" {
		t.Errorf("got %q and %v, want the reason to skip PAY-02", reason, ok)
	}
	if _, ok := p.SkipReason("PAY-01"); ok {
		t.Error("PAY-01 is skipped and the profile does not say so")
	}
}

// What is no profile is refused at once, whatever it is.
func TestLoadRefuses(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, says string }{
		{"missing", filepath.Join(t.TempDir(), "no.yaml"), "no such file"},
		{"directory", t.TempDir(), "no regular file"},
		{"device", "/dev/zero", "no regular file"},
		{"pipe", pipe, "no regular file"},
		{"empty", profile(t, " \n"), "is empty"},
		{"huge", profile(t, strings.Repeat("# x\n", 1<<19)), "want at most 1048576"},
		{"not text", profile(t, "name: \xff\xfe"), "not UTF-8"},
		{"wrong type", profile(t, "app: 5\n"), "line 1"},
		{"port nobody reads", profile(t, least+"start: {command: [x, \"{port}\"]}\n"), "leave merchant out"},
		{"account without appid", profile(t, strings.Replace(least, "client_key: B", "client_key: B, official_account: {secret: x}", 1)), "app.official_account.appid is missing"},
		{"account without secret", profile(t, strings.Replace(least, "client_key: B", "client_key: B, official_account: {appid: x}", 1)), "app.official_account.secret is missing"},
		{"account at the sandbox", profile(t, strings.Replace(least, "client_key: B", "client_key: B, official_account: {appid: x, secret: y, oauth_domains: [\"{sandbox}\"]}", 1)), "oauth_domains holds the placeholder {sandbox}, want one of {port} {merchant} {merchant_host}"},
		{"proxy of a merchant that is changed", profile(t, "app: {app_code: A, client_key: B}\norder: {url: \"{merchant}/\"}\nstart: {command: [x], env: {HTTPS_PROXY: \"{proxy}\"}}\n"), "which goes with unchanged: true"},
		{"merchant of itself", profile(t, strings.Replace(least, "http://127.0.0.1:1", "\"http://{merchant_host}\"", 1)), "merchant holds the placeholder {merchant_host}, which is itself"},
		{"list", profile(t, "- a\n"), "profile cannot be used"},
		{"key twice", profile(t, least+"merchant: http://127.0.0.1:2\n"), "merchant"},
		{"aliases without end", profile(t, bomb()), "profile cannot be used"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := target.Load(c.path)
			if !errors.Is(err, target.ErrProfile) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want ErrProfile that says %q", err, c.says)
			}
		})
	}
}

// bomb is a small file that would unfold to ten to the ninth values.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 x\n")
	for i := 1; i < 10; i++ {
		was, is := string(rune('0'+i-1)), string(rune('0'+i))
		b.WriteString("a" + is + ": &a" + is + " [" + strings.Repeat("*a"+was+", ", 10) + "]\n")
	}
	return b.String()
}
