#!/usr/bin/env bash
# The whole way to a card on a machine without one: the real loader, compiler and launches over a
# driver whose kernels run by emulation (fake/libcuda.c), and what is said when it fails.
#   NVRTC   folder of libnvrtc.so.13 or a site-packages that has it; skipped without one
#   BIN     folder of cuda-check (default: built)
set -euo pipefail
cd "$(dirname "$0")/../.."
nvrtc=${NVRTC:-${XDG_CACHE_HOME:-$HOME/.cache}/orchestrate-nvrtc-13.0.88}
if [ ! -d "$nvrtc" ]; then
  echo "check-driver: skipped: no NVRTC at $nvrtc ('make test-cuda-compile' fetches it)"
  exit 0
fi
if [ -z "${BIN:-}" ]; then
  Scripts/build.sh --product cuda-check
  BIN=$(swift build -c release --show-bin-path)
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources=Sources/Learning
clang -std=gnu17 -O1 -fPIC -Wall -Wextra -Werror -c Scripts/cuda/fake/libcuda.c \
  -I $sources/CUDAEmulation/include -o "$work/libcuda.o"
emulation="-std=c++17 -O2 -fPIC -w -I $sources/CUDAEmulation -I $sources/CUDAEmulation/include
  -I $sources/CCUDA/include -I $sources/CCUDA/kernels"
clang++ $emulation -c $sources/CUDAEmulation/orc_emulate.cpp -o "$work/emulate.o"
# Twice: with fibers of its own, and with ucontext's, which other processors than x86-64 take.
mkdir "$work/ucontext"
for place in . ucontext; do
  clang++ $emulation $([ $place = . ] || echo -DORC_UCONTEXT) -c $sources/CUDAEmulation/orc_fibers.cpp \
    -o "$work/$place/fibers.o"
  clang++ -shared -o "$work/$place/libcuda.so.1" "$work/libcuda.o" "$work/emulate.o" \
    "$work/$place/fibers.o" -lpthread
done
export LD_LIBRARY_PATH=$work ORCHESTRATE_CUDA_PATH=$nvrtc ORCHESTRATE_KERNEL_CACHE=$work/kernels
export ORCHESTRATE_CUBLAS=none

says() {
  local wanted=$1 found
  shift
  found=$(env "$@" 2>&1) || true
  case $found in
  *"$wanted"*) echo "ok: $wanted" ;;
  *)
    echo "check-driver: expected '$wanted', found: $found" >&2
    exit 1
    ;;
  esac
}
says "card 0: emulated card 0, sm_9.0, 1024 MiB" "$BIN/cuda-check" cards
says "cuda.driver-too-old: the driver serves CUDA 10.2" FAKE_CUDA_VERSION=10020 "$BIN/cuda-check" conform
says "cuda.card-too-old: 'emulated card 0' has compute capability 7.0" FAKE_CUDA_MAJOR=7 "$BIN/cuda-check" conform
says "cuda.no-card: there is no card 3, expected 0" "$BIN/cuda-check" conform 3
says "cuda.no-driver" ORCHESTRATE_CUDA=none "$BIN/cuda-check" conform
says "cuda.out-of-memory: 1 MiB more were asked of 'emulated card 0', and 0 MiB are free" FAKE_CUDA_MEMORY=100000 "$BIN/cuda-check" conform
says "cuda.lost-device: 'emulated card 0' is lost: unspecified launch failure" FAKE_CUDA_LOST=100 "$BIN/cuda-check" conform
# A module is compiled when its first kernel is launched, once.
modules() { ls "$work/kernels" | wc -l; }
rm -rf "$work/kernels"
"$BIN/cuda-check" resume
first=$(modules)
"$BIN/cuda-check" conform
all=$(modules)
stamps=$(stat -c %Y%n "$work/kernels"/*)
"$BIN/cuda-check" resume
[ "$stamps" = "$(stat -c %Y%n "$work/kernels"/*)" ] || { echo "check-driver: kernels were compiled twice" >&2; exit 1; }
[ "$first" -gt 0 ] && [ "$first" -lt "$all" ] || { echo "check-driver: $first of $all modules were compiled at first" >&2; exit 1; }
# The same by ucontext.
nm -D --undefined-only "$work/ucontext/libcuda.so.1" | grep -q swapcontext
LD_LIBRARY_PATH=$work/ucontext "$BIN/cuda-check" conform
# A card that the compiler does not know gets PTX.
ORCHESTRATE_KERNEL_CACHE=$work/future FAKE_CUDA_MAJOR=99 "$BIN/cuda-check" resume
grep -q -a -r "[.]target sm_" "$work/future" || { echo "check-driver: no PTX for a card of the future" >&2; exit 1; }
echo "check-driver: passed, $first modules compiled for a run, $all for all operations, each once"
