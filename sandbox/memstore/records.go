package memstore

import (
	"encoding/binary"
	"slices"
)

// records keeps runs of bytes, numbered 0, 1, 2 …, in few large chunks that hold no pointers. A run
// may change its length: one that no longer fits moves to the end, and a chunk that is more than
// half abandoned moves what is left of it there too.
type records struct {
	chunks [][]byte
	dead   []int // abandoned bytes of each chunk
	places []place
	bytes  int // of all chunks
}

type place struct{ chunk, at uint32 }

// Each run stands behind its number, its length and the room it has.
const (
	headSize  = 12
	leastSize = 2 << 10 // of a chunk
	mostSize  = 64 << 10
)

func (r *records) len() int { return len(r.places) }

// add stores a run with room to grow.
func (r *records) add(run []byte, spare int) uint32 {
	number := uint32(len(r.places))
	r.places = append(r.places, place{})
	r.append(number, run, len(run)+spare)
	return number
}

// read copies a run.
func (r *records) read(number uint32) string {
	p := r.places[number]
	c := r.chunks[p.chunk][p.at:]
	return string(c[headSize : headSize+binary.LittleEndian.Uint32(c[4:])])
}

// write puts another run in the place of one.
func (r *records) write(number uint32, run []byte) {
	p := r.places[number]
	c := r.chunks[p.chunk][p.at:]
	room := int(binary.LittleEndian.Uint32(c[8:]))
	if len(run) <= room {
		binary.LittleEndian.PutUint32(c[4:], uint32(len(run)))
		copy(c[headSize:], run)
		return
	}
	r.append(number, run, len(run))
	if r.dead[p.chunk] += headSize + room; 2*r.dead[p.chunk] > len(r.chunks[p.chunk]) {
		r.empty(p.chunk)
	}
}

// append stores a run at the end, in the last chunk or a new one.
func (r *records) append(number uint32, run []byte, room int) {
	last := len(r.chunks) - 1
	if last < 0 || cap(r.chunks[last])-len(r.chunks[last]) < headSize+room {
		// A share of what there is already: little is wasted, with little stored and with much.
		size := max(headSize+room, min(max(r.bytes/8, leastSize), mostSize))
		c := slices.Grow([]byte(nil), size)
		r.chunks, r.dead = append(r.chunks, c), append(r.dead, 0)
		r.bytes += cap(c)
		last++
	}
	c := r.chunks[last]
	r.places[number] = place{uint32(last), uint32(len(c))}
	c = binary.LittleEndian.AppendUint32(c, number)
	c = binary.LittleEndian.AppendUint32(c, uint32(len(run)))
	c = binary.LittleEndian.AppendUint32(c, uint32(room))
	c = append(c, run...)
	r.chunks[last] = c[:len(c)+room-len(run)]
}

// empty moves what a chunk still holds to the end, unless it is the end.
func (r *records) empty(chunk uint32) {
	if int(chunk) == len(r.chunks)-1 {
		return
	}
	c := r.chunks[chunk]
	for at := 0; at < len(c); {
		number, length, room := binary.LittleEndian.Uint32(c[at:]), int(binary.LittleEndian.Uint32(c[at+4:])), int(binary.LittleEndian.Uint32(c[at+8:]))
		if r.places[number] == (place{chunk, uint32(at)}) {
			r.append(number, c[at+headSize:at+headSize+length], room)
		}
		at += headSize + room
	}
	r.bytes -= cap(c)
	r.chunks[chunk], r.dead[chunk] = nil, 0
}
