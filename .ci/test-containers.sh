#!/usr/bin/env bash
# Builds the three images, brings the compose file up, certifies petshop inside the network, and holds the containers
# to what they promise: small, read-only, unprivileged, quick to stop (make test-containers).
#
# The project name and the published ports are this run's own, so it meets no other. Images stay, tagged test, as a
# cache for the next run. COMPOSE chooses the compose command; otherwise docker compose, else docker-compose.
#
# Exit 0 all held, 1 something did not, 2 no engine or no compose on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly out=out/containers
readonly sandbox_limit=20000000 # bytes
readonly stop_limit=2000        # milliseconds
readonly healthy_limit=60       # seconds

say() { printf '%-12s %s\n' "$1" "$2"; }
refuse() {
  printf 'test-containers: %s\n' "$1" >&2
  printf '  %s\n' "${@:2}" >&2
  exit 2
}
fail() {
  printf 'test-containers: %s\n' "$1" >&2
  printf '  %s\n' "${@:2}" >&2
  exit 1
}
millis() { echo $(($(date +%s%N) / 1000000)); }

command -v docker >/dev/null ||
  refuse "no docker client on this machine" "install docker and docker compose (Debian: apt-get install docker.io docker-compose)"
engine=$(docker version --format '{{.Server.Version}}' 2>/dev/null) ||
  refuse "the docker engine does not answer" "start it (systemctl start docker), or point DOCKER_HOST at one"
if [[ -n ${COMPOSE:-} ]]; then
  read -ra compose <<<"$COMPOSE"
elif docker compose version >/dev/null 2>&1; then
  compose=(docker compose)
elif command -v docker-compose >/dev/null; then
  compose=(docker-compose)
else
  refuse "no compose on this machine" "install docker compose v2, or docker-compose 1.29 (Debian: apt-get install docker-compose)"
fi
say engine "$engine, $("${compose[@]}" version --short) (${compose[*]})"

export COMPOSE_PROJECT_NAME=qfpay-test-$$-$RANDOM
export SANDBOX_PORT=0 CONTROL_PORT=0 PETSHOP_PORT=0 # 0: any free port
export IMAGE_TAG=test BROWSER_DOMAIN='' CERTIFY_OUT=''
VERSION=$(git describe --tags --always --dirty 2>/dev/null || echo test)
export VERSION
if command -v go >/dev/null; then # what this machine's go uses, the build in the container can use
  GOPROXY=$(go env GOPROXY) GOSUMDB=$(go env GOSUMDB)
  export GOPROXY GOSUMDB
fi

rm -rf "$out"
mkdir -p "$out"
build_log=$out/build.log

