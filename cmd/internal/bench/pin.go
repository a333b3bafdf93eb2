//go:build linux

package main

import (
	"math/bits"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"
)

// cores lists the cores this process may run on.
func cores() []int {
	var mask [16]uint64
	n, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
	if errno != 0 {
		return nil
	}
	var list []int
	for word := range int(n) / 8 {
		for rest := mask[word]; rest != 0; rest &= rest - 1 {
			list = append(list, word*64+bits.TrailingZeros64(rest))
		}
	}
	return list
}

func pinThread(core int) error {
	var mask [16]uint64
	mask[core/64] = 1 << (core % 64)
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask))); errno != 0 {
		return errno
	}
	return nil
}

// startOn starts a process on one core: a child inherits the affinity of the thread that made it.
// It dies with this process.
func startOn(cmd *exec.Cmd, core, home int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := pinThread(core); err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	err := cmd.Start()
	if back := pinThread(home); err == nil {
		err = back
	}
	return err
}

// become replaces this process by itself, all of its threads on one core.
func become(core int, path string, args, environ []string) error {
	runtime.LockOSThread()
	if err := pinThread(core); err != nil {
		return err
	}
	return syscall.Exec(path, args, environ)
}
