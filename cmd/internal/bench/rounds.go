//go:build linux

package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// How much is measured. The whole stays under four minutes on two cores.
const (
	rounds     = 9
	warmUp     = 150 * time.Millisecond
	window     = 700 * time.Millisecond
	fullAfter  = 24_000 // enquiries after which a new sandbox's journal holds all it keeps
	fewApps    = 10
	fewOrders  = 1_000
	manyApps   = 10_000
	manyOrders = 1_000_000
)

// The servers that are compared.
const (
	theFloor = "floor"
	few      = "few"  // a sandbox with a thousand orders
	many     = "many" // one with a million
)

// The calls that are measured, in the order of a round: payments last, for they store orders.
var calls = []string{enquiryPath, exchangePath, paymentPath}

// series are the rounds' measurements of each server and call.
type series map[string]map[string][]measurement

func (s series) add(server, call string, m measurement) {
	if s[server] == nil {
		s[server] = map[string][]measurement{}
	}
	s[server][call] = append(s[server][call], m)
}

// each picks one figure of every round.
func (s series) each(server, call string, figure func(measurement) float64) []float64 {
	var list []float64
	for _, m := range s[server][call] {
		list = append(list, figure(m))
	}
	return list
}

func perSecond(m measurement) float64 { return m.perSecond }
func p99(m measurement) float64       { return m.p99 }
func cpu(m measurement) float64       { return m.cpu }
func busy(m measurement) float64      { return m.busy }
func loadHad(m measurement) float64   { return m.loadHad }

// target is a server under load.
type target struct {
	name         string
	process      *process
	client       *client
	apps, orders int
	sandbox      bool
	next         int // the first number nobody has used
}

func (b *bench) target(name string, apps, orders int) (*target, error) {
	t := &target{name: name, apps: apps, orders: orders, sandbox: name != theFloor}
	var err error
	if t.sandbox {
		t.process, err = start(b.cores, b.self, "serve", "-apps", fmt.Sprint(apps), "-orders", fmt.Sprint(orders))
	} else {
		t.process, err = start(b.cores, b.floor, "-with-parent", "-answers", b.answers)
	}
	if err != nil {
		return nil, err
	}
	if t.client, err = dial(t.process.addr); err != nil {
		return nil, fmt.Errorf("%w (%v)", err, t.process.end())
	}
	return t, nil
}

func (t *target) end() error {
	t.client.close()
	return t.process.end()
}

// prepare makes the requests of one round, and at the server what they need.
func (t *target) prepare(call string, count int) (load, error) {
	first := t.next
	t.next += count
	what := ""
	var l load
	switch call {
	case enquiryPath:
		return enquiries(count, t.orders, t.apps), nil
	case exchangePath:
		l, what = exchanges(first, count, t.apps), "codes"
	default:
		l, what = payments(first, count, t.apps, clock{}), "payers"
	}
	if !t.sandbox {
		return l, nil
	}
	_, err := t.process.tell(what, first, count)
	return l, err
}

type clock struct{}

func (clock) Now() time.Time { return time.Now() }

var _ sandbox.Clock = clock{}

// measure plays the rounds. The floor and the sandbox with few orders begin each of them anew, so
// that few stay few; the one with many is the same throughout.
func (b *bench) measure(filled *target) (series, error) {
	s := series{}
	for round := range rounds {
		if err := b.round(s, filled, round); err != nil {
			return s, fmt.Errorf("round %d: %w", round+1, err)
		}
		fmt.Fprintf(b.progress, "round %d of %d: payment %.2f of the floor\n", round+1, rounds,
			s[few][paymentPath][round].perSecond/s[theFloor][paymentPath][round].perSecond)
	}
	return s, nil
}

func (b *bench) round(s series, filled *target, round int) (err error) {
	bare, err := b.target(theFloor, fewApps, fewOrders)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.end()) }()
	fresh, err := b.target(few, fewApps, fewOrders)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fresh.end()) }()
	if err = b.fillJournal(fresh); err != nil {
		return err
	}
	targets := []*target{bare, fresh, filled}
	if round == 0 {
		if err = b.fillJournal(filled); err != nil {
			return err
		}
	}
	if round%2 == 1 {
		targets = []*target{filled, fresh, bare}
	}
	for _, call := range calls {
		for _, t := range targets {
			m, err := b.run(t, call)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", call, t.name, err)
			}
			s.add(t.name, call, m)
		}
	}
	return nil
}

// fillJournal lets a sandbox reach the state it will stay in.
func (b *bench) fillJournal(t *target) error {
	l, err := t.prepare(enquiryPath, fullAfter)
	if err != nil {
		return err
	}
	l.once = true
	_, err = t.client.run(l, t.process, 0, time.Minute)
	return err
}

// run measures one call on one server. The requests are made before, enough for the rate of the
// round before.
func (b *bench) run(t *target, call string) (measurement, error) {
	key := t.name + call
	count := 60_000
	if rate := b.rates[key]; rate > 0 {
		count = int(1.5 * rate * (warmUp + window).Seconds())
	}
	l, err := t.prepare(call, count)
	if err != nil {
		return measurement{}, err
	}
	m, err := t.client.run(l, t.process, warmUp, window)
	b.rates[key] = max(m.perSecond, b.rates[key])
	return m, err
}
