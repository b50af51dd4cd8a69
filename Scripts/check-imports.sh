#!/usr/bin/env bash
# Compares the package's edges with the table in ARCHITECTURE.md; fails on an edge that is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
swift package describe --type text 2>/dev/null | awk '
  FNR == NR {
    if ($0 ~ /imports:begin/) { on = 1; next }
    if ($0 ~ /imports:end/) { on = 0 }
    if (!on || $0 !~ /^\| [A-Z]/ ) next
    split($0, cell, "|")
    for (i in cell) gsub(/^ +| +$/, "", cell[i])
    room[cell[3]] = cell[2]; order[cell[3]] = ++count; may[cell[3]] = " " cell[5] " "
    next
  }
  function allowed(from, to) {
    if (index(may[from], " " to " ")) return 1
    if (to in room) {
      if (room[to] == room[from] && order[to] < order[from]) return 1
      return index(may[from], " " room[to] " ") > 0
    }
    return 0
  }
  /^    Name: / { name = $2; section = ""; next }
  /^    Path: / { tracked = ($2 ~ /^Sources\//); next }
  /^    (Target|Product) dependencies:/ { section = "deps"; next }
  /^    [A-Z]/ { section = ""; next }
  section == "deps" && /^        / && tracked {
    if (!(name in room)) { print "check-imports: target " name " has no row in ARCHITECTURE.md"; bad = 1 }
    else if (!allowed(name, $1)) {
      print "check-imports: " name " may not import " $1 ": the table in ARCHITECTURE.md has no such edge"; bad = 1
    }
    edges++
  }
  END {
    if (edges < 40) { print "check-imports: only " edges + 0 " edges were read: the form of swift package describe has changed"; bad = 1 }
    if (!bad) print "check-imports: " edges " edges, all in the table"
    exit bad
  }' ARCHITECTURE.md -
