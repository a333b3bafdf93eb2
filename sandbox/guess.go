package sandbox

import "strings"

// Guess names the word most likely meant, of those between commas and blanks, to go behind a refusal;
// empty when none is near.
func Guess(wrong, allowed string) string {
	best, least := "", max(1, (len(wrong)+1)/3)+1
	for word := range strings.SplitSeq(allowed, ", ") {
		d := distance(strings.ToLower(wrong), word)
		if squeezed(wrong) == squeezed(word) {
			d = 0 // notifyUrl, Notify-URL
		}
		if d < least {
			best, least = word, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

func squeezed(s string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(s))
}

// distance is how many letters to change, add, leave out or swap with their neighbour.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	var before, above []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := above[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
