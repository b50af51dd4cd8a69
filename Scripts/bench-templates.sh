#!/usr/bin/env bash
# Speed of chat templates beside jinja2, in turn on the same machine: the time to compile one, and
# renderings a second over the conversations each template renders; medians, and their ratios.
#   PYTHON  python with jinja2 (default python3)
#   PEERS   folder of bench_jinja.py (default ../shared/bench/peers/formats)
#   FORMATS folder of chat-templates (default ../shared/formats)
#   RUNS    runs of each side (default 3)
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
peer=${PEERS:-../shared/bench/peers/formats}/bench_jinja.py
folder=${FORMATS:-../shared/formats}/chat-templates
runs=${RUNS:-3}
[ -d "$folder" ] || {
  echo "bench-templates: skipped: there is no folder $folder (set FORMATS)"
  exit 0
}
ours=$(swift build -c release --show-bin-path)/formats-bench
[ -x "$ours" ] || swift build -c release --product formats-bench >&2
has_peer=yes
if ! "$python" -c "import jinja2" 2>/dev/null || [ ! -f "$peer" ]; then
  has_peer=no
  echo "bench-templates: no peer: $python needs jinja2 (set PYTHON), and $peer (set PEERS)"
fi
# The last line of each: "all: N templates, compile X ms mean, Y renders/s mean, …".
figures() { sed -n 's/^all: .* compile \([0-9.]*\) ms mean, \([0-9]*\) renders.*/\1 \2/p'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for _ in $(seq "$runs"); do
  "$ours" templates "$folder" | figures >>"$work/ours"
  [ "$has_peer" = no ] || "$python" "$peer" "$folder" | figures >>"$work/peer"
done
ours_compile=$(cut -d ' ' -f 1 "$work/ours" | median)
ours_render=$(cut -d ' ' -f 2 "$work/ours" | median)
echo "| | ours | jinja2 | ratio |"
echo "|---|---:|---:|---:|"
if [ "$has_peer" = yes ]; then
  peer_compile=$(cut -d ' ' -f 1 "$work/peer" | median)
  peer_render=$(cut -d ' ' -f 2 "$work/peer" | median)
  awk -v a="$ours_compile" -v b="$peer_compile" \
    'BEGIN { printf "| compile, ms a template | %s | %s | %.1f |\n", a, b, b / a }'
  awk -v a="$ours_render" -v b="$peer_render" \
    'BEGIN { printf "| renderings a second | %s | %s | %.1f |\n", a, b, a / b }'
else
  echo "| compile, ms a template | $ours_compile | | |"
  echo "| renderings a second | $ours_render | | |"
fi
