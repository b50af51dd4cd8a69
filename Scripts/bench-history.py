"""Times every command over a long history and a large pipeline.

Usage: bench-history.py ORCHESTRATE FOLDER [--runs N] [--stages N] [--bar MS] [--tries N]

FOLDER gets a project: a pipeline of 20 stages that ran once and whose record is multiplied to N runs
(10,000), then one of N stages (1,000) that ran once. Each command runs several times; the least wall time
counts against the bar (100 ms), the CPU time of its whole process tree stands beside it. The last line
names every command over the bar.
"""
import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time

SMALL = 20


def pipeline(path, name, stages):
    lines = [f"name: {name}", "stages:"]
    for number in range(stages):
        deps = "in.txt" if number == 0 else f"out/{name}{(number - 1) // 2}.txt"
        lines.append(
            f'  {name}{number}: {{ uses: shell, with: {{ command: "cat {deps} > out/{name}{number}.txt; echo {number}'
            f' >> out/{name}{number}.txt", deps: [{deps}], outs: [out/{name}{number}.txt] }} }}')
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


def multiply(database, runs):
    """Copies run 1 with its jobs, attempts and events."""
    db = sqlite3.connect(database)
    db.execute("PRAGMA synchronous = OFF")

    def columns(table):
        return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]

    def rows(table, where):
        names = columns(table)
        return [dict(zip(names, row)) for row in db.execute(f"SELECT * FROM {table} WHERE {where}")]

    def insert(table, rows):
        if rows:
            names = list(rows[0])
            marks = ", ".join("?" * len(names))
            db.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", [list(row.values()) for row in rows])

    run = rows("run", "id = 1")[0]
    jobs = rows("job", "run = 1 ORDER BY id")
    attempts = rows("attempt", f"job IN (SELECT id FROM job WHERE run = 1) ORDER BY id")
    events = rows("event", "run = 1 ORDER BY seq")
    next_job = db.execute("SELECT max(id) FROM job").fetchone()[0] + 1
    next_attempt = db.execute("SELECT max(id) FROM attempt").fetchone()[0] + 1
    for number in range(2, runs + 1):
        moved = {job["id"]: next_job + index for index, job in enumerate(jobs)}
        next_job += len(jobs)
        insert("run", [run | {"id": number, "created": run["created"] + number, "finished": run["finished"] + number}])
        insert("job", [job | {"id": moved[job["id"]], "run": number} for job in jobs])
        insert("attempt", [
            attempt | {"id": next_attempt + index, "job": moved[attempt["job"]]}
            for index, attempt in enumerate(attempts)])
        next_attempt += len(attempts)
        insert("event", [event | {"run": number} for event in events])
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    # It says what the file was before.
    if os.path.exists(database + ".sum"):
        os.remove(database + ".sum")


def measure(command, folder, tries):
    """Least CPU and wall seconds, the status, and what was said to the errors."""
    cpu = wall = float("inf")
    for _ in range(tries):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        ended = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        wall = min(wall, time.monotonic() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = min(cpu, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return cpu, wall, ended


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("orchestrate")
    arguments.add_argument("folder")
    arguments.add_argument("--runs", type=int, default=10_000)
    arguments.add_argument("--stages", type=int, default=1_000)
    arguments.add_argument("--bar", type=float, default=100)
    arguments.add_argument("--tries", type=int, default=5)
    arguments.add_argument("--keep", action="store_true", help="times over the project that is there")
    given = arguments.parse_args()
    tool, folder = os.path.abspath(given.orchestrate), os.path.abspath(given.folder)
    os.environ.pop("ORCHESTRATE_CACHE", None)

    def must(*command):
        ended = subprocess.run([tool, *command], cwd=folder, capture_output=True, text=True)
        if ended.returncode != 0:
            sys.exit(f"bench-history: {' '.join(command)}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
        return ended.stdout

    if not given.keep:
        os.makedirs(folder + "/out", exist_ok=True)
        with open(folder + "/in.txt", "w") as file:
            file.write("first\n")
        pipeline(folder + "/small.yaml", "s", SMALL)
        pipeline(folder + "/pipeline.yaml", "t", given.stages)
        must("run", "small.yaml")
        multiply(folder + "/.orchestrate/state.sqlite", given.runs)
        must("run", "pipeline.yaml", "--jobs", "2")
        time.sleep(1)
        must("run", "pipeline.yaml")
    last = f"t{given.stages - 1}"
    listed = [json.loads(line) for line in must("artifacts", "ls", "--json").splitlines()]
    digest = next(item["digest"] for item in listed if item.get("stage") == last)
    commands = [
        ["--version"], ["validate"], ["plan"], ["plan", "--json"], ["plan", "small.yaml"], ["plan", "--only", last],
        ["plan", "--force", last], ["run"], ["resume"], ["status"], ["status", "--json"], ["logs"], ["logs", last],
        ["explain"], ["explain", "shell"], ["explain", "--why", last], ["artifacts", "ls"],
        ["artifacts", "ls", "--json"], ["artifacts", "show", digest], ["artifacts", "trace", digest],
        ["registry", "list"], ["ci", "--no-promote"], ["cancel"], ["approve", last], ["reject", last], ["gc"],
        ["clean", last], ["diagnose"], ["doctor"], ["schema"], ["run", "small.yaml"], ["verify"],
        ["forget", "--match", "nobody@example.org"], ["backup", folder + "/backup.tar"],
    ]
    over = []
    print(f"{'command':40} {'cpu ms':>8} {'wall ms':>8} status")
    for command in commands:
        cpu, wall, ended = measure([tool, *command], folder, given.tries)
        shown = " ".join(part[:12] for part in command)
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        print(f"{shown:40} {cpu * 1e3:8.1f} {wall * 1e3:8.1f} {ended.returncode} {said[0][:90] if said else ''}", flush=True)
        if wall * 1e3 > given.bar:
            over.append(shown)
    size = os.path.getsize(folder + "/.orchestrate/state.sqlite") / 1e6
    print(f"bench-history: {given.runs} runs and {given.stages} stages, {size:.0f} MB of records, "
          + (f"over {given.bar:.0f} ms: {', '.join(over)}" if over else f"every command within {given.bar:.0f} ms"))


main()
