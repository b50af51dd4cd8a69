#!/usr/bin/env bash
# Files of at most 500 lines, Swift functions of at most 70, no names of machines in the tree.
set -euo pipefail
cd "$(dirname "$0")/.."
files=$(git ls-files -co --exclude-standard 'Sources/*.swift' 'Sources/*.c' 'Sources/*.h' 'Tests/*.swift' 'examples/*.swift' | while read -r f; do [ -f "$f" ] && echo "$f"; done)
status=0
long=$(echo "$files" | xargs wc -l | awk '$2 != "total" && $1 > 500 { print "check-sizes: " $2 " has " $1 " lines, at most 500" }')
[ -z "$long" ] || { echo "$long"; status=1; }
functions=$(echo "$files" | grep '\.swift$' | xargs awk '
  FNR == 1 { open = 0 }
  /^ *(package |public |private |fileprivate |internal |static |mutating |override |convenience |required |@[A-Za-z(: )]+ )*(func|init)[ (<?]/ {
    match($0, /^ */); indent = RLENGTH; start = FNR; open = 1
  }
  open && FNR > start && match($0, /^ *}/) && RLENGTH - 1 == indent {
    if (FNR - start > 70) print "check-sizes: " FILENAME ":" start ": a function of " FNR - start " lines, at most 70"
    open = 0
  }')
[ -z "$functions" ] || { echo "$functions"; status=1; }
[ "$status" -ne 0 ] || echo "check-sizes: $(echo "$files" | wc -l) files within their limits"
exit "$status"
