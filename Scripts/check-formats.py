#!/usr/bin/env python3
"""Exports every family in every type and compares the files in llama.cpp and Orchestrate.

  check-formats.py BIN/orchestrate MODELS WORK [--types f16,q8_0,...] [--families llama,...]

MODELS holds a folder for each family. For each file: greedy tokens of the float types are equal until
the first step whose two best logits are closer than 1e-2; of quantized types the mean
KL(llama.cpp || ours) of next-token distributions while our text grows, and the perplexity of the same
tokens in the same window by both (ours from 'orchestrate score', exact; theirs from its own products
with rows of 8 bits).

Exit status: 0 all within the limits; 1 a difference; 2 usage.
"""
import argparse
import json
import math
import os
import subprocess
import sys

import llama_cpp
import numpy

TYPES = ("f32 f16 bf16 q8_0 q4_0 q4_1 q5_0 q5_1 q2_k q3_k_s q3_k_m q3_k_l q4_k_s q4_k_m q5_k_s "
         "q5_k_m q6_k iq4_nl iq4_xs").split()
FLOATS = ("f32", "f16", "bf16")
PROMPTS = ["Once upon a time", "The price is 1234.5 and", "def f(x):\n    return", "naïve café"]
TEXT = ("Once upon a time there was a little girl who lived in a village near the forest. "
        "She was known for 3 things: her red cap, her kindness, and 12 good stories. ") * 6


def log_softmax(logits):
    logits = numpy.asarray(logits, dtype=numpy.float64)
    top = logits.max(axis=-1, keepdims=True)
    return logits - top - numpy.log(numpy.exp(logits - top).sum(axis=-1, keepdims=True))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {done.stderr.strip()[:400]}")
    return done.stdout


def export(binary, model, work, types):
    project = os.path.join(work, os.path.basename(model))
    os.makedirs(project, exist_ok=True)
    with open(os.path.join(project, "pipeline.yaml"), "w") as file:
        file.write(f"name: formats\nstages:\n  gguf:\n    uses: gguf_export\n"
                   f"    inputs: {{ model: {os.path.abspath(model)} }}\n"
                   f"    with: {{ name: tiny, quantization: [{', '.join(types)}] }}\n")
    run(binary, "run", os.path.join(project, "pipeline.yaml"))
    out = os.path.join(project, "files")
    run(binary, "artifacts", "get", "gguf", "--project", project, "--to", out)
    return out


def logits_of(model, ids):
    model.reset()
    model.eval(ids)
    return numpy.array(model.scores[:len(ids)], dtype=numpy.float64)


def compare(binary, path, is_float):
    prompts = [part for text in PROMPTS for part in ("--prompt", text)]
    lines = run(binary, "generate", path, *prompts, "--max-new-tokens", "24", "--json", "--logits")
    generated = [json.loads(line) for line in lines.splitlines()]
    scored = json.loads(run(binary, "score", path, "--text", TEXT, "--json", "--tokens"))
    ids = scored["rows"][0]["ids"][:512]
    model = llama_cpp.Llama(path, n_ctx=1024, n_batch=1024, n_threads=1, n_threads_batch=1,
                            logits_all=True, verbose=False)
    equal, differences, kl = 0, 0, []
    for text in generated:
        start = len(text["prompt_ids"])
        theirs = logits_of(model, text["prompt_ids"] + text["ids"])[start - 1:]
        reference = log_softmax(theirs[:len(text["logits"])])
        ours = log_softmax(text["logits"])
        kl += list((numpy.exp(reference) * (reference - ours)).sum(axis=1))
        for step, gap in enumerate(text["top_gaps"]):
            if gap < 1e-2:
                break
            if int(theirs[step].argmax()) != int(numpy.argmax(text["logits"][step])):
                differences += 1
                break
            equal += 1
    theirs = log_softmax(logits_of(model, ids))
    nll = -sum(theirs[i][ids[i + 1]] for i in range(len(ids) - 1)) / (len(ids) - 1)
    own = -sum(scored["rows"][0]["log_probabilities"][:len(ids) - 1]) / (len(ids) - 1)
    mean = sum(kl) / len(kl)
    ratio = math.exp(own - nll) - 1
    good = mean < 1e-2 and abs(ratio) < 5e-3 and not (is_float and differences)
    return {"equal": equal, "differences": differences, "kl": mean, "ours": math.exp(own),
            "theirs": math.exp(nll), "ratio": ratio, "good": good}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("models")
    parser.add_argument("work")
    parser.add_argument("--types", default=",".join(TYPES))
    parser.add_argument("--families")
    options = parser.parse_args()
    types = options.types.split(",")
    families = sorted(os.listdir(options.models))
    if options.families:
        families = options.families.split(",")
    print(f"{'family':14} {'type':8} {'greedy':>10} {'mean KL':>10} {'ppl ours':>12} "
          f"{'llama.cpp':>12} {'differ':>9}")
    bad = 0
    for family in families:
        files = export(options.binary, os.path.join(options.models, family), options.work, types)
        for kind in types:
            path = os.path.join(files, f"tiny-{kind.upper()}.gguf")
            try:
                row = compare(options.binary, path, kind in FLOATS)
            except (RuntimeError, ValueError) as problem:
                print(f"{family:14} {kind:8} failed: {problem}")
                bad += 1
                continue
            bad += not row["good"]
            print(f"{family:14} {kind:8} {row['equal']:>5} eq {row['differences']}  "
                  f"{row['kl']:>10.2e} {row['ours']:>12.4f} {row['theirs']:>12.4f} "
                  f"{100 * row['ratio']:>+8.3f}%{'' if row['good'] else '  beyond the limit'}",
                  flush=True)
    print(f"{bad} beyond the limits")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
