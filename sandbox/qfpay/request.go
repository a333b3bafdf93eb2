package qfpay

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

var (
	// ErrBodyTooLarge says that a request body is longer than the reader was told to take.
	ErrBodyTooLarge = errors.New("request body too large")
	// ErrMultipart says that a multipart body cannot be taken apart; the cause is wrapped beside it.
	ErrMultipart = errors.New("malformed multipart body")
)

// ReadParams collects the parameters of a request: the union of its query string and its body, on any method. The body
// counts when it is urlencoded, when it is multipart/form-data (file parts left out) and when it has no content type
// at all; a body of any other type, JSON above all, holds no parameters. Each name appears once: within one source the
// first value wins, and a value in the body replaces the query's.
//
// At most maxBody bytes are taken. The body that was read is put back on r, so that a recorder can read it again.
//
// Errors: ErrBodyTooLarge, ErrMultipart, or what reading the body returned. The parameters known by then are returned
// with the error.
//
// Source: the official samples send a POST's parameters in the query with an empty body; clients in the field send
// multipart, no content type, and bodies on GET. Precedence of the body is assumed.
func ReadParams(r *http.Request, maxBody int64) (Params, error) {
	query := firstOfEach(ParseParams(r.URL.RawQuery))
	body, err := readBody(r, maxBody)
	if err != nil || len(body) == 0 {
		return query, err
	}
	var sent Params
	contentType := r.Header.Get("Content-Type")
	kind := contentType
	if kind != urlencoded {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	switch kind {
	case "", urlencoded:
		sent = ParseParams(string(body))
	case "multipart/form-data":
		if sent, err = parseMultipart(body, contentType); err != nil {
			return query, err
		}
	default:
		return query, nil
	}
	if len(query) == 0 {
		return firstOfEach(sent), nil
	}
	return merge(query, firstOfEach(sent)), nil
}

const urlencoded = "application/x-www-form-urlencoded"

func readBody(r *http.Request, maxBody int64) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.ContentLength > maxBody {
		return nil, fmt.Errorf("%w: %d bytes announced, %d allowed", ErrBodyTooLarge, r.ContentLength, maxBody)
	}
	body, err := readAtMost(r.Body, maxBody+1, r.ContentLength)
	again := &putBack{Closer: r.Body}
	again.Reset(body)
	r.Body = again
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), int64(len(body)) > maxBody:
		return nil, fmt.Errorf("%w: more than the %d bytes allowed", ErrBodyTooLarge, maxBody)
	case err != nil:
		return nil, fmt.Errorf("read request body: %w", err)
	}
	return body, nil
}

// putBack is a body that was read already and can be read again.
type putBack struct {
	bytes.Reader
	io.Closer
}

// readAtMost is io.ReadAll with a bound, and with room for as much as was announced, so that a body
// is read into one piece of memory.
func readAtMost(r io.Reader, most, announced int64) ([]byte, error) {
	room := int64(bytes.MinRead)
	if announced >= 0 {
		room = min(announced, 64<<10) + 1 // a byte more, for the end to be seen
	}
	b := make([]byte, 0, room)
	for {
		n, err := r.Read(b[len(b):min(int64(cap(b)), most)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF, err == nil && int64(len(b)) == most:
			return b, nil
		case err != nil:
			return b, err
		case len(b) == cap(b):
			b = append(b, 0)[:len(b)]
		}
	}
}

// parseMultipart returns the parts that are fields. A part with a file name, even an empty one, is a file.
func parseMultipart(body []byte, contentType string) (Params, error) {
	_, attrs, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, fmt.Errorf("%w: content type %q: %w", ErrMultipart, contentType, err)
	}
	if attrs["boundary"] == "" {
		return nil, fmt.Errorf("%w: content type %q has no boundary", ErrMultipart, contentType)
	}
	var p Params
	for parts := multipart.NewReader(bytes.NewReader(body), attrs["boundary"]); ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			return p, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMultipart, err)
		}
		_, about, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		name, named := about["name"]
		if _, file := about["filename"]; file || !named {
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, fmt.Errorf("%w: part %q: %w", ErrMultipart, name, err)
		}
		p = append(p, Param{name, string(value)})
	}
}

// manyParams is where looking a name up by walking stops being cheaper than a map. Beyond it the work stays linear, so
// that a hostile body of a hundred thousand names costs no more than its length.
const manyParams = 32

// firstOfEach drops every later parameter of a name already seen, in place.
func firstOfEach(p Params) Params {
	if len(p) > manyParams {
		seen := make(map[string]bool, len(p))
		kept := p[:0]
		for _, param := range p {
			if !seen[param.Name] {
				seen[param.Name] = true
				kept = append(kept, param)
			}
		}
		return kept
	}
	kept := p[:0]
	for _, param := range p {
		if _, found := kept.Lookup(param.Name); !found {
			kept = append(kept, param)
		}
	}
	return kept
}

// merge puts the body's parameters behind the query's; a name in both keeps its place and takes the body's value.
func merge(query, body Params) Params {
	where := make(map[string]int, len(query))
	for i, param := range query {
		where[param.Name] = i
	}
	for _, param := range body {
		if i, found := where[param.Name]; found {
			query[i].Value = param.Value
			continue
		}
		query = append(query, param)
	}
	return query
}
