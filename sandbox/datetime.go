package sandbox

import "time"

// DateTimeLayout is QFPay's date and time format, 24 hours.
const DateTimeLayout = "2006-01-02 15:04:05"

// FormatTime gives QFPay's text of an instant, in UTC+8. It does by hand what Format reads a layout for:
// every answer has several.
func FormatTime(t time.Time) string {
	t = t.In(QFPayZone)
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.Format(DateTimeLayout)
	}
	hour, minute, second := t.Clock()
	text := [...]byte{
		'0' + byte(year/1000), '0' + byte(year/100%10), '0' + byte(year/10%10), '0' + byte(year%10),
		'-', '0' + byte(month/10), '0' + byte(month%10), '-', '0' + byte(day/10), '0' + byte(day%10),
		' ', '0' + byte(hour/10), '0' + byte(hour%10), ':', '0' + byte(minute/10), '0' + byte(minute%10), ':', '0' + byte(second/10), '0' + byte(second%10),
	}
	return string(text[:])
}

// parseTime reads a text that FormatTime could have given. time.Parse takes more: a fraction of a
// second, and an hour of one digit.
func parseTime(text string) (time.Time, bool) {
	const shape = "0000-00-00 00:00:00"
	if len(text) != len(shape) {
		return time.Time{}, false
	}
	var fields [6]int
	n := 0
	for i := range len(shape) {
		switch c := text[i]; {
		case shape[i] != '0':
			if c != shape[i] {
				return time.Time{}, false
			}
			n++
		case c < '0' || c > '9':
			return time.Time{}, false
		default:
			fields[n] = 10*fields[n] + int(c-'0')
		}
	}
	at := time.Date(fields[0], time.Month(fields[1]), fields[2], fields[3], fields[4], fields[5], 0, QFPayZone)
	year, month, day := at.Date() // another one where Date carried over
	hour, minute, second := at.Clock()
	return at, fields == [6]int{year, int(month), day, hour, minute, second}
}
