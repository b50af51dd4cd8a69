#!/usr/bin/env python3
"""Compares a GGUF file in llama.cpp with what Orchestrate generates from the same model.

  orchestrate generate ./model --prompt "Once upon a time" --max-new-tokens 64 --json > ours.jsonl
  check-llama-cpp.py model-F32.gguf ours.jsonl --tolerance 1e-3
  check-llama-cpp.py model-Q8_0.gguf ours.jsonl --reference model-F32.gguf --kl-max 1e-2

ours.jsonl has a line for each prompt: prompt, prompt_ids, ids, finish, top_gaps (best minus
second-best logit of each step, the one that stopped included), and optionally logits (the whole
next-token logits of each step).

Greedy tokens must be equal until the first step whose gap is below the tolerance; a text that
stopped must meet a token that llama.cpp, too, takes for an end. With --reference, or where logits
are given, the mean of KL(reference || file) over all steps must be below --kl-max, and greedy tokens
are not compared. llama.cpp follows our tokens, so that each step is compared after the same text.
--tokenize also compares the ids of the prompts.

Exit status: 0 all equal, or llama_cpp is not installed (one line says so); 1 a difference; 2 usage.
"""
import argparse
import json
import math
import sys


def log_softmax(values):
    largest = max(values)
    total = math.log(sum(math.exp(v - largest) for v in values)) + largest
    return [v - total for v in values]


def divergence(ours, theirs):
    p, q = log_softmax(ours), log_softmax(theirs)
    return sum(math.exp(a) * (a - b) for a, b in zip(p, q))


def follow(model, prompt):
    """Yields the next-token logits of each step, the text so far being ours."""
    model.reset()
    model.eval(prompt["prompt_ids"])
    position = len(prompt["prompt_ids"])
    yield [float(v) for v in model.scores[position - 1]]
    for token in prompt["ids"]:
        model.eval([token])
        position += 1
        yield [float(v) for v in model.scores[position - 1]]


def check_greedy(model, number, prompt, tolerance, is_end):
    """Returns (steps compared, difference or None)."""
    compared = 0
    gaps = prompt["top_gaps"]
    for step, logits in zip(range(len(gaps)), follow(model, prompt)):
        if gaps[step] < tolerance:
            break
        best = max(range(len(logits)), key=logits.__getitem__)
        ours = prompt["ids"][step] if step < len(prompt["ids"]) else None
        same = best == ours if ours is not None else is_end(best)
        if not same:
            return compared, (f"prompt {number}, step {step}: llama.cpp takes token {best}, ours is "
                              f"{'the end' if ours is None else ours}, gap {gaps[step]:.4g}")
        compared += 1
    return compared, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("expected")
    parser.add_argument("--tolerance", type=float, default=1e-3,
                        help="gap below which a step means nothing (1e-3 for F32, 1e-2 for F16)")
    parser.add_argument("--reference", help="a GGUF file whose distributions are the right ones")
    parser.add_argument("--kl-max", type=float, default=1e-2)
    parser.add_argument("--tokenize", action="store_true", help="compare the ids of the prompts")
    options = parser.parse_args()
    try:
        import llama_cpp
    except ImportError:
        print("skipped: the Python package llama_cpp is not installed")
        return 0
    with open(options.expected, encoding="utf-8") as file:
        prompts = [json.loads(line) for line in file if line.strip()]
    if not prompts:
        parser.error(f"{options.expected} holds no prompts")
    longest = max(len(p["prompt_ids"]) + len(p["ids"]) for p in prompts)

    def load(path):
        return llama_cpp.Llama(path, n_ctx=max(64, longest + 1), n_batch=max(64, longest),
                               n_threads=1, n_threads_batch=1, logits_all=True, verbose=False)

    model = load(options.model)

    def is_end(token):
        vocabulary = llama_cpp.llama_model_get_vocab(model._model.model)
        return llama_cpp.llama_vocab_is_eog(vocabulary, token)

    reference = load(options.reference) if options.reference else None
    problems, divergences, steps = [], [], 0
    for number, prompt in enumerate(prompts, 1):
        if options.tokenize:
            ids = model.tokenize(prompt["prompt"].encode(), add_bos=True, special=False)
            if ids != prompt["prompt_ids"]:
                problems.append(f"prompt {number}: llama.cpp makes {len(ids)} tokens of it, ours "
                                f"are {len(prompt['prompt_ids'])}, or others")
        right = follow(reference, prompt) if reference else prompt.get("logits")
        if right is not None:
            divergences += [divergence(a, b) for a, b in zip(right, follow(model, prompt))]
        else:
            compared, difference = check_greedy(
                model, number, prompt, options.tolerance, is_end)
            steps += compared
            problems += [difference] if difference else []
    for problem in problems:
        print(problem)
    if divergences:
        mean = sum(divergences) / len(divergences)
        if not mean < options.kl_max:
            problems.append("divergence")
        print(f"{len(prompts)} prompts, mean KL {mean:.3g} over {len(divergences)} steps "
              f"(limit {options.kl_max:g})")
    else:
        print(f"{len(prompts)} prompts, {steps} greedy steps equal, {len(problems)} differences")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
