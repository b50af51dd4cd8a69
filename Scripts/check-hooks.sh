#!/usr/bin/env bash
# Deliveries to a running 'orchestrate hooks': one that is signed starts a run, forged and replayed
# ones start nothing. Usage: check-hooks.sh TOOL CLONE FOLDER [FORGED]
set -euo pipefail
tool=$1 clone=$2 folder=$3 forged=${4:-300}
mkdir -p "$folder"
secret=$(head -c 24 /dev/urandom | sha256sum | cut -c1-40)
fail() { echo "check-hooks: $*" >&2; cat "$folder/log" >&2; exit 1; }

ORCHESTRATE_GITHUB_SECRET=$secret "$tool" hooks pipeline.yaml --clone "$clone" --port 0 >"$folder/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for _ in $(seq 100); do grep -q listening "$folder/log" && break; sleep 0.1; done
port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$folder/log")
[ -n "$port" ] || fail "it does not listen"

# deliver ID BODY SIGNATURE: the status of the answer
deliver() {
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'POST /github HTTP/1.1\r\nHost: localhost\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: %s\r\nContent-Type: application/json\r\nX-Hub-Signature-256: sha256=%s\r\nContent-Length: %s\r\n\r\n%s' \
    "$1" "$3" "${#2}" "$2" >&3
  local version status rest
  read -r version status rest <&3
  exec 3>&-
  echo "$status"
}
sign() { printf '%s' "$1" | openssl dgst -sha256 -hmac "$secret" | sed 's/.* //'; }

commit=$(git -C "$clone" rev-parse HEAD)
body="{\"ref\":\"refs/heads/main\",\"after\":\"$commit\",\"repository\":{\"full_name\":\"o/r\"}}"
signature=$(sign "$body")
[ "$(deliver id-1 "$body" "$signature")" = 202 ] || fail "a signed delivery was not taken"
for _ in $(seq 300); do grep -q 'nothing to do' "$folder/log" && break; sleep 0.1; done
grep -q "^refs/heads/main at ${commit:0:12}: nothing to do" "$folder/log" || fail "no run was started"
[ "$(deliver id-1 "$body" "$signature")" = 200 ] || fail "a replay was not told"
[ "$(deliver id-2 "$body" "$signature")" = 200 ] || fail "a replay under another id was not told"
for number in $(seq "$forged"); do
  [ "$(deliver "forged-$number" "$body " "$signature")" = 401 ] || fail "a forgery was not refused"
done
kill -INT $server
status=0
wait $server || status=$?
[ "$status" -eq 130 ] || fail "the server ended with $status"
starts=$(grep -c '^running ' "$folder/log")
[ "$starts" -eq 1 ] || fail "$starts runs were started, expected 1"
if grep -rq "$secret" "$folder" "$clone/.orchestrate/hooks"; then fail "the secret was written somewhere"; fi
echo "check-hooks: 1 signed delivery started a run; 2 replays and $forged forgeries started nothing"
