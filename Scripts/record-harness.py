#!/usr/bin/env python3
"""Records what lm-evaluation-harness asks and computes, for tests without Python.

  record-harness.py FIXTURE WORK_FOLDER

A stand-in model answers by a hash of what it is asked, so that prompts, filters, metrics and standard
errors are the harness' own and no weights are needed. Documents are made up. The fixture holds the
files of documents, the task files, and for each run the samples and results.
"""
import hashlib
import importlib.util
import json
import os
import random
import sys

os.environ.setdefault("ROWS", "6")
here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("check", os.path.join(here, "check-harness.py"))
check = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check)

import lm_eval
from lm_eval import simple_evaluate
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager

WORDS = ("kettle river candle pocket ladder garden winter button copper sister window basket "
         "whistle needle saddle meadow").split()
ANSWERS = ["The answer is 12.", "So 3 + 4 = 7.\n#### 7", "The answer is $1,250.", "The answer is 42",
           "nothing to say", "It costs $3 and 5 cents, or -8.", "The answer is 8", "Lily the. cat"]


def made_up(folder, name):
    """Rows of the form of the slices."""
    few = random.Random(name)
    pick = lambda n: " ".join(few.choice(WORDS) for _ in range(n))
    if name.startswith("hellaswag"):
        return [{"ctx": "Doing %s: A %s is near [it] a %s. the %s" % (pick(1), pick(1), pick(2),
                                                                   pick(2)),
                 "endings": [pick(3) + "." for _ in range(4)], "label": few.randrange(4)}
                for _ in range(200)]
    if name.startswith("gsm8k"):
        return [{"question": "If %s costs %d and a %s 2, how much is it?" % (pick(1), n, pick(2)),
                 "answer": "It is %d + 2 = <<%d+2=%d>>%d.\n#### %s" % (n, n, n + 2, n + 2,
                                                                    format(n + 2, ","))}
                for n in (few.choice([5, 10, 1248, 6]) for _ in range(60))]
    if name.startswith("truthfulqa"):
        return [{"question": "What is a %s?" % pick(1), "best": "Caf\u00e9 " + pick(2),
                 "correct": [pick(2), pick(3)], "incorrect": [pick(2), "it's \"" + pick(1) + "\"",
                                                             pick(4)]} for _ in range(20)]
    return [{"task_id": "x", "prompt": "def f():\n", "entry_point": "f", "test": "def check(c): pass",
             "canonical_solution": "    return 1\n"}] * 3


class StandIn(LM):
    tokenizer_name = "none"

    @staticmethod
    def digest(*texts):
        return hashlib.sha256("\x00".join(texts).encode()).digest()

    def loglikelihood(self, requests, disable_tqdm=False):
        found = [self.digest(*r.args) for r in requests]
        return [(-(d[0] * 256 + d[1]) / 4096 - 0.25, d[2] % 3 == 0) for d in found]

    def loglikelihood_rolling(self, requests, disable_tqdm=False):
        return [-(self.digest(*r.args)[0] + 100.0) for r in requests]

    def generate_until(self, requests, disable_tqdm=False):
        return [ANSWERS[self.digest(r.args[0])[0] % len(ANSWERS)] for r in requests]

    def apply_chat_template(self, turns, add_generation_prompt=True):
        return "".join("<%s>%s\n" % (t["role"], t["content"]) for t in turns) + "<assistant>"


def run(tasks, folder, chat, shots, limit=None):
    results = simple_evaluate(
        model=StandIn(), tasks=tasks, num_fewshot=shots, log_samples=True, limit=limit,
        task_manager=TaskManager(include_path=folder, include_defaults=False),
        apply_chat_template=chat is not None, fewshot_as_multiturn=chat == "turns",
        system_instruction="You are brief." if chat else None)
    samples = {}
    for task, found in results["samples"].items():
        samples[task] = [{
            "filter": s["filter"], "doc_id": s["doc_id"], "target": s["target"],
            "arguments": [[t for t in a if isinstance(t, str)] for a in s["arguments"]],
            "resps": s["resps"], "values": {m: s[m] for m in s["metrics"]},
        } for s in found]
    return {"tasks": tasks, "chat": chat, "shots": shots, "limit": limit, "samples": samples,
            "results": {task: {k: v for k, v in found.items() if "," in k}
                        for task, found in results["results"].items()}}


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    fixture, work = sys.argv[1:]
    check.rows = made_up
    documents, folder = os.path.join(work, "documents"), os.path.join(work, "tasks")
    os.makedirs(documents)
    os.makedirs(folder)
    files, subjects = check.make_documents("", documents)
    check.included_tasks(os.path.dirname(lm_eval.__file__), files, folder, subjects)
    further = check.check_tasks(files, folder)
    own = sorted(check.OWN_FILES)
    runs = [
        run(own + ["mmlu_some"], folder, None, None),
        run(["hellaswag", "arc_easy", "winogrande", "openbookqa"], folder, None, 3),
        run(["mmlu_anatomy"], folder, None, 5),
        run([t for t in further if t != "check_classes"], folder, None, None),
        run(["hellaswag", "winogrande", "gsm8k_cot"], folder, "one", 2, 2),
        run(["arc_easy", "check_metrics", "check_same_split"], folder, "turns", 2, 3),
    ]
    def lines(path):
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    def text(path):
        with open(path, encoding="utf-8") as file:
            return file.read().replace(documents + "/", "documents/")
    kept = {
        "documents": {name: lines(os.path.join(documents, name))
                      for name in sorted(os.listdir(documents))},
        "files": {task: {s: os.path.relpath(p, work) for s, p in found.items()}
                  for task, found in sorted(files.items())},
        "tasks": {name: text(os.path.join(folder, name + ".yaml"))
                  for name in further + ["mmlu_some"]},
        "runs": runs,
    }
    with open(fixture, "w", encoding="utf-8") as file:
        json.dump(kept, file, ensure_ascii=False, sort_keys=True, separators=(",", ":"),
                  default=str)
        file.write("\n")


if __name__ == "__main__":
    main()
