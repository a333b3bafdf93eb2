package qfpay

import (
	"slices"
	"strings"
)

// Canonical is the string a signature covers, before the client key is appended: parameters sorted by name in byte
// order, joined as name=value with &, values decoded. sign and sign_type are never part of it, wherever they were sent,
// and parameters with an empty value are left out.
//
// Source: QFPay's authentication page. The document contradicts itself on empty values, see CanonicalWithEmpties.
func (p Params) Canonical() string {
	return string(p.appendCanonical(nil, false))
}

// CanonicalWithEmpties is Canonical with empty values kept (name=). The published 2016 example signs this form although
// the text beside it says otherwise, and the official samples send whatever they hold, so both are accepted.
func (p Params) CanonicalWithEmpties() string {
	return string(p.appendCanonical(nil, true))
}

func (p Params) appendCanonical(dst []byte, empties bool) []byte {
	var few [24]Param
	return joinSorted(dst, p.signed(few[:0], empties))
}

// joinSorted joins parameters that are sorted already.
func joinSorted(dst []byte, sorted []Param) []byte {
	size := len(sorted)
	for i := range sorted {
		size += len(sorted[i].Name) + len(sorted[i].Value) + 1
	}
	dst = slices.Grow(dst, size)
	for i := range sorted {
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = append(dst, sorted[i].Name...)
		dst = append(dst, '=')
		dst = append(dst, sorted[i].Value...)
	}
	return dst
}

// signed appends to dst the parameters a signature covers, sorted. A repeated name sorts by value, so that the order of
// arrival never matters.
func (p Params) signed(dst []Param, empties bool) []Param {
	for _, param := range p {
		if param.Name == "sign" || param.Name == "sign_type" || param.Value == "" && !empties {
			continue
		}
		dst = append(dst, param)
	}
	slices.SortFunc(dst, func(a, b Param) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return strings.Compare(a.Value, b.Value)
	})
	return dst
}
