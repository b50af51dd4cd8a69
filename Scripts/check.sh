#!/usr/bin/env bash
# What holds the house together; `make test` begins with it.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/check-sizes.sh
Scripts/check-imports.sh
Scripts/check-format.sh
