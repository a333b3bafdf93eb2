package steps

import "io/fs"

// SetFiles makes a suite play the scenarios of these files.
func (s *Suite) SetFiles(files fs.FS) { s.files = files }
