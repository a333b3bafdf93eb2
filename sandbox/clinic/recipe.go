package clinic

// A recipe is QFPay's own but for one choice, or for two of different dimensions that both happen
// often. What a choice changes, in the order in which it is done:
type dimension uint8

const (
	// which parameters the string is made of
	ofParams dimension = iota
	// what is written for each value
	ofValues
	// the order they stand in
	ofOrder
	// how the string is put together
	ofString
	// where the key goes; which key it is and what is made of it have tables of their own
	ofJoin
)

// A row is one kind of mistake, in one dimension.
type row struct {
	id  string
	dim dimension
	// common mistakes are tried together with common ones of other dimensions, the others alone.
	common bool
	// each gives the variants to try on this request, the likelier first; nil: one. It stops when
	// yield says so.
	each func(q *request, yield func(arg) bool)
	// list is what a choice of parameters, values or order makes of a list, appended to dst.
	list func(q *request, dst, l list, a arg) list
	// text is what a choice of the string makes of a list, appended to dst.
	text func(q *request, dst []byte, l list, a arg) []byte
	// join puts string and key together.
	join func(dst, text []byte, key string, a arg) []byte
	// detail says it of this request in one sentence.
	detail func(q *request, a arg) string
}

// arg is what the variants of a row differ in.
type arg struct {
	// i is mostly the place of a parameter in request.full.
	i    int
	s, t string
	// rare variants are tried alone only.
	rare bool
	// id is set where a variant has another name than its row.
	id string
}

// choice is one variant of a row.
type choice struct {
	*row
	arg arg
}

func (c choice) mistake(q *request) Mistake {
	id := c.row.id
	if c.arg.id != "" {
		id = c.arg.id
	}
	return Mistake{ID: id, Detail: c.detail(q, c.arg), Change: changeOf(id)}
}

// changeOf is what the table says to do.
func changeOf(id string) string {
	for _, row := range Findings() {
		if row.ID == id {
			return row.Change
		}
	}
	return ""
}

// pairs says of which dimensions two texts are tried together. Two mistakes of one dimension are a
// third one, and have a row of their own where they happen; who joins otherwise than with = and &
// seldom changes values too.
func (d dimension) pairs(later dimension) bool {
	return d < later && (d != ofValues || later != ofString)
}

// textRows are all rows that make a text, in the order they are tried: what happens often first.
func textRows(yield func(*row) bool) {
	for _, table := range [...][]row{cutAddresses, orders, selections, values, wholes} {
		for i := range table {
			if !yield(&table[i]) {
				return
			}
		}
	}
}

// variants calls yield with each choice of a row.
func (r *row) variants(q *request, yield func(choice) bool) bool {
	if r.each == nil {
		return yield(choice{row: r})
	}
	on := true
	r.each(q, func(a arg) bool {
		on = yield(choice{row: r, arg: a})
		return on
	})
	return on
}
