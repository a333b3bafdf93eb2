package clinic

// What one diagnosis may cost: bytes written and hashed, and digests made. A typical request needs
// about a tenth of the bytes; one of a megabyte stops after its first few strings.
const (
	mostBytes   = 6 << 20
	mostDigests = 20000
	// A digest, and a parameter moved, count as so many bytes more.
	digestCost = 64
	itemCost   = 16
)

// budget counts what was spent.
type budget struct {
	bytes, digests int
	// spent: nothing more is tried. exhausted: something was left out, because of that or because the
	// request is too large for it.
	spent, exhausted bool
}

// spend takes n bytes and reports whether they were still there.
func (b *budget) spend(n int) bool {
	if b.spent || b.bytes+n > mostBytes || b.digests > mostDigests {
		b.spent, b.exhausted = true, true
		return false
	}
	b.bytes += n
	return true
}
