//go:build !darwin && !linux

package main

import "os"

// columnsOf does not know here; COLUMNS or the default say it.
func columnsOf(*os.File) int { return 0 }
