#!/usr/bin/env bash
# Lints the layout of every Swift file by .swift-format.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files -co --exclude-standard '*.swift' | while read -r f; do [ -f "$f" ] && echo "$f"; done \
  | xargs swift format lint --strict --parallel
echo "check-format: clean"
