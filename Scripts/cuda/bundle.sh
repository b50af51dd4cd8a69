#!/usr/bin/env bash
# Packs what a machine with a card, but without Swift, needs to run test-cuda.sh and bench-cuda.sh:
# programs with Swift linked in, in a build folder of their own, the system's libraries that they use
# beyond the C and C++ ones, and the scripts.
#   OUT       the archive (default orchestrate-cuda.tar.gz)
#   ORACLES   the folder of oracles, whose models go with it (default ../shared/oracles)
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(realpath -m "${OUT:-orchestrate-cuda.tar.gz}")
for product in cuda-check training-bench orchestrate; do
  swift build -c release --scratch-path .build-static -Xswiftc -static-stdlib --product "$product"
done
bin=$(swift build -c release --scratch-path .build-static -Xswiftc -static-stdlib --show-bin-path)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/orchestrate-cuda"
for product in cuda-check training-bench orchestrate; do
  strip -o "$work/orchestrate-cuda/$product" "$bin/$product"
done
cp Scripts/cuda/test-cuda.sh Scripts/cuda/test-cuda-pipeline.sh Scripts/cuda/bench-cuda.sh \
  "$work/orchestrate-cuda"
# OpenBLAS is loaded by name, and brings Fortran's.
mkdir "$work/orchestrate-cuda/lib"
blas=$(ldconfig -p | sed -n 's/.*libopenblas\.so\.0 .*=> //p' | head -1)
for file in "$work/orchestrate-cuda/orchestrate" "$blas"; do
  ldd "$file" | sed -n 's/.*=> \(.*\/lib\(yaml\|sqlite3\|gfortran\|quadmath\)[-.0-9]*so[^ ]*\) .*/\1/p'
done | sort -u | xargs -I{} cp -L {} "$work/orchestrate-cuda/lib/"
cp -L "$blas" "$work/orchestrate-cuda/lib/libopenblas.so.0"
oracles=${ORACLES:-../shared/oracles}
if [ -d "$oracles/models" ]; then
  mkdir "$work/orchestrate-cuda/oracles"
  cp -rL "$oracles/models" "$work/orchestrate-cuda/oracles/"
  chmod -R u+w "$work/orchestrate-cuda/oracles"
fi
tar -C "$work" -czf "$out" orchestrate-cuda
echo "bundle: $out, $(($(stat -c %s "$out") >> 20)) MB"
