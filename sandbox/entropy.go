package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
)

// stream is an endless reader of bytes that follow from a seed: SHA-256 over seed, purpose, number
// and block count. It is for ids that must be the same again, not for secrets.
type stream struct {
	seed  [sha256.Size]byte
	block uint64
	rest  []byte
}

func streamFrom(seed, purpose string, number uint64) *stream {
	h := sha256.New()
	io.WriteString(h, seed)
	h.Write([]byte{0})
	io.WriteString(h, purpose)
	var n [9]byte
	binary.BigEndian.PutUint64(n[1:], number)
	h.Write(n[:])
	s := &stream{}
	h.Sum(s.seed[:0])
	return s
}

func (s *stream) Read(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if len(s.rest) == 0 {
			var in [sha256.Size + 8]byte
			copy(in[:], s.seed[:])
			binary.BigEndian.PutUint64(in[sha256.Size:], s.block)
			out := sha256.Sum256(in[:])
			s.rest = out[:]
			s.block++
		}
		k := copy(p, s.rest)
		p, s.rest = p[k:], s.rest[k:]
	}
	return n, nil
}

// draw takes the next number of the App's stream and gives the bytes that follow from it.
func (g *Gateway) draw(ctx context.Context, a App) (io.Reader, error) {
	n, err := g.Store.DrawNumber(ctx, a.Code)
	if err != nil {
		return nil, err
	}
	return streamFrom(a.Seed, string(a.Code), n), nil
}

const plainLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// randomText gives n upper-case letters and digits without look-alikes (I, O, 0, 1).
func randomText(r io.Reader, n int) (string, error) {
	return pick(r, n, plainLetters)
}

func randomDigits(r io.Reader, n int) (string, error) {
	return pick(r, n, "0123456789")
}

func pick(r io.Reader, n int, alphabet string) (string, error) {
	raw := make([]byte, 2*n)
	if _, err := io.ReadFull(r, raw); err != nil {
		return "", err
	}
	out := make([]byte, n)
	for i := range out {
		out[i] = alphabet[int(binary.BigEndian.Uint16(raw[2*i:]))%len(alphabet)]
	}
	return string(out), nil
}
