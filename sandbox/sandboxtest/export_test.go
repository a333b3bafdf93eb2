package sandboxtest

import "time"

// SetPatience changes how long Wait waits.
func (s *Sandbox) SetPatience(d time.Duration) { s.patience = d }
