#!/usr/bin/env bash
# Exports a run to a real MLflow server, to TensorBoard's reader and to OpenLineage's client, and
# compares what they understand with the record of the run.
# Usage: check-tracking.sh
#   PYTHON  an interpreter with mlflow, tensorboard and openlineage-python; skipped without
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
bin=${ORCHESTRATE:-$(swift build -c release --show-bin-path)/orchestrate}
[ -x "$bin" ] || { echo "check-tracking: '$bin' is not built: type 'make build' first" >&2; exit 1; }
"$python" -c 'import mlflow, tensorboard, openlineage.client' 2>/dev/null || {
  echo "check-tracking: skipped: $python lacks mlflow, tensorboard or openlineage-python (set PYTHON)"
  exit 0
}
work=$(mktemp -d)
server=
# The server has workers: its whole group is ended.
trap '[ -z "$server" ] || kill -- "-$server" 2>/dev/null; rm -rf "$work"' EXIT
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
set -m
(cd "$work" && exec "$python" -m mlflow server --host 127.0.0.1 --port "$port" --workers 1 \
  --backend-store-uri "sqlite:///$work/mlflow.db" >"$work/server.log" 2>&1) &
server=$!
set +m
for _ in $(seq 120); do
  "$python" -c "import urllib.request; urllib.request.urlopen('$url/health')" 2>/dev/null && break
  kill -0 "$server" 2>/dev/null || { tail -5 "$work/server.log" >&2; exit 1; }
  sleep 0.5
done
mkdir "$work/project"
{
  sed -e '/^stages:/i params: { word: hello }' Tests/Fixtures/crash/pipeline.yaml
  echo "tracking: { mlflow: '$url', tensorboard: ./tb, openlineage: ./lineage.ndjson, csv: ./metrics.csv }"
} >"$work/project/pipeline.yaml"
cd "$work/project"
# The whole ends with a refusal, what is before it well; the same results, so both are quick.
status=0
"$bin" run >"$work/out" 2>&1 || status=$?
[ "$status" = 3 ] || { cat "$work/out"; echo "check-tracking: ended with $status" >&2; exit 1; }
"$bin" run --until both --force both >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
cd - >/dev/null
"$python" Scripts/check-tracking.py "$url" "$work/project"
