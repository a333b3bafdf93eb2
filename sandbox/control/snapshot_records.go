package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// records is a list of a snapshot. What is left out of a record still takes its room in memory: 64
// MiB of {} would be 16 GB of transactions. So a list is refused when its records, or the objects in
// them, are shorter than any the sandbox writes.
type records[T any] []T

// How short hand-written lists may be in any case, and the least an object in a record takes, in bytes.
const (
	recordsAnyway  = 1000
	shortestObject = 32
)

func (r *records[T]) UnmarshalJSON(raw []byte) error {
	if raw[0] != '[' { // null, or nothing a list is made of
		return json.Unmarshal(raw, (*[]T)(r))
	}
	if most := recordsAnyway + len(raw)/shortestObject; objects(raw) > most {
		return tooDense(most, raw)
	}
	written, err := json.Marshal(*new(T))
	if err != nil {
		return err
	}
	most := recordsAnyway + len(raw)/(len(written)/2) // a key's shortest value can be shorter than its zero one
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if _, err := dec.Token(); err != nil {
		return err
	}
	var list []T
	for dec.More() {
		if len(list) == most {
			return tooDense(most, raw)
		}
		var one T
		if err := dec.Decode(&one); err != nil {
			return err
		}
		list = append(list, one)
	}
	*r = slices.Clip(list)
	return nil
}

func tooDense(most int, raw []byte) error {
	return fmt.Errorf("a list of %d bytes has more than %d records, want each with all its keys, as a snapshot has them", len(raw), most)
}

// objects counts the objects in valid JSON.
func objects(raw []byte) (count int) {
	inText := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case c == '{' && !inText:
			count++
		}
	}
	return count
}
