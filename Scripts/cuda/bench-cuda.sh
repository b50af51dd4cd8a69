#!/usr/bin/env bash
# Speed of a card: its ceilings, then training and decoding of a Llama-3-8B-shaped model with random
# weights. Where there is no card, the table of what is predicted from operations and bytes.
#   CARD    its number (default 0)
#   STEPS   timed steps of a run (default 5)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
card=${CARD:-0}
steps=${STEPS:-5}
if [ -x "$here/cuda-check" ]; then
  export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  bin=$here
else
  cd "$here/../.."
  Scripts/build.sh --product cuda-check
  Scripts/build.sh --product training-bench
  bin=$(swift build -c release --show-bin-path)
fi
if ! found=$("$bin/cuda-check" cards); then
  echo "bench-cuda: $found; predicted for an H200, not measured:"
  "$bin/cuda-check" predict
  exit 0
fi
echo "$found"
"$bin/cuda-check" rates "$card"
run() {
  "$bin/training-bench" --device "cuda:$card" --shape llama8b --dtype bf16 --steps "$steps" \
    --peak 790000 "$@"
}
run --method lora --seq 2048 --batch 1
run --method qlora --seq 2048 --batch 1
run --method generate --prompt 512 --new 128 --batch 1
