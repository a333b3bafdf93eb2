package pasted_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/clinic/pasted"
)

const (
	one    = "D4D5D3D7D9A1B2C3D4E5F60718293A4B"
	curlOK = `curl http://127.0.0.1:8080/trade/v1/query -H 'X-QF-APPCODE: A' -H 'X-QF-SIGN: ` + one + `' -d syssn=1`
)

// What each way of writing the same thing down comes to.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		dialect    pasted.Dialect
		method     string
		url        string
		params     string // in order of arrival, encoded
		sign       string
		remarks    string
	}{
		{"curl", curlOK, pasted.Curl, "POST", "http://127.0.0.1:8080/trade/v1/query", "syssn=1", one, ""},
		{"curl behind a prompt and in a fence", "```sh\n$ " + curlOK + "\n```\n", pasted.Curl, "POST", "http://127.0.0.1:8080/trade/v1/query", "syssn=1", one, ""},
		{"several lines", "curl -s -X POST \\\n  --url https://openapi-hk.qfapi.com/trade/v1/query \\\r\n  --data 'a=1' -d b=2", pasted.Curl, "POST", "https://openapi-hk.qfapi.com/trade/v1/query", "a=1&b=2", "", ""},
		{"options written together", `curl -sSLkXPOST -d'a=1' -HX-QF-SIGN:` + one + ` example.test/trade/v1/query`, pasted.Curl, "POST", "http://example.test/trade/v1/query", "a=1", one, ""},
		{"$'…' of a browser", `curl 'http://h/trade/v1/query' --data-raw $'goods_name=it\'s \u6e2c\x21\101\n'`, pasted.Curl, "POST", "http://h/trade/v1/query", "goods_name=it%27s+%E6%B8%AC%21A%0A", "", ""},
		{"double quotes", `curl "http://h/trade/v1/query" -d "goods_name=a\"b\\c\$d'e"`, pasted.Curl, "POST", "http://h/trade/v1/query", "goods_name=a%22b%5Cc%24d%27e", "", ""},
		{"--data-urlencode", `curl http://h/trade/v1/query --data-urlencode 'a=x&y z+' --data-urlencode '=b=1' --data-urlencode c@d=e 2>/dev/null`, "", "", "", "", "", ""},
		{"--data-urlencode without file", `curl http://h/trade/v1/query --data-urlencode 'a=x&y z+' --data-urlencode 'c=d@e'`, pasted.Curl, "POST", "http://h/trade/v1/query", "a=x%26y+z%2B&c=d%40e", "", ""},
		{"-G puts data into the address", `curl -G http://h/trade/v1/query -d syssn=1 -d 'x=a b'`, pasted.Curl, "GET", "http://h/trade/v1/query?syssn=1&x=a%20b", "syssn=1&x=a+b", "", ""},
		{"-I", `curl -I http://h/trade/v1/query?a=1`, pasted.Curl, "HEAD", "http://h/trade/v1/query?a=1", "a=1", "", ""},
		{"-F", `curl http://h/trade/v1/payment -F txamt=1 -F 'goods_name="a;b"' --form-string 'x=@y' -F 'pic=@a.png;type=image/png'`, pasted.Curl, "POST", "http://h/trade/v1/payment", "txamt=1&goods_name=a%3Bb&x=%40y", "", "pasted-file-left-out"},
		{"--json", `curl --json '{"a":1}' http://h/trade/v1/payment`, pasted.Curl, "POST", "http://h/trade/v1/payment", "", "", ""},
		{"a pipe behind it", curlOK + ` | jq .`, pasted.Curl, "POST", "http://127.0.0.1:8080/trade/v1/query", "syssn=1", one, ""},
		{"an unknown option", `curl --frobnicate 7 http://h/trade/v1/query`, pasted.Curl, "GET", "http://h/trade/v1/query", "", "", "pasted-option-unknown"},
		{"a variable", `curl http://h/trade/v1/query -d "syssn=$SYSSN"`, pasted.Curl, "POST", "http://h/trade/v1/query", "syssn=%24SYSSN", "", "pasted-variable"},
		{"an & outside quotes", `curl http://h/trade/v1/query?a=1&b=2&c=3 -k`, pasted.Curl, "GET", "http://h/trade/v1/query?a=1&b=2&c=3", "a=1&b=2&c=3", "", "pasted-cut-by-shell"},
		{"a line that goes on without a backslash", "curl http://h/trade/v1/query\n -d a=1", pasted.Curl, "POST", "http://h/trade/v1/query", "a=1", "", "pasted-line-not-continued"},
		{"a blank behind a backslash", "curl http://h/trade/v1/query \\ \n -d a=1", pasted.Curl, "POST", "http://h/trade/v1/query", "a=1", "", "pasted-line-not-continued"},
		{"typographic quotes", "curl “http://h/trade/v1/query” -d ‘a=1’", pasted.Curl, "POST", "http://h/trade/v1/query", "a=1", "", "pasted-typographic-quotes"},
		{"cmd of a browser", "curl ^\"http://h/trade/v1/query^\" ^\r\n  -H ^\"X-QF-SIGN: " + one + "^\" ^\r\n  --data-raw ^\"a=1^&b=x^%^20y^\\^\"z^\"", pasted.CurlCmd, "POST", "http://h/trade/v1/query", "a=1&b=x+y%22z", one, ""},
		{"raw HTTP", "POST /trade/v1/query HTTP/1.1\r\nHost: openapi-hk.qfapi.com\r\nContent-Length: 7\r\nX-QF-SIGN: " + one + "\r\n\r\nsyssn=1\r\n", pasted.HTTP, "POST", "https://openapi-hk.qfapi.com/trade/v1/query", "syssn=1", one, ""},
		{"raw HTTP with an absolute address", "\n\n GET http://h/trade/v1/query?syssn=1 HTTP/1.1\nx-qf-sign: " + one, pasted.HTTP, "GET", "http://h/trade/v1/query?syssn=1", "syssn=1", one, ""},
		{"what curl -v shows", "> POST /trade/v1/query?a=1 HTTP/1.1\n> Host: h\n> X-QF-SIGN: " + one + "\n>\n* upload completely sent off\n", pasted.HTTP, "POST", "http://h/trade/v1/query?a=1", "a=1", one, ""},
		{"raw HTTP, body cut", "POST /trade/v1/query HTTP/1.1\nHost: h\nContent-Length: 70\n\nsyssn=1", pasted.HTTP, "POST", "http://h/trade/v1/query", "syssn=1", "", "pasted-body-short"},
		{"raw HTTP, multipart with bare line ends", "POST /trade/v1/payment HTTP/1.1\nHost: h\nContent-Type: multipart/form-data; boundary=x\n\n--x\nContent-Disposition: form-data; name=\"a\"\n\n1\n--x--\n", pasted.HTTP, "POST", "http://h/trade/v1/payment", "a=1", "", ""},
		{"HAR", `{"log":{"entries":[{"request":{"method":"GET","url":"http://h/style.css"}},{"request":{"method":"POST","url":"http://h/trade/v1/query","headers":[{"name":":path","value":"/"},{"name":"X-QF-SIGN","value":"` + one + `"}],"postData":{"mimeType":"application/x-www-form-urlencoded","text":"syssn=1"}}}]}}`, pasted.HAR, "POST", "http://h/trade/v1/query", "syssn=1", one, ""},
		{"HAR with params", `{"log":{"entries":[{"request":{"method":"POST","url":"http://h/trade/v1/query","headers":[],"postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a","value":"b c"}]}}}]}}`, pasted.HAR, "POST", "http://h/trade/v1/query", "a=b+c", "", ""},
		{"an address", "https://h/tool/v1/get_weixin_oauth_code?app_code=A&redirect_uri=http%3A%2F%2Fx&sign=" + one + "\n", pasted.Address, "GET", "https://h/tool/v1/get_weixin_oauth_code?app_code=A&redirect_uri=http%3A%2F%2Fx&sign=" + one, "app_code=A&redirect_uri=http%3A%2F%2Fx&sign=" + one, one, ""},
		{"an address with a #", "https://h/trade/v1/query?a=1#2", pasted.Address, "GET", "https://h/trade/v1/query?a=1#2", "a=1", "", "pasted-cut-at-hash"},
		{"an address that is none", "https://h/trade/v1/query%zz?a=b", pasted.Address, "GET", "https://h/trade/v1/query%25zz?a=b", "a=b", "", "pasted-address-encoded"},
		{"a string and its digest", "b=2&a=x y\nMD5: " + strings.ToLower(one) + "\n", pasted.Signed, "", "", "b=2&a=x+y", strings.ToLower(one), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := pasted.Read([]byte(c.text))
			if c.dialect == "" {
				if !errors.Is(err, pasted.ErrUnreadable) {
					t.Fatalf("got error %v, want one that it cannot be read", err)
				}
				return
			}
			if err != nil || len(list) != 1 {
				t.Fatalf("got %d requests and error %v, want one request", len(list), err)
			}
			r := list[0]
			address := ""
			if r.URL != nil {
				address = r.URL.String()
			}
			params, err := r.Params()
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, remark := range r.Remarks {
				ids = append(ids, remark.ID)
			}
			for _, part := range []struct{ what, got, want string }{
				{"dialect", string(r.Dialect), string(c.dialect)}, {"method", r.Method, c.method}, {"address", address, c.url},
				{"parameters", params.Encode(), c.params}, {"signature", r.Credentials().Sign, c.sign}, {"remarks", strings.Join(ids, " "), c.remarks},
			} {
				if part.got != part.want {
					t.Errorf("%s: got %q, want %q", part.what, part.got, part.want)
				}
			}
		})
	}
}

