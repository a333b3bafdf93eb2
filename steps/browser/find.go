package browser

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// EnvChrome names the environment variable that chooses the browser, before any search.
const EnvChrome = "QFCERTIFY_CHROME"

// ErrNoBrowser means that no Chromium was found; the error that wraps it says what to install.
var ErrNoBrowser = errors.New("no browser found")

// headlessShells can only run without a window. They start twice as fast as a full Chromium and make no requests of
// their own, so they come first.
var headlessShells = []string{
	debianShell, "chromium-headless-shell", "chrome-headless-shell", "headless-shell", "headless_shell",
}

// debianShell is what Debian's /usr/bin/chromium-headless-shell, a shell script that stays, starts. Killing the script
// leaves the browser running for a while, so it is left out.
const debianShell = "/usr/lib/chromium/chromium-headless-shell"

var fullBrowsers = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	"/snap/bin/chromium",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// Find is the path of the browser to use: the one QFCERTIFY_CHROME names, else the first of the usual names on PATH,
// headless shells before full browsers.
func Find() (string, error) {
	return find(slices.Concat(headlessShells, fullBrowsers))
}

// onlyAdvises reports whether a program is Ubuntu's stand-in for Chromium's snap: a shell script that prints how to install
// it where it is not.
func onlyAdvises(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	begin := make([]byte, 4<<10)
	n, _ := io.ReadFull(f, begin) // shorter ones are whole
	return bytes.HasPrefix(begin, []byte("#!")) && bytes.Contains(begin[:n], []byte("snap install"))
}

func find(names []string) (string, error) {
	if chosen := os.Getenv(EnvChrome); chosen != "" {
		path, err := exec.LookPath(chosen)
		if err != nil {
			return "", fmt.Errorf("%w: %s is %q, which cannot be run: %w", ErrNoBrowser, EnvChrome, chosen, err)
		}
		return path, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil && !onlyAdvises(path) {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: none of %s is here; on Debian run "+
		"\"apt-get install chromium-headless-shell fonts-noto-cjk\", elsewhere install Chromium or Google Chrome, "+
		"or set %s to the path of one", ErrNoBrowser, strings.Join(names, ", "), EnvChrome)
}
