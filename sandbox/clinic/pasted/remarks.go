package pasted

import "fmt"

// Remark is something about how a request was written down.
type Remark struct {
	// ID is one of the constants below.
	ID             string
	Detail, Change string
	// Mistake: what was written is not what was sent.
	Mistake bool
}

// The remarks there are.
const (
	CutByShell        = "pasted-cut-by-shell"
	LineNotContinued  = "pasted-line-not-continued"
	TypographicQuotes = "pasted-typographic-quotes"
	Variable          = "pasted-variable"
	OptionUnknown     = "pasted-option-unknown"
	AddressExtra      = "pasted-address-extra"
	FragmentCut       = "pasted-cut-at-hash"
	BodyShort         = "pasted-body-short"
	AddressEncoded    = "pasted-address-encoded"
	FileLeftOut       = "pasted-file-left-out"
)

// Meanings says what each remark means, whatever the request.
func Meanings() map[string]string {
	return map[string]string{
		CutByShell:        "the shell ended the command at an & outside quotes",
		LineNotContinued:  "the shell ended the command with a line",
		TypographicQuotes: "the quotes are typographic ones, which a shell takes for letters",
		Variable:          "the command holds a variable",
		OptionUnknown:     "an option of curl's was left out",
		AddressExtra:      "curl takes a word for one more address",
		FragmentCut:       "what stands behind a # in an address is never sent",
		BodyShort:         "the body is shorter than the request says",
		AddressEncoded:    "the address holds characters that no address may hold",
		FileLeftOut:       "a file was left out",
	}
}

// remark adds one of each kind: one is enough to be told.
func (r *Request) remark(mistake bool, id, change, format string, args ...any) {
	for _, said := range r.Remarks {
		if said.ID == id {
			return
		}
	}
	r.Remarks = append(r.Remarks, Remark{ID: id, Detail: fmt.Sprintf(format, args...), Change: change, Mistake: mistake})
}
