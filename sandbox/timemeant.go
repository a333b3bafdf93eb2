package sandbox

import (
	"strconv"
	"strings"
	"time"
)

// timeForm is a way to write an instant that QFPay does not take.
type timeForm struct {
	name, layout string
	// zoned: the text says its zone; otherwise its digits are kept.
	zoned bool
}

// timeForms are tried in this order; time.Parse takes a fraction behind any seconds by itself.
var timeForms = []timeForm{
	{"ISO 8601, with a T and a zone", "2006-01-02T15:04:05Z07:00", true},
	{"ISO 8601, with a T and a zone", "2006-01-02T15:04:05Z0700", true},
	{"ISO 8601, with a T", "2006-01-02T15:04:05", false},
	{"ISO 8601 without seconds", "2006-01-02T15:04Z07:00", true},
	{"ISO 8601 without seconds", "2006-01-02T15:04", false},
	{"a time with its zone behind it", "2006-01-02 15:04:05Z07:00", true},
	{"a time with its zone behind it", "2006-01-02 15:04:05 -0700 MST", true},
	{"a time with its zone behind it", "2006-01-02 15:04:05 -0700", true},
	{"a time with its zone behind it", "2006-01-02 15:04:05 MST", true},
	{"a date and time with single digits", "2006-1-2 15:4:5", false},
	{"a time of twelve hours", "2006-01-02 03:04:05 PM", false},
	{"a time without seconds", "2006-01-02 15:04", false},
	{"a date with slashes", "2006/1/2 15:4:5", false},
	{"a date with slashes", "2006/1/2 15:04", false},
	{"a date with slashes, without a time", "2006/1/2", false},
	{"a date with dots", "2006.1.2 15:4:5", false},
	{"a date alone", "2006-1-2", false},
	{"RFC 2822", "Mon, 2 Jan 2006 15:04:05 -0700", true},
	{"RFC 2822", "2 Jan 2006 15:04:05 -0700", true},
	{"RFC 1123, as in HTTP", "Mon, 2 Jan 2006 15:04:05 MST", true},
	{"RFC 850", time.RFC850, true},
	{"a Unix date", time.UnixDate, true},
	{"a C date", time.ANSIC, false},
	{"a JavaScript date", "Mon Jan 2 2006 15:04:05 GMT-0700", true},
	{"digits without separators", "20060102150405", false},
	{"a date alone, without separators", "20060102", false},
}

// timeMeant reads a text that is no YYYY-MM-DD hh:mm:ss, names the form it has, and gives the same
// instant as QFPay wants it: in UTC+8 where the text says its zone, with its own digits where not.
func timeMeant(text string) (form, want string) {
	s := strings.TrimSpace(text)
	if len(s) == 0 || len(s) > 80 {
		return "", ""
	}
	if decoded := strings.NewReplacer("+", " ", "%20", " ", "%3A", ":", "%3a", ":", "%2B", "+").Replace(s); decoded != s {
		if _, ok := parseTime(decoded); ok {
			return "a time that was percent-encoded twice", decoded
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		switch len(s) {
		case 10:
			return "seconds since 1970", FormatTime(time.Unix(n, 0))
		case 13:
			return "milliseconds since 1970", FormatTime(time.UnixMilli(n))
		}
	}
	s, _, _ = strings.Cut(s, " (")  // JavaScript's name of the zone
	s, _, _ = strings.Cut(s, " m=") // Go's monotonic clock
	for _, f := range timeForms {
		at, err := time.ParseInLocation(f.layout, s, QFPayZone)
		if err != nil || at.Year() < 1970 || at.Year() > 9999 {
			continue
		}
		form, want = f.name, at.Format(DateTimeLayout)
		zone, offset := at.Zone()
		if f.zoned && (strings.Contains(f.layout, "07") || offset != 0 || zone == "UTC" || zone == "GMT") { // other abbreviations say nothing
			want = FormatTime(at)
		}
		if at.Nanosecond() != 0 || strings.Contains(s, ".0") {
			if form == "a date and time with single digits" {
				return "a time with a fraction of a second", want
			}
			form += ", with a fraction of a second"
		}
		return form, want
	}
	if len(s) == len(DateTimeLayout) && strings.Trim(s, "0123456789-: ") == "" {
		return "a date or time that does not exist", ""
	}
	return "", ""
}

// refuseTime is the refusal of a text that is no date and time of QFPay's.
func refuseTime(name, value, detail string) *Refusal {
	r := RefuseParameter(name, value, detail).Want(name + " as YYYY-MM-DD hh:mm:ss")
	form, want := timeMeant(value)
	switch {
	case form == "":
	case want == "":
		r.Change = Shown(value) + " is " + form
	default:
		r.Expected = name + "=" + want
		r.Change = Shown(value) + " is " + form + "; send " + name + "=" + want
	}
	return r
}
