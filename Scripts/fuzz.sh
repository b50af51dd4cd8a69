#!/usr/bin/env bash
# Mutated files for every reader of foreign bytes: N each (default 10000) for safetensors, gguf, tokenizer, template and
# adapter, then the corpus of hostile files. No crash, no hang, one clear error each.
# FAULTS and HOSTILE name the folders of tools and corpus; it skips with one line where they are absent. TOOL: the binary.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-10000}
faults=$(realpath -m "${FAULTS:-../shared/faults}")
hostile=$(realpath -m "${HOSTILE:-../shared/hostile}")
[ -f "$faults/mutfuzz.py" ] || { echo "fuzz: skipped, $faults is absent (set FAULTS to a folder of its form)"; exit 0; }
command -v python3 >/dev/null || { echo "fuzz: skipped, there is no python3"; exit 0; }
tool=$(realpath -m "${TOOL:-.build/release/orchestrate}")
[ -x "$tool" ] || { echo "fuzz: build first: make build"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$faults/make_seeds.py" "$work/seeds" >/dev/null

# An adapter is a folder of two files: one is mutated, the other lies beside it.
mkdir -p "$work/seeds/adapter_weights"
cp "$work/seeds/adapter_config/adapter_model.safetensors.companion" "$work/seeds/adapter_weights/adapter_model.safetensors"
cat >"$work/adapter.sh" <<'S'
#!/bin/sh
# adapter.sh TOOL SEEDS FOLDER FILE
case $4 in
  *.safetensors) cp "$4" "$3/adapter_model.safetensors"; cp "$2/adapter_config/adapter_config.json" "$3/" ;;
  *) cp "$4" "$3/adapter_config.json"; cp "$2/adapter_config/adapter_model.safetensors.companion" "$3/adapter_model.safetensors" ;;
esac
exec "$1" inspect --as adapter "$3"
S
chmod +x "$work/adapter.sh"

status=0
fuzz() { # NAME SEEDS COUNT COMMAND
  printf 'fuzz: %-16s ' "$1"
  if ! python3 "$faults/mutfuzz.py" --seeds "$work/seeds/$2" --cmd "$4" --n "$3" --jobs "${JOBS:-2}" --timeout 5 \
    --max-mb 512 --check-stdout --out "$work/found" >"$work/log" 2>&1; then
    status=1
    cat "$work/log"
  else
    tail -1 "$work/log"
  fi
}
fuzz safetensors safetensors "$count" "$tool inspect {}"
fuzz gguf gguf "$count" "$tool inspect {}"
fuzz tokenizer tokenizer "$count" "$tool inspect --as tokenizer {}"
fuzz template template "$count" "$tool inspect {}"
fuzz "adapter config" adapter_config "$((count / 2))" "$work/adapter.sh $tool $work/seeds {dir} {}"
fuzz "adapter weights" adapter_weights "$((count / 2))" "$work/adapter.sh $tool $work/seeds {dir} {}"

if [ -f "$hostile/manifest.json" ]; then
  printf 'fuzz: %-16s ' "hostile corpus"
  if ! python3 "$faults/run_hostile.py" "$hostile/manifest.json" --cmd safetensors="$tool inspect {}" \
    --cmd gguf="$tool inspect {}" --cmd tokenizer="$tool inspect --as tokenizer {}" --cmd template="$tool inspect {}" \
    --cmd adapter="$tool inspect {}" >"$work/log" 2>&1; then
    status=1
    cat "$work/log"
  else
    tail -1 "$work/log"
  fi
else
  echo "fuzz: hostile corpus skipped, $hostile is absent (set HOSTILE)"
fi
exit "$status"
