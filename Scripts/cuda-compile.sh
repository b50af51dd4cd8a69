#!/usr/bin/env bash
# Every CUDA kernel compiled for sm_80, sm_90 and PTX, with a table of time, size, registers and
# spills. Needs no card: NVRTC comes from the folder NVRTC, or from PyPI into a scratch folder. -v
# names each kernel.
set -euo pipefail
cd "$(dirname "$0")/.."
version=13.0.88
scratch=${XDG_CACHE_HOME:-$HOME/.cache}/orchestrate-nvrtc-$version
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

skip() {
  echo "cuda-compile: skipped: $1"
  exit 0
}

folder=${NVRTC:-}
if [ -z "$folder" ]; then
  [ "$(uname -m)" = x86_64 ] || skip "NVRTC $version is fetched for x86_64 only; set NVRTC to the folder of libnvrtc.so.13"
  folder=$scratch/nvidia/cu13/lib
  if [ ! -e "$folder/libnvrtc.so.13" ]; then
    command -v python3 > /dev/null || skip "no python3 to fetch NVRTC; set NVRTC to the folder of libnvrtc.so.13"
    # Moved into place whole, so that a broken fetch is not taken for one.
    python3 -m pip install --quiet --no-deps --disable-pip-version-check --target "$out/fetched" \
      "nvidia-cuda-nvrtc==$version" > "$out/pip.log" 2>&1 ||
      skip "NVRTC $version cannot be fetched ($(tail -1 "$out/pip.log" | cut -c 1-120)); set NVRTC to the folder of libnvrtc.so.13"
    mkdir -p "$(dirname "$scratch")"
    rm -rf "$scratch"
    mv "$out/fetched" "$scratch"
  fi
fi
[ -e "$folder/libnvrtc.so.13" ] || {
  echo "cuda-compile: no libnvrtc.so.13 in $folder: NVRTC names the folder that holds it" >&2
  exit 2
}
sources=Sources/Learning/CCUDA
clang -std=gnu17 -O1 -Wall -Wextra -Werror -Wno-c23-extensions -I "$sources/include" \
  "$sources/orc_cuda_sources.c" Scripts/cuda/compile.c -o "$out/compile" -ldl
"$out/compile" "$folder" "$@"
