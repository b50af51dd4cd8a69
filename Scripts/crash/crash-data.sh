#!/usr/bin/env bash
# The data stages at scale: kills a pipeline over ROWS rows KILLS times and compares every artifact
# with an undisturbed run; then the same with 1, 2 and 4 threads and with 1 and 7 shards.
# Usage: crash-data.sh [ROWS] [KILLS]     ORCHESTRATE: the program (default: the release build)
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${1:-1000000}
kills=${2:-20}
faults=${FAULTS:-../shared/faults}
[ -f "$faults/crashloop.py" ] && command -v python3 >/dev/null || {
  echo "crash-data: skipped: $faults/crashloop.py is absent (set FAULTS)"
  exit 0
}
bin=${ORCHESTRATE:-$PWD/.build/release/orchestrate}
[ -x "$bin" ] || { echo "crash-data: '$bin' is not built: type 'make build' first" >&2; exit 1; }
template=$(mktemp -d)
trap 'rm -rf "$template" "$template.resume" "$template.said"' EXIT
python3 Scripts/data-rows.py "$template/rows.jsonl" "$rows"
pipeline() { # pipeline SHARDS
  cat <<YAML
name: data
stages:
  rows: { uses: ingest, with: { sources: [ { path: ./rows.jsonl } ] } }
  scrubbed: { uses: pii_scrub, shards: $1, inputs: { records: rows } }
  good: { uses: quality_filter, shards: $1, inputs: { records: scrubbed }, with: { rules: [instruction] } }
  unique: { uses: minhash_dedup, shards: $1, inputs: { records: good } }
  splits: { uses: split, inputs: { records: unique.kept, clusters: unique.clusters } }
YAML
}
pipeline 1 >"$template/pipeline.yaml"
objects() { (cd "$1/.orchestrate/objects" && find . -type f | sort | sha256sum); }

reference=""
for setting in "1 1" "2 1" "4 1" "2 7"; do
  read -r threads shards <<<"$setting"
  folder=$(mktemp -d)
  cp "$template"/* "$folder/"
  pipeline "$shards" >"$folder/pipeline.yaml"
  start=$(date +%s.%N)
  (cd "$folder" && "$bin" run pipeline.yaml --threads "$threads" >out.txt 2>&1) || {
    cat "$folder/out.txt"
    exit 1
  }
  seconds=$(echo "$(date +%s.%N) - $start" | bc)
  found=$(objects "$folder")
  echo "crash-data: $rows rows, $threads threads, $shards shards: $seconds s, objects $found"
  rm -rf "$folder"
  reference=${reference:-$found}
  [ "$found" = "$reference" ] || {
    echo "crash-data: other bytes than with 1 thread and 1 shard" >&2
    exit 1
  }
done
# A kill before the run was recorded leaves nothing to resume: `resume` says so, then it is run again.
cat >"$template.resume" <<EOF
#!/bin/bash
'$bin' resume 2> >(tee "$template.said" >&2)
s=\$?
[ \$s = 65 ] && grep -q 'run.none' "$template.said" || exit \$s
'$bin' run pipeline.yaml
EOF
chmod +x "$template.resume"
python3 "$faults/crashloop.py" --template "$template" \
  --run "$bin run pipeline.yaml" --resume "$template.resume" \
  --outputs '.orchestrate/objects/**' --litter '*.tmp' --litter '.orchestrate/attempts/*' \
  --rounds "$kills" --rekill 0.3 --timeout 1800 --orphan-grace 3 --report "$template/crash.json"