func TestSeveralRequests(t *testing.T) {
	for name, text := range map[string]string{
		"curl commands":         curlOK + " ;\n" + curlOK,
		"curl commands, lines":  curlOK + "\n\n" + curlOK + " &\n",
		"curl commands for cmd": strings.ReplaceAll(curlOK, "'", `^"`) + "\r\n" + strings.ReplaceAll(curlOK, "'", `^"`),
		"HAR":                   `{"log":{"entries":[{"request":{"method":"GET","url":"http://h/trade/v1/query"}},{"request":{"method":"GET","url":"http://h/tool/v1/get_weixin_openid"}}]}}`,
	} {
		list, err := pasted.Read([]byte(text))
		if err != nil || len(list) != 2 || list[0].Entry != 1 || list[1].Entry != 2 {
			t.Errorf("%s: got %d requests and error %v, want two, numbered", name, len(list), err)
		}
	}
}

// Whatever cannot be read is told, with what could be.
func TestUnreadable(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "there is no text"},
		{"hello", `it starts with "hello"; want a curl command`},
		{"a\x00b", "zero byte"},
		{strings.Repeat("x", pasted.MaxSize+1), "more than 16777216 bytes"},
		{"curl http://h/trade/v1/query -d @order.txt", "-d @order.txt reads a file"},
		{"curl http://h/trade/v1/query --data-urlencode a@file", "reads a file"},
		{"curl http://h/trade/v1/query -F 'a=<file'", "reads a file"},
		{"curl http://h/trade/v1/query -H @headers", "reads a file"},
		{`curl http://h/trade/v1/query -d "sign=$(sign)"`, "runs another one"},
		{"curl http://h/trade/v1/query -d 'a=1", "a ' is never closed"},
		{`curl http://h/trade/v1/query -d "a=1`, `a " is never closed`},
		{"curl -d a=1", "has no address"},
		{"curl http://h/a -d", "-d has no value"},
		{"curl http://h/a --next http://h/b", "paste them one by one"},
		{"POST /trade/v1/query HTTP/1.1\nno header", "no header of a request"},
		{`{"respcd": "0000"}`, "no HAR file"},
		{`{"log":`, "no HAR file"},
		{`{"log":{"entries":[{"request":{"method":"GET","url":"http://h/style.css"}}]}}`, "none of the 1 requests"},
		{"Invoke-WebRequest -Uri http://h", "PowerShell"},
		{"requests.post('http://h')", "not understood"},
		{"http://[::1", "is none"},
	} {
		_, err := pasted.Read([]byte(c.text))
		if !errors.Is(err, pasted.ErrUnreadable) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: got error %v, want %q in it", c.text, err, c.want)
		}
	}
}
