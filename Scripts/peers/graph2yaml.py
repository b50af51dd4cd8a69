#!/usr/bin/env python3
"""Writes pipeline.yaml for a pipeline in neutral form, in the current folder.

graph.json: {"stages": [{"name", "cmd", "deps": [path], "outs": [path]}]}. Without it the commands of
a chain a -> b -> c are taken from the environment: A reads in/x.txt and writes out/a.txt, B reads that
and writes out/b.txt, C reads that and writes out/c.txt; COMMENT becomes a comment.
"""
import json
import os


def stages():
    if os.path.exists("graph.json"):
        return json.load(open("graph.json"))["stages"]
    io = {"a": ("in/x.txt", "out/a.txt"), "b": ("out/a.txt", "out/b.txt"), "c": ("out/b.txt", "out/c.txt")}
    return [
        {"name": name, "cmd": os.environ[name.upper()], "deps": [dep], "outs": [out]}
        for name, (dep, out) in io.items()
    ]


def main():
    lines = []
    if os.environ.get("COMMENT"):
        lines.append("# " + os.environ["COMMENT"])
    lines += ["name: bench", "stages:"]
    for stage in stages():
        lines += [f"  {stage['name']}:", "    uses: shell", "    with:"]
        lines.append("      command: " + json.dumps(stage["cmd"].replace("${", "$${")))
        for key in ("deps", "outs"):
            lines.append(f"      {key}: [" + ", ".join(json.dumps(path) for path in stage[key]) + "]")
    with open("pipeline.yaml", "w") as out:
        out.write("\n".join(lines) + "\n")


main()
