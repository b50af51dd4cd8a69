#!/usr/bin/env bash
# The kernels compiled for aarch64 (NEON) and run under emulation, against this processor's base
# level. Without aarch64-linux-gnu-gcc and qemu-aarch64 they are run on this processor alone, and it
# says so.
set -euo pipefail
cd "$(dirname "$0")/.."
kernels=Sources/Ground/CKernels
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# build <folder> <linker> <clang flags>: every file of CKernels and the two drivers, which run the base
# level only: what is there for other levels is compiled as fast as can be.
build() {
  local folder=$1 linker=$2 name file
  shift 2
  mkdir -p "$folder"
  for file in "$kernels"/*.c Scripts/neon/*_values.c; do
    case $file in *avx*) echo "-O0 $file" ;; *) echo "-O1 $file" ;; esac
  done | xargs -P "$(nproc)" -L 1 bash -c '
    folder=$0 flags=$1 level=$2 file=$3
    clang $flags "$level" -Wall -Wextra -Werror -I "$(dirname "$file")/include" \
      -I Sources/Ground/CKernels/include -c "$file" -o "$folder/$(basename "$file" .c).o"' \
    "$folder" "${*:--g0}"
  for name in kernel data; do
    $linker "$folder"/orc_*.o "$folder"/ck_*.o "$folder/${name}_values.o" -lm -lpthread \
      -o "$folder/$name"
  done
}

build "$out/here" clang
"$out/here/kernel" > "$out/here.txt"
"$out/here/data" > "$out/here-data.txt"
for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
  command -v "$tool" > /dev/null || {
    echo "check-neon: not on NEON, no $tool ('make test-neon' installs it)"
    exit 0
  }
done
build "$out/neon" "aarch64-linux-gnu-gcc -static" --target=aarch64-linux-gnu
qemu-aarch64 "$out/neon/kernel" > "$out/neon.txt"
qemu-aarch64 "$out/neon/data" > "$out/neon-data.txt"

# Kernels of data stages write integers and bytes: the same everywhere.
diff "$out/here-data.txt" "$out/neon-data.txt" > "$out/difference.txt" || {
  echo "check-neon: data kernels differ (here <, NEON >)"
  cat "$out/difference.txt"
  exit 1
}

# Numbers of a line may differ by rounding: 2e-5 of the greatest of the line.
paste -d '\n' "$out/here.txt" "$out/neon.txt" | awk '
  function fail(text) { print "check-neon: " text; bad = 1 }
  NR % 2 { count = split($0, here, " "); next }
  {
    lines++
    if (split($0, neon, " ") != count || neon[1] != here[1]) { fail("other lines at " here[1]); exit }
    top = 0
    for (i = 2; i <= count; i++) { x = here[i] < 0 ? -here[i] : here[i]; if (x > top) top = x }
    for (i = 2; i <= count; i++) {
      difference = here[i] - neon[i]
      if (here[i] ~ /nan|inf/ || neon[i] ~ /nan|inf/ || difference > 2e-5 * top || -difference > 2e-5 * top) {
        fail(here[1] "[" i - 2 "]: " neon[i] " on NEON, " here[i] " here")
        break
      }
    }
  }
  END {
    if (lines == 0) fail("no kernel was run")
    if (!bad) print "check-neon: " lines " results on NEON agree with this processor, and '"$(wc -l < "$out/here-data.txt")"' of data kernels are the same"
    exit bad
  }'
