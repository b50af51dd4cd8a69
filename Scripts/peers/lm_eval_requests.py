"""Answers of lm-evaluation-harness (hf) to requests in a file, and how long they take: what evaluation-bench does.

    lm_eval_requests.py MODEL REQUESTS.jsonl ANSWERS.jsonl BATCH [THREADS]
"""
import json
import os
import resource
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM

model, requests, answers, batch = sys.argv[1:5]
if len(sys.argv) > 5:
    torch.set_num_threads(int(sys.argv[5]))
lm = HFLM(pretrained=model, device="cpu", dtype="float32", batch_size=int(batch))
rows = [json.loads(line) for line in open(requests, encoding="utf-8")]


def instances(kind, arguments):
    return [
        Instance(request_type=kind, doc={}, arguments=a, idx=i) for i, a in enumerate(arguments)
    ]


def processor():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


start, used = time.perf_counter(), processor()
if "context" in rows[0]:
    found = lm.loglikelihood(
        instances("loglikelihood", [(r["context"], r["continuation"]) for r in rows]),
        disable_tqdm=True)
    out = [{"logprob": p, "greedy": bool(g)} for p, g in found]
elif "text" in rows[0]:
    found = lm.loglikelihood_rolling(
        instances("loglikelihood_rolling", [(r["text"],) for r in rows]), disable_tqdm=True)
    out = [{"logprob": float(p)} for p in found]
else:
    def settings(r):
        return {"until": list(r["until"]), "max_gen_toks": r["max_gen_toks"], "do_sample": False}

    found = lm.generate_until(
        instances("generate_until", [(r["prompt"], settings(r)) for r in rows]),
        disable_tqdm=True)
    out = [{"text": t} for t in found]
seconds, used = time.perf_counter() - start, processor() - used
with open(answers, "w", encoding="utf-8") as file:
    for row in out:
        file.write(json.dumps(row) + "\n")
print(json.dumps({
    "requests": len(rows), "seconds": seconds, "cpu_seconds": used, "threads": torch.get_num_threads(),
    "torch": torch.__version__, "capability": torch.backends.cpu.get_cpu_capability()}))
