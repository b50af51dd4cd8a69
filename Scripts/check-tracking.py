#!/usr/bin/env python3
"""What MLflow, TensorBoard and OpenLineage have understood of the runs of a project.

check-tracking.py URL PROJECT: compares them with PROJECT/metrics.csv and with each other.
"""
import csv
import json
import sys
from collections import Counter
from datetime import datetime

from mlflow.tracking import MlflowClient
from openlineage.client.run import Job, Run, RunEvent, RunState
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

url, project = sys.argv[1:]
values = {}
for row in csv.DictReader(open(f"{project}/metrics.csv", newline="")):
    values[int(row["run"]), f"{row['stage']}/{row['metric']}", int(row["step"])] = float(row["value"])
assert len(values) > 20, f"only {len(values)} values"


def same(name, found):
    assert found == values, (
        f"{name}: {len(found)} values, {len(values)} expected; "
        f"{sorted(set(found.items()) ^ set(values.items()))[:4]}")
    print(f"{name}: {len(found)} values of {len({key[0] for key in found})} runs, all as recorded")


client = MlflowClient(url)
experiment = client.get_experiment_by_name("crash-fixture")
runs = sorted(client.search_runs([experiment.experiment_id]), key=lambda run: run.info.start_time)
states = [run.info.status for run in runs]
assert states == ["FAILED", "FINISHED"], states
assert all(run.data.params.get("word") == "hello" for run in runs), [run.data.params for run in runs]
found = {}
for number, run in enumerate(runs, 1):
    for name in run.data.metrics:
        for value in client.get_metric_history(run.info.run_id, name):
            found[number, name, value.step] = value.value
same("mlflow", found)

reader = EventAccumulator(f"{project}/tb", size_guidance={"scalars": 0})
reader.Reload()
count = sum(len(reader.Scalars(tag)) for tag in reader.Tags()["scalars"])
assert count == len(values), f"tensorboard: {count} values, {len(values)} expected"
for tag in reader.Tags()["scalars"]:
    for scalar in reader.Scalars(tag):
        wanted = [value for (_, name, step), value in values.items() if (name, step) == (tag, scalar.step)]
        assert any(abs(scalar.value - value) <= 1e-6 * abs(value) for value in wanted), (tag, scalar)
print(f"tensorboard: {count} values")

events = [json.loads(line) for line in open(f"{project}/lineage.ndjson")]
states = {}
for event in events:
    # The client's classes check times and identifiers.
    RunEvent(
        eventType=RunState[event["eventType"]], eventTime=event["eventTime"], producer=event["producer"],
        run=Run(runId=event["run"]["runId"], facets={}),
        job=Job(namespace=event["job"]["namespace"], name=event["job"]["name"]))
    datetime.fromisoformat(event["eventTime"].replace("Z", "+00:00"))
    states.setdefault(event["run"]["runId"], []).append(event["eventType"])
wrong = [key for key, seen in states.items()
         if seen[0] != "START" or seen.count("START") != 1 or len(seen) != 2
         or seen[1] not in ("COMPLETE", "FAIL", "ABORT")]
assert not wrong, (wrong, [states[key] for key in wrong])
parents = {event["run"]["facets"]["parent"]["run"]["runId"] for event in events
           if "parent" in event["run"].get("facets", {})}
assert parents <= set(states), "a parent is no run"
print(f"openlineage: {len(events)} events of {len(states)} runs:",
      dict(Counter(seen[1] for seen in states.values())))
print("check-tracking: every reader has understood every value")
