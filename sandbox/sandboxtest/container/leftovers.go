package container

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/moby/moby/client"
)

// ownerLabel names the process a container belongs to.
const ownerLabel = "qfpay-sandbox.owner"

// owner labels a container with this process. A process id means something within one machine and one
// namespace of it only, so both are named with it.
func owner() map[string]string {
	return map[string]string{ownerLabel: place() + " " + strconv.Itoa(os.Getpid())}
}

func place() string {
	host, _ := os.Hostname()                         // empty is a place too
	namespace, _ := os.Readlink("/proc/self/ns/pid") // on Linux
	return host + " " + namespace
}

// removeLeftovers removes containers of processes of this place that are gone: a killed test cannot end
// its own. It is a courtesy: what it cannot list or remove it leaves.
func removeLeftovers(ctx context.Context, engine client.APIClient) {
	found, err := engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("label", ownerLabel)})
	if err != nil {
		return
	}
	for _, c := range found.Items {
		process, ours := strings.CutPrefix(c.Labels[ownerLabel], place()+" ")
		pid, err := strconv.Atoi(process)
		if !ours || err != nil || !gone(pid) {
			continue
		}
		_, _ = engine.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	}
}

// gone reports whether no process has this id; where that cannot be known it is taken to run.
func gone(pid int) bool {
	process, err := os.FindProcess(pid)
	return err == nil && errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
