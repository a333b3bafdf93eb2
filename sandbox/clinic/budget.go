package clinic

// What one diagnosis may cost: bytes written and hashed, and digests made. A typical request needs
// a hundredth of the bytes; one of a megabyte stops after its first few strings.
const (
	mostBytes   = 12 << 20
	mostDigests = 20000
	// A digest, and a parameter moved, count as so many bytes more.
	digestCost = 64
	itemCost   = 16
)

// budget counts what was spent.
type budget struct {
	bytes, digests int
	exhausted      bool
}

// spend takes n bytes and reports whether they were still there.
func (b *budget) spend(n int) bool {
	b.bytes += n
	if b.bytes > mostBytes || b.digests > mostDigests {
		b.exhausted = true
	}
	return !b.exhausted
}
