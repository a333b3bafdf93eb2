#!/usr/bin/env bash
# Installs what this machine lacks, where it may: root or sudo without a password, and apt. Where it may not, it prints
# the command to run and exits 2. Silent and quick when nothing is missing; apt-get update runs only before an install.
#
#   .ci/install.sh demo    Go, a browser, a CJK font
#   .ci/install.sh test    those, a C compiler for the race detector, Flask and Requests for the second merchant, and
#                          curl, PHP and Node for the calls integrators make, and chromedriver, a Chromium that has
#                          windows and Xvfb for the other ways to drive a browser
#
# Exit 0 nothing is missing (any more), 1 an install failed, 2 something is missing that a person has to install.
set -euo pipefail

want=${1:-demo}
case $want in
  demo | test) ;;
  *)
    printf 'install: unknown set %q, want demo or test\n' "$want" >&2
    exit 2
    ;;
esac

# lack prints what is missing and what to do about it, and ends.
lack() {
  printf 'install: %s\n' "$1" >&2
  printf '  %s\n' "${@:2}" >&2
  exit 2
}

has_go() {
  command -v go >/dev/null && [[ $(go env GOVERSION 2>/dev/null) =~ ^go1\.(2[6-9]|[3-9][0-9]) ]]
}

# has_browser looks where qfcertify looks. Ubuntu's /usr/bin/chromium-browser without its snap only prints advice.
has_browser() {
  local name path
  for name in ${QFCERTIFY_CHROME:+"$QFCERTIFY_CHROME"} chromium-headless-shell chrome-headless-shell headless-shell headless_shell \
    chromium chromium-browser google-chrome google-chrome-stable chrome /snap/bin/chromium \
    /Applications/{Chromium.app/Contents/MacOS/Chromium,'Google Chrome.app/Contents/MacOS/Google Chrome'}; do
    path=$(command -v "$name") || continue
    [[ $name == chromium-browser ]] && grep -qs 'snap install' "$path" && continue
    return 0
  done
  return 1
}

has_font() {
  [[ $(uname) == Darwin ]] && return 0
  command -v fc-list >/dev/null && [[ -n $(fc-list :lang=zh file) ]]
}

has_compiler() {
  command -v "${CC:-gcc}" >/dev/null && { [[ $(uname) != Linux ]] || [[ -e /usr/include/stdlib.h ]]; }
}

# has_flask asks the Python that fixtures/profiles/flaskshop.yaml starts, without importing, which would take half a
# second.
has_flask() {
  /usr/bin/python3 -c 'import importlib.util as u, sys; sys.exit(not (u.find_spec("flask") and u.find_spec("requests")))' 2>/dev/null
}

# has_window finds what shows a window without a screen, has_driver WebDriver's server and a Chromium that has windows.
has_window() { [[ $(uname) == Darwin ]] || command -v Xvfb >/dev/null; }
has_driver() {
  local name
  command -v chromedriver >/dev/null || return 1
  for name in chromium google-chrome google-chrome-stable chrome; do command -v "$name" >/dev/null && return 0; done
  [[ $(uname) == Darwin ]]
}

has_php() { command -v php >/dev/null && php -r 'exit(extension_loaded("curl") ? 0 : 1);'; }

# has_node wants fetch, which came with Node 18.
has_node() { command -v node >/dev/null && node -e 'process.exit(typeof fetch === "function" ? 0 : 1)'; }

has_roots() { [[ -n ${SSL_CERT_FILE:-} || $(uname) != Linux || -s /etc/ssl/certs/ca-certificates.crt ]]; }

has_go || lack "needs Go 1.26 or newer; found: $(go version 2>/dev/null || echo none)" "install it: https://go.dev/doc/install"

missing=()  # what, in words
packages=() # the Debian packages that bring it
add() {
  missing+=("$1")
  packages+=("${@:2}")
}
browser=
driver=
has_roots || add "certificate authorities" ca-certificates
has_browser || browser=missing
has_font || add "a CJK font" fontconfig fonts-noto-cjk
if [[ $want == test ]]; then
  has_compiler || add "a C compiler (race detector)" gcc libc6-dev
  has_flask || add "Flask and Requests (second merchant)" python3 python3-flask python3-requests
  command -v curl >/dev/null || add "curl" curl
  has_php || add "PHP with curl (integrators' calls)" php-cli php-curl
  has_node || add "Node 18 or newer (integrators' calls)" nodejs
  has_window || add "Xvfb (a visible browser)" xvfb xauth
  has_driver || driver=missing
fi
[[ -n $browser || -n $driver || ${#packages[@]} -gt 0 ]] || exit 0
[[ -z $browser ]] || missing=("a Chromium or Chrome" "${missing[@]}")
[[ -z $driver ]] || missing+=("chromedriver and a Chromium with windows (other drivers)")
list=$(printf '%s; ' "${missing[@]}")
list=${list%; }

advice="apt-get update && apt-get install -y${browser:+ chromium-headless-shell}${driver:+ chromium chromium-driver}$(printf ' %s' ${packages[@]+"${packages[@]}"})"
command -v apt-get >/dev/null ||
  lack "missing: $list" "there is no apt here; install these with your system's package manager and run this again" \
    "(on Debian: $advice)"
as_root=()
if ((EUID)); then
  sudo -n true 2>/dev/null ||
    lack "missing: $list" "this user may not install; run as root:" "$advice" \
      "(where there is no package chromium-headless-shell, any Chromium or Chrome will do)"
  as_root=(sudo -n)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null; then
    printf 'install: apt-get %s failed; the end of its output:\n' "$*" >&2
    tail -n 15 "$log" >&2
    exit 1
  fi
}
offers() { [[ $(apt-cache policy "$1") =~ Candidate:\ [^\(] ]]; }

printf 'install      missing: %s\n' "$list"
apt update
if [[ -n $browser ]]; then
  if offers chromium-headless-shell; then
    packages+=(chromium-headless-shell)
  elif offers chromium; then
    packages+=(chromium)
  elif ((${#packages[@]})); then
    printf 'install      apt-get install %s\n' "${packages[*]}"
    apt install -y --no-install-recommends "${packages[@]}"
    packages=()
  fi
fi
if [[ -n $driver ]]; then
  if offers chromium-driver; then
    packages+=(chromium chromium-driver)
  else
    printf 'install      apt offers no chromium-driver here: where CI is not set, the tests that want it are skipped\n'
  fi
fi
if ((${#packages[@]})); then
  printf 'install      apt-get install %s\n' "${packages[*]}"
  apt install -y --no-install-recommends "${packages[@]}"
fi

has_browser || lack "apt offers no Chromium here: Ubuntu ships it as a snap only, and this script installs none" \
  "install Google Chrome from its .deb (https://www.google.com/chrome): apt-get install ./google-chrome-stable_current_amd64.deb" \
  "or the snap: snap install chromium" "then run this again"
has_font || lack "no CJK font although fonts-noto-cjk is installed" "see: fc-list :lang=zh"
if [[ $want == test ]]; then
  has_compiler || lack "no C compiler although gcc is installed" "unset CC, or point it at a compiler"
  has_flask || lack "/usr/bin/python3 does not see flask and requests although their packages are installed" \
    "/usr/bin/python3 -c 'import flask, requests' says why"
  has_php || lack "php has no curl although php-curl is installed" "php -m lists what it has; another php may be first in PATH"
  has_node || lack "node has no fetch although nodejs is installed" "node --version says which it is; want 18 or newer"
fi
printf 'install      done\n'
