#!/usr/bin/env python3
"""An epoch of supervised LoRA tuning in TRL's SFTTrainer, and in Orchestrate, on the same rows.

  trl_sft.py prepare --data rows.jsonl.gz --tokenizer DIR --folder W   writes what both sides read
  trl_sft.py ours --folder W --orchestrate BIN                         one run of ours
  trl_sft.py peer --folder W                                           one run of TRL

`prepare` writes W/base (a Llama with random weights and a real tokenizer, unless --base names a
model), W/train.jsonl, W/test.jsonl (columns prompt and completion, from question and answer) and
W/pipeline.yaml. `ours` and `peer` print one JSON object each:

  seconds          training alone: from the first step to the last (ours: event times of the sft
                   stage; TRL: train_runtime)
  whole_seconds    ours: the sft stage, with loading, held-out rows and sample answers
  tokens           tokens of the epoch without padding; trained_tokens: those of answers
  tokens_per_s     tokens / seconds
  peak_mb          largest resident memory of a process until training ends (ours: of the whole run)
  first_loss       loss of the first step; last_loss: the mean of the last ten
  held_out_before, held_out_after   mean loss of an answer token of W/test.jsonl

`peer` first compares TRL's ids and labels of every training row with those that
`orchestrate preview --json` wrote to W/preview.jsonl, and exits with status 1 at a difference.
TRL's own defaults are changed where they would not be the same work or cost it time on a processor:
float32 instead of bf16 autocast, no gradient checkpointing. --config takes JSON of other fields of
SFTConfig. --loss logits replaces SFTTrainer's loss, which folds the head in chunks and also measures
entropy, with the one of transformers over whole logits: on a processor it takes half the time.

Exit status: 0 measured, 1 the two sides do not train the same tokens, or ours failed; 2 usage.
"""
import argparse
import gzip
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys

SHAPES = {
    "tiny15m": dict(hidden_size=288, num_hidden_layers=6, num_attention_heads=6,
                    num_key_value_heads=6, intermediate_size=768, tie_word_embeddings=False),
    "smol135m": dict(hidden_size=576, num_hidden_layers=30, num_attention_heads=9,
                     num_key_value_heads=3, intermediate_size=1536, tie_word_embeddings=True),
}
IGNORED = -100
PIPELINE = """name: bench-sft
stages:
  train: {{ uses: ingest, with: {{ sources: [ {{ path: ./train.jsonl, type: prompt_completion }} ] }} }}
  test:  {{ uses: ingest, with: {{ sources: [ {{ path: ./test.jsonl, type: prompt_completion }} ] }} }}
  sft:
    uses: sft
    inputs: {{ model: ./base, train: train, validation: test }}
    with:
      lora_r: 16
      lora_alpha: 32
      bf16: false
      gradient_checkpointing: false
      num_epochs: 1
      micro_batch_size: {batch}
      sequence_len: {length}
      learning_rate: {rate}
      lr_scheduler: linear
      warmup_steps: 0
      seed: {seed}
"""


def lines_of(path):
    with (gzip.open if str(path).endswith(".gz") else open)(path, "rt") as file:
        return [json.loads(line) for line in file if line.strip()]


def prepare(options):
    import torch
    import transformers

    folder = pathlib.Path(options.folder)
    base = folder / "base"
    if options.base:
        base.symlink_to(pathlib.Path(options.base).resolve())
    else:
        make_base(base, pathlib.Path(options.tokenizer), options, torch, transformers)
    tokenizer = transformers.AutoTokenizer.from_pretrained(base)
    # A completion begins with the space, where the tokenizers of GPT-2 and its kin cut.
    rows = [{"prompt": f"Question: {row['question']}\nAnswer:", "completion": f" {row['answer']}"}
            for row in lines_of(options.data)]
    # One more for the end token. What to do with longer rows is a setting of each side.
    rows = [row for row in rows
            if len(tokenizer(row["prompt"] + row["completion"])["input_ids"]) < options.length]
    train, test = rows[:-options.held_out][:options.rows], rows[-options.held_out:]
    for name, part in (("train", train), ("test", test)):
        text = "".join(json.dumps(row) + "\n" for row in part)
        (folder / f"{name}.jsonl").write_text(text)
    (folder / "pipeline.yaml").write_text(PIPELINE.format(
        batch=options.batch, length=options.length, rate=options.rate, seed=options.seed))
    print(f"{len(train)} rows, {len(test)} held out")


def make_base(base, source, options, torch, transformers):
    base.mkdir(parents=True)
    packed = source / "tokenizer.json.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (
        source / "tokenizer.json").read_bytes()
    (base / "tokenizer.json").write_bytes(text)
    shutil.copy(source / "tokenizer_config.json", base)
    tokenizer = transformers.AutoTokenizer.from_pretrained(base)
    torch.manual_seed(options.seed)
    config = transformers.LlamaConfig(
        **SHAPES[options.shape], vocab_size=len(tokenizer), max_position_embeddings=2048,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id)
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    model.save_pretrained(base)


