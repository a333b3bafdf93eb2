//go:build darwin || linux

package main

import (
	"os"
	"syscall"
	"unsafe"
)

// columnsOf gives how wide a terminal is, 0 where f is none.
func columnsOf(f *os.File) int {
	var size struct{ rows, columns, width, height uint16 }
	if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size))); failed != 0 {
		return 0
	}
	return int(size.columns)
}
