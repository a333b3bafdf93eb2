#!/usr/bin/env bash
# Makes stand-ins for the two base images of the Dockerfile, golang:1.26-bookworm and debian:bookworm-slim,
# on a machine that no image registry answers. A tag that is here, or that can be pulled, is left alone.
#
# The stand-in is debootstrap's minimal Debian with this machine's apt mirror, apt settings and CA bundle; the golang
# one has this machine's Go toolchain besides (no C compiler: the build runs with CGO_ENABLED=0). Nothing here names a
# host: the mirror is whatever apt uses on this machine, so what the machine reaches the image's build reaches.
#
# Exit 0 both tags are there, 1 one could not be made, 2 something is missing on this machine.
set -euo pipefail

readonly suite=bookworm
readonly debian_tag=debian:bookworm-slim
readonly golang_tag=golang:1.26-bookworm
readonly answer_seconds=20 pull_seconds=900
readonly label=standin=debootstrap

say() { printf 'base-images  %s\n' "$*"; }
need() {
  printf 'base-images: %s\n' "$1" >&2
  printf '  %s\n' "${@:2}" >&2
  exit 2
}

have() { docker image inspect "$1" >/dev/null 2>&1; }

# obtain reports whether the tag is here or could be pulled. A registry that shows no sign of an answer is given up
# early; one that answers may take its time.
obtain() {
  local tag=$1 log pid answered='' tick
  if have "$tag"; then
    say "$tag  is here"
    return 0
  fi
  log=$(mktemp)
  timeout "$pull_seconds" docker pull "$tag" >"$log" 2>&1 </dev/null &
  pid=$!
  for ((tick = 0; tick < answer_seconds * 5; tick++)); do
    kill -0 "$pid" 2>/dev/null || break
    if grep -q 'Pull' "$log"; then
      answered=yes
      break
    fi
    sleep 0.2
  done
  if [[ -z $answered ]] && kill "$pid" 2>/dev/null; then
    printf 'no answer in %s s\n' "$answer_seconds" >"$log"
  fi
  if wait "$pid"; then
    say "$tag  pulled"
    rm -f "$log"
    return 0
  fi
  say "$tag  absent, cannot be pulled: $(tail -n 1 "$log")"
  rm -f "$log"
  return 1
}

# sources prints sources.list lines for the suite from the mirrors apt uses on this machine. Where the machine runs
# another Debian release its suites are renamed; a mirror without the suite fails in debootstrap, which says so.
sources() {
  local host_suite
  host_suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  # shellcheck disable=SC2016 # the words in $() are apt's
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v from="$host_suite" -v to="$suite" '
      $3 == "main" && from != "" && index($2, from) == 1 {
        line = "deb " $1 " " to substr($2, length(from) + 1) " main"
        if (!seen[line]++) print line
      }'
}

# mirror prints the first of those mirrors that serves the plain suite.
mirror() { sources | awk -v suite="$suite" '$3 == suite && !n++ { print $2 }'; }

command -v docker >/dev/null || need "no docker client on this machine" "install docker (Debian and Ubuntu: apt-get install docker.io)"
docker version --format '{{.Server.Version}}' >/dev/null 2>&1 ||
  need "the docker engine does not answer" "start it (systemctl start docker), or point DOCKER_HOST at one"

missing=()
for tag in "$debian_tag" "$golang_tag"; do
  obtain "$tag" || missing+=("$tag")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID)); then
  sudo -n true 2>/dev/null || need "stand-ins need root (debootstrap)" "run as root: sudo $0"
  as_root=(sudo -n)
fi
command -v apt-get >/dev/null ||
  need "stand-ins are made with debootstrap from this machine's apt mirror, and there is no apt here" \
    "pull ${missing[*]} where a registry answers and carry them over: docker save, docker load"
if ! command -v debootstrap >/dev/null && ! [[ -x /usr/sbin/debootstrap ]]; then
  say "installing debootstrap"
  if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap; } >/dev/null; then
    need "debootstrap is missing and could not be installed" "apt-get update && apt-get install debootstrap"
  fi
fi
url=$(mirror)
[[ -n $url ]] || need "apt on this machine names no Debian mirror" "add one to /etc/apt/sources.list, or docker load ${missing[*]}"

goroot=
for tag in "${missing[@]}"; do
  [[ $tag == "$golang_tag" ]] || continue
  command -v go >/dev/null || need "no Go toolchain to copy into $golang_tag" "install Go 1.26 or newer: https://go.dev/doc/install"
  goroot=$(go env GOROOT)
  [[ $(go env GOVERSION) =~ ^go1\.(2[6-9]|[3-9][0-9]) ]] ||
    need "$(go env GOVERSION) is too old for $golang_tag" "install Go 1.26 or newer: https://go.dev/doc/install"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/base-images.XXXXXX")
clean() { "${as_root[@]}" rm -rf -- "$work"; }
trap clean EXIT
trap 'exit 1' INT TERM
root=$work/root

say "debootstrap $suite from the mirror apt uses here (a minute or two)"
if ! "${as_root[@]}" env PATH="$PATH:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive \
  debootstrap --variant=minbase "$suite" "$root" "$url" >"$work/log" 2>&1; then
  printf 'base-images: debootstrap failed; the end of its log:\n' >&2
  tail -n 15 "$work/log" >&2
  exit 1
fi

put() { "${as_root[@]}" tee "$root$1" >/dev/null; } # put PATH: standard input becomes that file of the image
sources | put /etc/apt/sources.list
apt-config dump | { grep -E '^Acquire::(Check|http|https)' || true; } | put /etc/apt/apt.conf.d/99machine
ca=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
if [[ -r $ca ]]; then
  "${as_root[@]}" mkdir -p "$root/etc/ssl/certs"
  put /etc/ssl/certs/ca-certificates.crt <"$ca"
fi
"${as_root[@]}" rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root/var/log/bootstrap.log" \
  "$root/etc/resolv.conf" "$root/etc/hostname"
"${as_root[@]}" find "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale" -type f -delete

for tag in "${missing[@]}"; do
  if [[ $tag == "$golang_tag" ]]; then
    "${as_root[@]}" mkdir -p "$root/usr/local/go" "$root/go/src" "$root/go/bin"
    "${as_root[@]}" tar -C "$goroot" --exclude=./test --exclude=./api --exclude=./doc -cf - . | "${as_root[@]}" tar -C "$root/usr/local/go" -xf -
    changes=(--change 'ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
      --change 'ENV GOPATH=/go' --change 'ENV GOTOOLCHAIN=local' --change 'WORKDIR /go')
  else
    changes=(--change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
  fi
  "${as_root[@]}" tar -C "$root" --one-file-system --numeric-owner -cf - . |
    docker import "${changes[@]}" --change 'CMD ["bash"]' --change "LABEL $label" - "$tag" >/dev/null
  have "$tag" || { printf 'base-images: docker import left no %s\n' "$tag" >&2; exit 1; }
  say "$tag  stand-in made ($(docker image inspect -f '{{.Size}}' "$tag" | awk '{printf "%.0f MB", $1 / 1e6}'))"
done
say "to replace the stand-ins later: docker rmi ${missing[*]}"
