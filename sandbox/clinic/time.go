package clinic

import (
	"strconv"
	"strings"
	"time"
)

// timeLayout is how QFPay writes times.
const timeLayout = "2006-01-02 15:04:05"

// timeLayouts are other forms a time is written in; those in front are common.
var timeLayouts = [...]string{
	"2006-01-02T15:04:05", "2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000Z", "20060102150405", "2006-01-02", "2006-01-02 15:04", "2006/01/02 15:04:05", "2006-01-02 03:04:05",
	"2006-01-02T15:04:05+08:00", "2006-01-02T15:04:05.000+08:00", "2006-01-02 15:04:05+08:00", "2006-01-02 15:04:05 +0800", "2006-01-02 15:04:05 +0800 CST", "2006-01-02 15:04:05 +0800 HKT",
	"2006-01-02 15:04:05+00:00", "2006-01-02T15:04:05+00:00", "2006-01-02 15:04:05 +0000 UTC", "2006-01-02 15:04:05.000", "2006-01-02T15:04:05.000", "2006-01-02 15:04:05.0", "2006-01-02 15:04:05.000000",
	"2006-01-02T15:04:05.000000", "2006-01-02T15:04:05.000000Z", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05Z", "2006-1-2 15:04:05", "2006-1-2 15:4:5", "2006/1/2 15:04:05", "2006/1/2 15:4:5",
	"01/02/2006 15:04:05", "02/01/2006 15:04:05", "1/2/2006 3:04:05 PM", "2006-01-02 3:04:05 PM", "2006-01-02 03:04:05 PM", "02-01-2006 15:04:05", "20060102 150405", "20060102T150405Z", "20060102", "060102150405",
	"Mon Jan 2 15:04:05 2006", "Mon Jan _2 15:04:05 2006", "Mon Jan 02 15:04:05 CST 2006", "Mon, 02 Jan 2006 15:04:05 GMT", "Mon Jan 02 2006 15:04:05 GMT+0800", "2006年01月02日 15:04:05", "2006-01-0215:04:05", "2006-01-02-15:04:05",
}

const commonLayouts = 3

// mostTimes bounds the parameters whose times are looked at.
const mostTimes = 3

// times gives other times, and the time in other forms, for parameters that hold one. An arg's t
// is a word about it.
func times(q *request, yield func(arg) bool) {
	found := 0
	for i, it := range q.full {
		at, ok := readTime(it.Value)
		if !ok {
			continue
		}
		if found++; found > mostTimes {
			return
		}
		put := func(s, about string, rare bool) bool {
			return s == it.Value || yield(arg{i: i, s: s, t: about, rare: rare})
		}
		for seconds := 1; seconds <= 60; seconds++ {
			if !put(at.Add(time.Duration(seconds)*time.Second).Format(timeLayout), "", seconds > 1) || !put(at.Add(-time.Duration(seconds)*time.Second).Format(timeLayout), "", seconds > 1) {
				return
			}
		}
		for _, layout := range timeLayouts[:commonLayouts] {
			if !put(at.Format(layout), "", false) {
				return
			}
		}
		for quarters := 1; quarters <= 14*4; quarters++ { // zones are whole quarters of an hour apart
			by := time.Duration(quarters) * 15 * time.Minute
			if !put(at.Add(by).Format(timeLayout), "", by != 8*time.Hour) || !put(at.Add(-by).Format(timeLayout), "", by != 8*time.Hour) {
				return
			}
		}
		if !put(at.AddDate(0, 0, 1).Format(timeLayout), "", true) || !put(at.AddDate(0, 0, -1).Format(timeLayout), "", true) {
			return
		}
		for _, layout := range timeLayouts[commonLayouts:] {
			if !put(at.Format(layout), "", true) {
				return
			}
		}
		for _, hours := range [...]int{8, 0, 7, 9, 4, 1, 2} { // the zone the sender may live in
			utc := at.Add(-time.Duration(hours) * time.Hour)
			for _, epoch := range [...]string{strconv.FormatInt(utc.Unix(), 10), strconv.FormatInt(utc.UnixMilli(), 10)} {
				if !put(epoch, "", true) {
					return
				}
			}
			if hours == 0 {
				continue
			}
			for _, layout := range [...]string{"2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000Z", "2006-01-02T15:04:05", "2006-01-02 15:04:05 UTC", "2006-01-02T15:04:05+00:00"} {
				if !put(utc.Format(layout), "", true) {
					return
				}
			}
		}
		if zero := at.Format(timeLayout); strings.HasSuffix(it.Value, zero[len(zero)-2:]) && !put(zero[:len(zero)-2]+"00", "", true) {
			return
		}
	}
}

// readTime reads a time in QFPay's form or one of those that are often sent in its place.
func readTime(s string) (time.Time, bool) {
	if len(s) < len("20060102150405") || len(s) > len("2006-01-02T15:04:05.000000+08:00") || s[0] < '1' || s[0] > '2' {
		return time.Time{}, false
	}
	for _, layout := range [...]string{timeLayout, "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.999999", "20060102150405", "2006/01/02 15:04:05"} {
		if at, err := time.Parse(layout, s); err == nil {
			_, zone := at.Zone()
			return at.UTC().Add(time.Duration(zone) * time.Second), true
		}
	}
	return time.Time{}, false
}

func timeDetail(q *request, a arg) string {
	it := q.full[a.i]
	text := it.Name + " was signed as " + quoted(a.s) + " and sent as " + quoted(it.Value)
	sent, ok := readTime(it.Value)
	signed, err := time.Parse(timeLayout, a.s)
	if !ok || err != nil {
		return text + ", another form of the time"
	}
	switch by := signed.Sub(sent); {
	case by < 0:
		return text + ", " + (-by).String() + " earlier"
	case by > 0:
		return text + ", " + by.String() + " later"
	default:
		return text + ", another form of the time"
	}
}
