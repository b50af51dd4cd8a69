#!/usr/bin/env python3
"""Prints what bench-engine.sh measured, with the bars; ends with 1 when one is missed.

With --short FLOOR bars of a stage are twice as wide, and wider on a machine on which a shell command alone
(command_floor.py, FLOOR milliseconds) costs more than on a quiet one: it may be busy.
"""
import json
import sys


# Milliseconds of CPU that a shell command with one output costs on two quiet cores.
QUIET_FLOOR = 1.5


def main():
    rows = [json.loads(line) for line in open(sys.argv[1])]
    size = int(sys.argv[2])
    wide = 2 * max(1.0, float(sys.argv[4]) / QUIET_FLOOR) if "--short" in sys.argv else 1
    cpu = {row["label"]: row.get("cpu") for row in rows}
    missed = []
    print("| case | tool | n | step | cpu s | wall s | per stage ms | bar |")
    print("|---|---|--:|---|--:|--:|--:|---|")
    for row in rows:
        case, tool, n, step = row["label"].split(":")
        n, bar, each = int(n), "", ""
        spent = row.get("cpu")
        if spent is None:
            print(f"| {case} | {tool} | {n} | {step} | failed | | | |")
            continue
        if case in ("chain", "fan") and step == "cold":
            each = f"{1000 * spent / n:.2f}"
        if tool == "new" and row.get("rc") != 0:
            missed.append(row["label"] + ": exit status")
        if tool == "new":
            limit = None
            if case in ("chain", "fan") and step == "cold":
                limit = 0.004 * n * wide
            if case == "fan" and step == "cached2" and n == 1000:
                limit = 0.050
            if case == "many" and step == "cached2":
                limit = 0.3
            if case == "big" and step == "cold":
                limit = size / 1e9
            if limit is not None:
                good = spent <= limit
                bar = f"{'ok' if good else 'MISSED'}: {limit:.2f} s"
                if not good:
                    missed.append(row["label"])
        print(f"| {case} | {tool} | {n} | {step} | {spent:.2f} | {row['wall']:.2f} | {each} | {bar} |")
    few, many = cpu.get("fan:new:1000:cold"), cpu.get("fan:new:10000:cold")
    if few and many:
        print(f"\ncpu a stage, 10,000 stages over 1,000: {many / 10 / few:.2f} (1 is constant)")
    if missed:
        sys.exit("missed: " + ", ".join(missed))


main()
