package memstore

import (
	"container/heap"
	"time"
)

// queue orders numbers by an instant, those of the same instant by size. The zero value is empty.
type queue struct{ line line }

func (q *queue) empty() bool { return len(q.line.waiting) == 0 }

func (q *queue) len() int { return len(q.line.waiting) }

// first gives the number in front; false when there is none.
func (q *queue) first() (uint64, bool) {
	if q.empty() {
		return 0, false
	}
	return q.line.waiting[0].number, true
}

// put gives a number its place, a new one if it had another.
func (q *queue) put(number uint64, at time.Time) {
	if place, ok := q.line.place[number]; ok {
		q.line.waiting[place].at = at
		heap.Fix(&q.line, place)
		return
	}
	if q.line.place == nil {
		q.line.place = make(map[uint64]int)
	}
	heap.Push(&q.line, waiting{at, number})
}

func (q *queue) remove(number uint64) {
	if place, ok := q.line.place[number]; ok {
		heap.Remove(&q.line, place)
	}
}

type waiting struct {
	at     time.Time
	number uint64
}

// line is the queue as container/heap wants it.
type line struct {
	waiting []waiting
	place   map[uint64]int
}

func (l *line) Len() int { return len(l.waiting) }

func (l *line) Less(i, j int) bool {
	a, b := l.waiting[i], l.waiting[j]
	if !a.at.Equal(b.at) {
		return a.at.Before(b.at)
	}
	return a.number < b.number
}

func (l *line) Swap(i, j int) {
	l.waiting[i], l.waiting[j] = l.waiting[j], l.waiting[i]
	l.place[l.waiting[i].number], l.place[l.waiting[j].number] = i, j
}

func (l *line) Push(x any) {
	w := x.(waiting)
	l.place[w.number] = len(l.waiting)
	l.waiting = append(l.waiting, w)
}

func (l *line) Pop() any {
	last := len(l.waiting) - 1
	w := l.waiting[last]
	l.waiting = l.waiting[:last]
	delete(l.place, w.number)
	return w
}
