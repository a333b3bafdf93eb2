package steps

import "io/fs"

// SetFiles makes a suite play the scenarios of these files.
func (s *Suite) SetFiles(files fs.FS) { s.files = files }

// Phones are the sentences' words for browser kinds.
var Phones = phones
