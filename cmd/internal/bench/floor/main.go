// Command floor is what the benchmark measures the sandbox against: a bare net/http handler that
// parses the same form, computes the same MD5 and answers as many bytes. It checks, keeps and logs
// nothing, and shares no code with the sandbox.
package main

import (
	"crypto/md5"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "`address` to listen on")
	sizes := flag.String("answers", "", "`path=bytes` of each answer, separated by commas")
	parent := flag.Bool("with-parent", false, "end when standard input does")
	flag.Parse()
	mux := http.NewServeMux()
	for _, pair := range strings.Split(*sizes, ",") {
		path, size, _ := strings.Cut(pair, "=")
		n, err := strconv.Atoi(size)
		if err != nil {
			fail(fmt.Errorf("-answers has %q, want path=bytes", pair))
		}
		mux.Handle(path, answer(n))
	}
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		fail(err)
	}
	fmt.Println("http://" + l.Addr().String())
	if *parent {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin) // however it ends, the parent is gone
			os.Exit(0)
		}()
	}
	fail(http.Serve(l, mux))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "floor:", err)
	os.Exit(1)
}

const (
	clientKey = "SANDBOXCLIENTKEY0123456789ABCDEF"
	start     = `{"respcd": "0000", "pad": "`
	end       = `"}`
)

func answer(size int) http.Handler {
	body := []byte(start + strings.Repeat("x", max(0, size-len(start)-len(end))) + end)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		names := make([]string, 0, len(r.Form))
		for name := range r.Form {
			names = append(names, name)
		}
		slices.Sort(names)
		var signed []byte
		for i, name := range names {
			if i > 0 {
				signed = append(signed, '&')
			}
			signed = append(signed, name...)
			signed = append(signed, '=')
			signed = append(signed, r.Form[name][0]...)
		}
		sum := md5.Sum(append(signed, clientKey...))
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		w.Header().Set("X-QF-SIGN", strings.ToUpper(hex.EncodeToString(sum[:])))
		_, _ = w.Write(body) // a client that left needs no answer
	})
}
