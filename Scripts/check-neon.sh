#!/usr/bin/env bash
# The kernels compiled for aarch64 (NEON) and run under emulation, against this processor's base
# level. Without aarch64-linux-gnu-gcc and qemu-aarch64 they are run on this processor alone, and it
# says so.
set -euo pipefail
cd "$(dirname "$0")/.."
kernels=Sources/Ground/CKernels
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# build <folder> <clang flags>: every file of CKernels and the driver.
build() {
  local folder=$1 file
  shift
  mkdir -p "$folder"
  for file in "$kernels"/*.c Scripts/neon/kernel_values.c; do
    clang "$@" -O2 -Wall -Wextra -Werror -I "$kernels/include" -c "$file" \
      -o "$folder/$(basename "$file" .c).o"
  done
}

build "$out/here"
clang "$out"/here/*.o -lm -lpthread -o "$out/here/values"
"$out/here/values" > "$out/here.txt"
for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
  command -v "$tool" > /dev/null || {
    echo "check-neon: not on NEON, no $tool ('make test-neon' installs it)"
    exit 0
  }
done
build "$out/neon" --target=aarch64-linux-gnu
aarch64-linux-gnu-gcc -static "$out"/neon/*.o -lm -lpthread -o "$out/neon/values"
qemu-aarch64 "$out/neon/values" > "$out/neon.txt"

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
    if (!bad) print "check-neon: " lines " results on NEON agree with this processor"
    exit bad
  }'
