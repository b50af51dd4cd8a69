#!/usr/bin/env bash
# From raw tickets to a gated GGUF, and the table of what came out. Usage: demo.sh [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."
seed=${1:-1}
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
Scripts/build.sh --product orchestrate
Scripts/build.sh --product support-tickets
bin=$(swift build -c release --show-bin-path)
example=examples/01-support-triage
echo "demo: writing the raw data of seed $seed"
"$bin/support-tickets" generate "$example/data" --seed "$seed"
echo "demo: orchestrate run $example/pipeline.yaml"
start=$(date +%s%N)
"$bin/orchestrate" run "$example/pipeline.yaml"
first=$((($(date +%s%N) - start) / 1000000))
start=$(date +%s%N)
"$bin/orchestrate" run "$example/pipeline.yaml"
second=$((($(date +%s%N) - start) / 1000000))
Scripts/demo-results.sh "$bin" "$example"
Scripts/check-gguf.sh "$bin" "$example"
echo "demo: pipeline ${first} ms, the same again ${second} ms"
echo "demo: done: the model is in $example/out/gguf, the report in $example/out/gate.report/report.md"
