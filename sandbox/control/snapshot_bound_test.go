package control

import (
	"errors"
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// A snapshot that no restore would take is refused where it is taken.
func TestSnapshotIsBounded(t *testing.T) {
	s := sandbox.Snapshot{Apps: []sandbox.App{{Code: "A"}}, Payers: []sandbox.Payer{{ID: "p"}}}
	whole, err := encodeSnapshot(s, 1<<20)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	size := len(whole.(document))
	if _, err := encodeSnapshot(s, size); err != nil {
		t.Errorf("%d bytes where %d are allowed: got %v, want none", size, size, err)
	}
	for most := range size {
		var p *problem
		if _, err := encodeSnapshot(s, most); !errors.As(err, &p) || p.Status != 409 || p.Code != "snapshot-too-large" {
			t.Fatalf("%d bytes where %d are allowed: got %v, want snapshot-too-large", size, most, err)
		}
	}
}