def ours(options):
    folder = pathlib.Path(options.folder)
    shutil.rmtree(folder / ".orchestrate", ignore_errors=True)
    command = [options.orchestrate, "run", str(folder / "pipeline.yaml"), "--json",
               "--threads", str(options.threads)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    events = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode != 0:
        for event in events:
            if event.get("severity") == "error":
                print(event["message"], file=sys.stderr)
        sys.exit(1)
    events = [event for event in events if event.get("stage") == "sft"]
    counts = {event["name"]: event["value"] for event in events if event["type"] == "count"}

    def metric(name):
        return [(event["time"], event["value"]) for event in events
                if event["type"] == "metric" and event["name"] == name]

    losses, held_out = metric("loss"), metric("eval_loss")
    whole = next(event["seconds"] for event in events if event.get("event") == "finished")
    # Training begins where the held-out rows' loss before it is known.
    report(seconds=losses[-1][0] - held_out[0][0], whole_seconds=whole,
           tokens=counts["train.tokens"], trained_tokens=counts["train.trained_tokens"],
           peak_kb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
           losses=[value for _, value in losses],
           held_out=[held_out[0][1], held_out[-1][1]])


def peer(options):
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    import datasets
    import peft
    import torch
    import transformers
    import trl

    torch.set_num_threads(options.threads)
    datasets.disable_progress_bars()
    folder = pathlib.Path(options.folder)
    base = folder / "base"
    tokenizer = transformers.AutoTokenizer.from_pretrained(base)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    settings = dict(
        output_dir=str(folder / "trl"), use_cpu=True, bf16=False, gradient_checkpointing=False,
        completion_only_loss=True, max_length=options.length, num_train_epochs=1,
        per_device_train_batch_size=options.batch, gradient_accumulation_steps=1,
        learning_rate=options.rate, lr_scheduler_type="linear", warmup_steps=0, weight_decay=0.0,
        max_grad_norm=1.0, seed=options.seed, logging_steps=1, save_strategy="no",
        report_to="none", disable_tqdm=True)
    settings.update(json.loads(options.config))
    adapter = peft.LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, target_modules="all-linear",
                              task_type="CAUSAL_LM")

    class WholeLogitsTrainer(trl.SFTTrainer):
        compute_loss = transformers.Trainer.compute_loss

    trainer = (WholeLogitsTrainer if options.loss == "logits" else trl.SFTTrainer)(
        model=transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32),
        args=trl.SFTConfig(**settings), processing_class=tokenizer, peft_config=adapter,
        train_dataset=datasets.Dataset.from_list(lines_of(folder / "train.jsonl")),
        eval_dataset=datasets.Dataset.from_list(lines_of(folder / "test.jsonl")))
    if not settings.get("packing"):
        check_rows(trainer.train_dataset, lines_of(folder / "preview.jsonl"))
    tokens = sum(len(row["input_ids"]) for row in trainer.train_dataset)
    trained = sum(count_trained(row) for row in trainer.train_dataset)
    before = held_out_loss(trainer, torch)
    result = trainer.train()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    report(seconds=result.metrics["train_runtime"], whole_seconds=0, tokens=tokens,
           trained_tokens=trained, peak_kb=peak, losses=losses,
           held_out=[before, held_out_loss(trainer, torch)])


def labels_of(row):
    if "labels" in row:
        return row["labels"]
    pairs = zip(row["input_ids"], row["completion_mask"])
    return [token if trained else IGNORED for token, trained in pairs]


def count_trained(row):
    return sum(label != IGNORED for label in labels_of(row)[1:])


def check_rows(theirs, preview):
    if len(theirs) != len(preview):
        sys.exit(f"ours has {len(preview)} rows, TRL {len(theirs)}")
    for number, (row, expected) in enumerate(zip(theirs, preview), 1):
        if row["input_ids"] != expected["ids"]:
            sys.exit(f"row {number}: TRL's tokens are not ours")
        if labels_of(row)[1:] != expected["labels"][1:]:
            sys.exit(f"row {number}: TRL's trained tokens are not ours")


def held_out_loss(trainer, torch):
    """Mean over all answer tokens, a row at a time and the head on answers alone, so that it needs
    less memory than a step. Trainer.evaluate() takes the mean of batch means instead."""
    model = trainer.model.eval()
    decoder = model.get_base_model()
    total = 0.0
    count = 0
    with torch.no_grad():
        for row in trainer.eval_dataset:
            labels = torch.tensor(labels_of(row)[1:])
            hidden = decoder.model(input_ids=torch.tensor([row["input_ids"]])).last_hidden_state
            trained = labels != IGNORED
            logits = decoder.lm_head(hidden[0, :-1][trained])
            total += torch.nn.functional.cross_entropy(
                logits, labels[trained], reduction="sum").item()
            count += int(trained.sum())
    model.train()
    return total / count


def report(seconds, whole_seconds, tokens, trained_tokens, peak_kb, losses, held_out):
    last = losses[-10:]
    print(json.dumps({
        "seconds": round(seconds, 3), "whole_seconds": round(whole_seconds, 3),
        "tokens": tokens, "trained_tokens": trained_tokens, "steps": len(losses),
        "tokens_per_s": round(tokens / seconds, 1), "peak_mb": round(peak_kb / 1024),
        "first_loss": round(losses[0], 4), "last_loss": round(sum(last) / len(last), 4),
        "held_out_before": round(held_out[0], 5), "held_out_after": round(held_out[1], 5)}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["prepare", "ours", "peer"])
    parser.add_argument("--folder", required=True, help="what both sides read")
    parser.add_argument("--data", help="JSON lines with columns question and answer")
    parser.add_argument("--tokenizer", help="folder of tokenizer.json[.gz], tokenizer_config.json")
    parser.add_argument("--base", help="a model folder instead of one with random weights")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="tiny15m")
    parser.add_argument("--rows", type=int, default=600, help="training rows at most")
    parser.add_argument("--held-out", type=int, default=200, help="rows, from the end")
    parser.add_argument("--length", type=int, default=512, help="longer rows are left out")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-4, help="learning rate")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--orchestrate", help="the binary, for ours")
    parser.add_argument("--loss", choices=["trl", "logits"], default="trl", help="the peer's")
    parser.add_argument("--config", default="{}", help="fields of SFTConfig, as JSON")
    options = parser.parse_args()
    {"prepare": prepare, "ours": ours, "peer": peer}[options.action](options)


if __name__ == "__main__":
    main()
