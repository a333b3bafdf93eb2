// Package features holds the scenarios and the catalogue of the rules they judge.
package features

import "embed"

// FS holds the scenarios: integration/ judges any merchant, sandbox/ the fake itself without a browser,
// browser/ what of the fake only a browser sees: @page with a page of the suite's own, @shop with petshop.
//
//go:embed integration/*.feature sandbox/*.feature browser/*.feature
var FS embed.FS

// The directories of FS.
const (
	Integration = "integration"
	Sandbox     = "sandbox"
	Browser     = "browser"
)
