#!/usr/bin/env bash
# Drives one payment through petshop in the browser, against a sandbox of its own on free ports (make demo).
# Exit code: that of qfcertify; 5 when the sandbox does not come up.
set -euo pipefail
cd "$(dirname "$0")/.."

out=out/demo
urls=$out/urls
rm -rf "$out"
mkdir -p "$out"

bin/qfsandbox -addr 127.0.0.1:0 -control-addr 127.0.0.1:0 -url-file "$urls" >"$out/sandbox.log" 2>&1 &
sandbox=$!
# shellcheck disable=SC2317 # the trap calls it
stop() {
  kill -TERM "$sandbox" 2>/dev/null || true
  wait "$sandbox" || true
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The file appears once the sandbox listens, so its absence is waited out only as long as the process lives.
deadline=$((SECONDS + 15))
until grep -qs '^QFSANDBOX_CONTROL_URL=.' "$urls"; do
  if ! kill -0 "$sandbox" 2>/dev/null || ((SECONDS >= deadline)); then
    printf 'demo: the sandbox did not come up; %s says:\n' "$out/sandbox.log" >&2
    tail -n 15 "$out/sandbox.log" >&2
    exit 5
  fi
  sleep 0.05
done
control=$(sed -n 's/^QFSANDBOX_CONTROL_URL=//p' "$urls")
printf 'sandbox      %s  (control %s, log %s)\n' "$(sed -n 's/^QFSANDBOX_URL=//p' "$urls")" "$control" "$out/sandbox.log"

code=0
bin/qfcertify run --sandbox "$control" --profile fixtures/profiles/petshop.yaml --show-steps --out "$out" "${@:-PAY-01}" || code=$?
exit "$code"
