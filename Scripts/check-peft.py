#!/usr/bin/env python3
"""Compares exported folders in transformers and PEFT with what Orchestrate computes of the same.

  check-peft.py ORCHESTRATE BASE MERGED ADAPTER PEFT_FOLDER

1. The merged folder, loaded by transformers, against ours.
2. The adapter on the base, loaded by PEFT, against ours; and the merged folder's logits.
3. An adapter that PEFT makes (written to PEFT_FOLDER), read by us on the same base.
4. The card of each folder, read by huggingface_hub.

Ours are greedy texts with all logits of each step; the peer follows the same tokens. The figure is
the largest difference of any logit, relative to logits beyond 1 (their float32
steps grow); the peer computes in float64, so that it is our rounding alone. Exit status: 0 within 1e-4 (1e-5 for adapters in float32), 1 beyond, 2 usage.
"""
import glob
import json
import subprocess
import sys

import torch
from huggingface_hub import ModelCard
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

PROMPTS = ["the sky is", "Once upon a time", "What is 2 + 2?", "def f(x):", "ash"]


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64).eval()


def generated(binary, folder, base=None):
    command = [binary, "generate", folder, "--max-new-tokens", "12", "--json", "--logits"]
    command += ["--base", base] if base else []
    for prompt in PROMPTS:
        command += ["--prompt", prompt]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in output.splitlines() if line.strip()]


def largest_difference(model, texts):
    worst, steps = 0.0, 0
    for text in texts:
        ids = text["prompt_ids"] + text["ids"]
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0].double()
        first = len(text["prompt_ids"]) - 1
        for step, ours in enumerate(text["logits"]):
            ours = torch.tensor(ours, dtype=torch.float64)
            apart = (logits[first + step] - ours).abs() / logits[first + step].abs().clamp(min=1)
            worst = max(worst, float(apart.max()))
            steps += 1
    return worst, steps


def logits_difference(a, b, texts):
    worst = 0.0
    for text in texts:
        ids = torch.tensor([text["prompt_ids"] + text["ids"]])
        with torch.no_grad():
            worst = max(worst, float((a(ids).logits - b(ids).logits).abs().max()))
    return worst


def stored_type(folder):
    """The type of the first tensor of a folder's first safetensors file."""
    with open(sorted(glob.glob(f"{folder}/*.safetensors"))[0], "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return next(entry["dtype"] for name, entry in header.items() if name != "__metadata__")


def main():
    if len(sys.argv) != 6:
        print(__doc__)
        return 2
    binary, base, merged, adapter, made = sys.argv[1:]
    failed = False

    def report(what, difference, bound):
        nonlocal failed
        failed |= not difference <= bound
        mark = "" if difference <= bound else "  BEYOND"
        print(f"check-peft: {what}: {difference:.2e} (bound {bound:.0e}){mark}")

    whole = load(merged)
    texts = generated(binary, merged)
    report("merged folder in transformers", largest_difference(whole, texts)[0], 1e-4)
    adapted = PeftModel.from_pretrained(load(base), adapter).eval()
    texts = generated(binary, adapter, base)
    report("adapter in PEFT", largest_difference(adapted, texts)[0], 1e-5)
    rounded = stored_type(merged)
    bound = 1e-4 if rounded == "F32" else 1.0
    report(f"adapter in PEFT against the merged folder in {rounded}",
           logits_difference(adapted, whole, texts), bound)

    torch.manual_seed(7)
    targets = sorted({name.rsplit(".", 1)[1] for name, module in load(base).named_modules()
                      if isinstance(module, torch.nn.Linear) and "layers." in name
                      and "router" not in name and not name.endswith(".gate")})
    model = get_peft_model(load(base), LoraConfig(r=4, lora_alpha=8, target_modules=targets))
    for name, value in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.05)
    model.float().eval().save_pretrained(made)
    model.double()
    report("adapter of PEFT read by us", largest_difference(model, generated(binary, made, base))[0], 1e-5)

    for folder in (merged, adapter):
        card = ModelCard.load(f"{folder}/README.md")
        print(f"check-peft: card of {card.data.library_name}: pipeline {card.data.pipeline_tag}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