# ours prints the ids of every container of this run, those of an interrupted compose run included.
ours() { docker ps -aq --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME"; }
down() {
  local ids
  ids=$(ours)
  # shellcheck disable=SC2086 # ids are words
  [[ -z $ids ]] || docker rm -f $ids >/dev/null 2>&1 || true
  "${compose[@]}" --profile certify --profile unchanged down -v --remove-orphans >/dev/null 2>&1 || true
}
finish() {
  local code=$?
  if ((code)) && [[ -n $(ours) ]]; then
    printf '\nthe last words of the containers and of their probes:\n' >&2
    "${compose[@]}" logs --no-color --tail 30 >&2 2>/dev/null || true
    # shellcheck disable=SC2046 # ids are words
    docker inspect -f '{{.Name}} {{.State.Status}} {{with .State.Health}}{{.Status}}{{range .Log}}; {{.ExitCode}} {{.Output}}{{end}}{{end}}' \
      $(ours) >&2 || true
  fi
  down
  if ((code)); then
    printf 'containers   failed (exit %d); logs and reports in %s\n' "$code" "$out" >&2
  fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

.ci/base-images.sh

mark=$SECONDS
say build "sandbox, petshop, certify (log in $build_log)"
if ! "${compose[@]}" --profile certify build >"$build_log" 2>&1; then
  tail -n 30 "$build_log" >&2
  fail "an image does not build" "the whole log is in $build_log"
fi
say build "done in $((SECONDS - mark)) s"

bytes() { docker image inspect -f '{{.Size}}' "qfpay-sandbox/$1:$IMAGE_TAG"; }
for image in sandbox petshop certify; do
  say size "$(printf '%-8s %8.1f MB' "$image" "$(bytes "$image" | awk '{print $1 / 1e6}')")"
done
(($(bytes sandbox) <= sandbox_limit)) ||
  fail "the sandbox image has $(bytes sandbox) bytes, allowed are $sandbox_limit" \
    "something large was linked or embedded: go list -deps ./cmd/qfsandbox"

# The Go module that starts the image in tests; a machine whose images are built elsewhere may have no Go.
if command -v go >/dev/null; then
  mark=$(millis)
  (cd sandbox/sandboxtest/container && CI=true QFSANDBOX_IMAGE="qfpay-sandbox/sandbox:$IMAGE_TAG" go test -v -count=1 ./...) >"$out/sandboxtest.log" 2>&1 || {
    grep -E -A 20 '^ *--- FAIL|^panic|^FAIL|^go: ' "$out/sandboxtest.log" >&2 || tail -n 30 "$out/sandboxtest.log" >&2
    fail "the tests of sandbox/sandboxtest/container fail" "their output is in $out/sandboxtest.log"
  }
  say sandboxtest "$(grep -c '^--- PASS' "$out/sandboxtest.log") tests with the image passed in $(($(millis) - mark)) ms"
elif [[ -n ${CI:-} ]]; then
  fail "no go on this machine" "the tests of sandbox/sandboxtest/container need it"
else
  say sandboxtest "not run: no go on this machine"
fi

mark=$SECONDS
"${compose[@]}" up -d >"$out/up.log" 2>&1 || {
  cat "$out/up.log" >&2
  fail "compose up failed" "see above"
}
container() { docker ps -aq --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" --filter "label=com.docker.compose.service=$1"; }
for service in sandbox petshop; do
  id=$(container "$service")
  until [[ $(docker inspect -f '{{.State.Health.Status}}' "$id") == healthy ]]; do
    [[ $(docker inspect -f '{{.State.Running}}' "$id") == true ]] ||
      fail "$service ended before it was healthy" "its last words are below"
    ((SECONDS - mark < healthy_limit)) ||
      fail "$service is not healthy after $healthy_limit s" "what its probe says is below"
    sleep 0.2
  done
done
say up "sandbox and petshop are healthy after $((SECONDS - mark)) s"
docker logs "$(container sandbox)" 2>/dev/null | grep DEMOSHOP01 >/dev/null ||
  fail "the sandbox does not list the Apps of fixtures/seed/demo.yaml" "docker-compose.yml mounts the seed and names it in QFSANDBOX_SEED_FILE"
say seed "the sandbox started with fixtures/seed/demo.yaml"

# expect FACT GOT WANT, for $service
expect() {
  [[ $2 == "$3" ]] || fail "$service: $1: ${2:-nothing}, want $3" "set it for $service in docker-compose.yml or in its stage of the Dockerfile"
}
for service in sandbox petshop; do
  id=$(container "$service")
  look() { docker inspect -f "$1" "$id"; }
  expect "user" "$(look '{{.Config.User}}')" 65532:65532
  expect "read-only root" "$(look '{{.HostConfig.ReadonlyRootfs}}')" true
  expect "dropped capabilities" "$(look '{{.HostConfig.CapDrop}}')" '[ALL]'
  expect "added capabilities" "$(look '{{len .HostConfig.CapAdd}}')" 0
  expect "privileged" "$(look '{{.HostConfig.Privileged}}')" false
  expect "security options" "$(look '{{.HostConfig.SecurityOpt}}')" '[no-new-privileges:true]'
  expect "addresses published on" "$(look '{{range .NetworkSettings.Ports}}{{range .}}{{println .HostIp}}{{end}}{{end}}' | sort -u | xargs)" 127.0.0.1
  # What the kernel says, where the engine's processes are this machine's.
  status=/proc/$(look '{{.State.Pid}}')/status
  seen="as configured"
  if [[ $(awk '/^Name:/ { print $2 }' "$status" 2>/dev/null) == *"$service" ]]; then
    seen="as the kernel sees it"
    expect "uid" "$(awk '/^Uid:/ { print $2, $3, $4 }' "$status")" "65532 65532 65532"
    expect "effective and bounding capabilities" "$(awk '/^Cap(Eff|Bnd):/ { print $2 }' "$status" | sort -u)" 0000000000000000
    expect "NoNewPrivs" "$(awk '/^NoNewPrivs:/ { print $2 }' "$status")" 1
  fi
  say locked "$(printf '%-8s read-only, uid 65532, no capability (%s)' "$service" "$seen")"
done

mark=$(millis)
code=0
"${compose[@]}" run --rm -T certify </dev/null || code=$?
# The reports are in a volume; a container that never runs hands them out.
holder=$(docker create -v "${COMPOSE_PROJECT_NAME}_reports:/out" "qfpay-sandbox/certify:$IMAGE_TAG")
docker cp "$holder:/out/." "$out/certify" >/dev/null
docker rm "$holder" >/dev/null
((code == 0)) || fail "certify exits $code, want 0" "its report is in $out/certify"
say certify "passed in $(($(millis) - mark)) ms, report in $out/certify"

code=0
"${compose[@]}" run --rm -T certify run NONE-99 >"$out/nothing.log" 2>&1 </dev/null || code=$?
((code == 2)) || fail "certify of a rule that does not exist exits $code, want 2" "its output is in $out/nothing.log"
say certify "of nothing exits 2, as it must"

# An integration with the vendors' own host names in it.
mark=$(millis)
code=0
"${compose[@]}" --profile unchanged run --rm -T certify-unchanged run --show-steps >"$out/unchanged.log" 2>&1 </dev/null || code=$?
((code == 0)) || {
  tail -n 30 "$out/unchanged.log" >&2
  fail "certify-unchanged exits $code, want 0" "all of it is in $out/unchanged.log"
}
for call in 'openapi-hk.qfapi.com/trade/v1/payment  200 0000' 'o2-hk.qfapi.com/q/direct  200' 'open.weixin.qq.com/connect/oauth2/authorize  302'; do
  grep -qF "$call" "$out/unchanged.log" || fail "nobody called $call" "all of it is in $out/unchanged.log"
done
if grep -qE '^ +(openapi|cashier|weixin) +-> [A-Z]+ +/' "$out/unchanged.log"; then
  fail "a call of the unchanged petshop did not come under a vendor's name" "see the lines without a host in $out/unchanged.log"
fi
say unchanged "petshop under the vendors' own names passed in $(($(millis) - mark)) ms"

id=$(container sandbox-tls)
shared=$(docker cp "$id:/ca" - | tar -t | xargs)
[[ $shared == "ca/ ca/ca.pem" ]] || fail "the volume of the CA's certificate holds $shared" "only the certificate is for others, its key stays in /data"
docker cp "$id:/ca/ca.pem" "$out/ca-before.pem" >/dev/null
docker restart -t 10 "$id" >/dev/null
until [[ $(docker inspect -f '{{.State.Health.Status}}' "$id") == healthy ]]; do
  [[ $(docker inspect -f '{{.State.Running}}' "$id") == true ]] || fail "sandbox-tls ended after a restart" "its last words are below"
  sleep 0.2
done
docker cp "$id:/ca/ca.pem" "$out/ca-after.pem" >/dev/null
cmp -s "$out/ca-before.pem" "$out/ca-after.pem" || fail "the CA is another one after a restart" "it is kept in the volume tls, at /data"
say unchanged "the CA outlives a restart, its key is shared with nobody"

for service in petshop sandbox; do
  id=$(container "$service")
  mark=$(millis)
  docker stop -t 10 "$id" >/dev/null
  took=$(($(millis) - mark))
  code=$(docker inspect -f '{{.State.ExitCode}}' "$id")
  ((code == 0 && took < stop_limit)) ||
    fail "$service exits $code, $took ms after SIGTERM; want 0 within $stop_limit ms" \
      "it must catch the signal, close listeners and idle connections, and end (137: it was killed after 10 s)"
  say stop "$(printf '%-8s in %d ms' "$service" "$took")"
done

down
[[ -z $(ours) ]] || fail "containers of $COMPOSE_PROJECT_NAME are left over" "docker rm -f $(ours | xargs)"
say containers "passed in $SECONDS s"
