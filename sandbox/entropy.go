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
	out   [sha256.Size]byte
	used  int // bytes of out
}

func streamFrom(seed, purpose string, number uint64) *stream {
	var room [128]byte
	b := append(room[:0], seed...)
	b = append(b, 0)
	b = append(b, purpose...)
	b = append(b, 0)
	b = binary.BigEndian.AppendUint64(b, number)
	return &stream{seed: sha256.Sum256(b), used: sha256.Size}
}

func (s *stream) Read(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if s.used == len(s.out) {
			var in [sha256.Size + 8]byte
			copy(in[:], s.seed[:])
			binary.BigEndian.PutUint64(in[sha256.Size:], s.block)
			s.out, s.used = sha256.Sum256(in[:]), 0
			s.block++
		}
		k := copy(p, s.out[s.used:])
		p, s.used = p[k:], s.used+k
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
	for i := range n {
		raw[i] = alphabet[int(binary.BigEndian.Uint16(raw[2*i:]))%len(alphabet)]
	}
	return string(raw[:n]), nil
}
