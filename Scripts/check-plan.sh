#!/usr/bin/env bash
# Random edits of a pipeline of real stages: what `plan` says will run is exactly what runs, and with
# what it leaves open it covers all that ran.
# Usage: check-plan.sh [EDITS [SEED]]
set -euo pipefail
cd "$(dirname "$0")/.."
export PLAN_EDITS=${1:-300} PLAN_SEED=${2:-1}
Scripts/test.sh PlanEditTests
