// Package features holds the scenarios and the catalogue of the rules they judge.
package features

import "embed"

// FS holds the scenarios: integration/ judges any merchant, sandbox/ the fake itself.
//
//go:embed integration/*.feature sandbox/*.feature
var FS embed.FS

// The directories of FS.
const (
	Integration = "integration"
	Sandbox     = "sandbox"
)
