#!/usr/bin/env python3
"""Compares tasks of lm-evaluation-harness with ours, item by item.

  check-harness.py ORCHESTRATE ROWS_FOLDER WORK_FOLDER MODEL...

Documents are made from the rows in ROWS_FOLDER (hellaswag, truthfulqa, gsm8k slices), in the columns
of Hugging Face. The harness runs its own task files, included by files that only name the documents,
and further files in check_tasks() below; ours are the built-in tasks and the same further files.
Compared are prompts (equal), log-likelihoods (within 1e-4, relative to 100 where larger: the harness
adds them up in float32), answers (equal), metrics of every document and of the task, standard errors
(within 1e-9). The harness gets each model with its tokenizer.json as it is: transformers 5 builds
another tokenizer for tokenizer_class LlamaTokenizer, which reads a space at the start of a text
otherwise. Exit status: 0 all equal, 1 otherwise, 2 usage.
"""
import gzip
import json
import os
import random
import subprocess
import sys

ROWS = int(os.environ.get("ROWS", "12"))
SEED = int(os.environ.get("SEED", "0"))
LIKELIHOOD_BOUND = 1e-4
FIGURE_BOUND = 1e-9


def rows(folder, name):
    with gzip.open(os.path.join(folder, name), "rt", encoding="utf-8") as file:
        found = [json.loads(line) for line in file]
    random.Random(SEED).shuffle(found)
    return found


def write(path, documents):
    with open(path, "w", encoding="utf-8") as file:
        for document in documents:
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
    return path


# --- Documents -------------------------------------------------------------------------------------


def make_documents(source, folder):
    """The files of each task: {task: {split: path}}."""
    scenes = rows(source, "hellaswag_val_mod5.jsonl.gz")
    sums = rows(source, "gsm8k_test_even.jsonl.gz")
    truths = rows(source, "truthfulqa_mod3.jsonl.gz")
    code = rows(source, "humaneval_even.jsonl.gz")
    few = random.Random(SEED + 1)

    def scene(row):
        label, _, rest = row["ctx"].partition(": ")
        first, dot, last = rest.rpartition(". ")
        return {
            "activity_label": label, "ctx_a": first + dot.strip(), "ctx_b": last,
            "ctx": row["ctx"], "endings": [e + " [step] x  y" if i == 1 else e
                                           for i, e in enumerate(row["endings"])],
            "label": str(row["label"]),
        }

    def science(row):
        letters = "ABCD" if few.random() < 0.5 else "1234"
        return {
            "question": row["ctx"], "question_stem": row["ctx"],
            "choices": {"text": row["endings"], "label": list(letters)},
            "answerKey": letters[row["label"]],
        }

    def truth(row):
        def targets(right):
            return {"choices": right + row["incorrect"],
                    "labels": [1] * len(right) + [0] * len(row["incorrect"])}
        return {"question": row["question"], "mc1_targets": targets([row["best"]]),
                "mc2_targets": targets(row["correct"])}

    def pronoun(row):
        words = row["ctx"].replace("_", " ").split()
        place = few.randrange(1, len(words))
        word, words[place] = words[place], "_"
        return {"sentence": " ".join(words), "option1": word, "option2": "something",
                "answer": few.choice(["1", "2"])}

    def subject(name, row):
        return {"question": " " + row["ctx"] + "\n", "choices": row["endings"],
                "answer": row["label"], "subject": name}

    def page(index):
        part = sums[4 * index: 4 * index + 1 + index % 4]
        text = " \n ".join(row["answer"] for row in part)
        return {"page": " = Title " + str(index) + " = \n " + text.replace(".", " . ")
                .replace(",", " @,@ ").replace("-", " @-@ ")
                + " ( it 's \" so \" he said , at 5 \u00b0 C ) ' quoted ' [ x ] { y } = = N "}

    def save(name, documents):
        return write(os.path.join(folder, name + ".jsonl"), documents)

    count = ROWS
    subjects = ["abstract_algebra", "anatomy", "world_religions", "virology",
                "us_foreign_policy", "professional_law"]
    scenes = iter(scenes)
    take = lambda make, n=count: [make(next(scenes)) for _ in range(n)]
    files = {
        "hellaswag": {"validation": save("hellaswag", take(scene)),
                      "train": save("hellaswag_train", take(scene, 2 * count + 6))},
        "arc_easy": {"test": save("arc_easy", take(science)),
                     "train": save("arc_train", take(science, 3 * count + 4))},
        "arc_challenge": {"test": save("arc_challenge", take(science)),
                          "train": os.path.join(folder, "arc_train.jsonl")},
        "openbookqa": {"test": save("openbookqa", take(science)),
                       "train": os.path.join(folder, "arc_train.jsonl")},
        "piqa": {"validation": save("piqa", take(lambda r: {
            "goal": r["ctx"], "sol1": r["endings"][0], "sol2": r["endings"][1],
            "label": r["label"] % 2}))},
        "boolq": {"validation": save("boolq", take(lambda r: {
            "passage": r["ctx"], "question": r["endings"][0].rstrip("."),
            "label": r["label"] % 2}))},
        "winogrande": {"validation": save("winogrande", take(pronoun)),
                       "train": save("winogrande_train", take(pronoun, count + 8))},
        "truthfulqa_mc1": {"validation": save("truthfulqa", [truth(r) for r in truths[:count]])},
        "truthfulqa_mc2": {"validation": os.path.join(folder, "truthfulqa.jsonl")},
        "gsm8k": {"test": save("gsm8k", sums[:max(2, count // 6)]),
                  "train": save("gsm8k_train", sums[-3 * count - 10:])},
        "gsm8k_cot": {"test": os.path.join(folder, "gsm8k.jsonl")},
        "wikitext": {"test": save("wikitext", [page(i) for i in range(count)])},
        "humaneval": {"test": save("humaneval", code[:3])},
    }
    for name in subjects:
        files["mmlu_" + name] = {
            "test": save("mmlu_" + name, take(lambda r: subject(name, r), 4 + len(name) % 5)),
            "dev": save("mmlu_" + name + "_dev", take(lambda r: subject(name, r), 5)),
        }
    everything = {"test": [], "dev": []}
    for name in subjects:
        for split in everything:
            with open(files["mmlu_" + name][split], encoding="utf-8") as file:
                everything[split] += [json.loads(line) for line in file]
    files["mmlu"] = {split: save("mmlu_" + split, found) for split, found in everything.items()}
    return files, subjects


# --- Task files ------------------------------------------------------------------------------------

OWN_FILES = {
    "hellaswag": "hellaswag/hellaswag.yaml", "arc_easy": "arc/arc_easy.yaml",
    "arc_challenge": "arc/arc_challenge.yaml", "openbookqa": "openbookqa/openbookqa.yaml",
    "piqa": "piqa/piqa.yaml", "boolq": "super_glue/boolq/default.yaml",
    "winogrande": "winogrande/default.yaml", "truthfulqa_mc1": "truthfulqa/truthfulqa_mc1.yaml",
    "truthfulqa_mc2": "truthfulqa/truthfulqa_mc2.yaml", "gsm8k": "gsm8k/gsm8k.yaml",
    "gsm8k_cot": "gsm8k/gsm8k-cot.yaml", "wikitext": "wikitext/wikitext.yaml",
}


def included_tasks(harness, files, folder, subjects):
    """The harness' own files with our documents."""
    own = dict(OWN_FILES)
    for name in subjects:
        own["mmlu_" + name] = "mmlu/default/mmlu_" + name + ".yaml"
    for task, path in own.items():
        lines = ["include: " + os.path.join(harness, "tasks", path), "task: " + task,
                 "dataset_path: json", "dataset_name: null", "dataset_kwargs:", "  data_files:"]
        lines += ["    %s: %s" % item for item in files[task].items()]
        # The harness reads splits that it may take examples from, asked for or not.
        for split, key in [("train", "training_split"), ("validation", "validation_split")]:
            if split not in files[task]:
                lines += [key + ": null"]
        with open(os.path.join(folder, task + ".yaml"), "w") as file:
            file.write("\n".join(lines) + "\n")
    with open(os.path.join(folder, "mmlu_some.yaml"), "w") as file:
        file.write("group: mmlu_some\ntask:\n" + "".join("  - mmlu_%s\n" % s for s in subjects)
                   + "aggregate_metric_list:\n  - metric: acc\n    weight_by_size: true\n")


def check_tasks(files, folder):
    """Tasks that use what the built-in ones do not."""
    scenes, sums = files["hellaswag"], files["gsm8k"]
    texts = {
        "check_metrics": """
dataset_kwargs: { data_files: { test: %s, train: %s } }
test_split: test
training_split: train
output_type: multiple_choice
doc_to_text: "{{ctx | upper if label == '1' else ctx}} "
doc_to_choice: "{{endings[:2]}}"
doc_to_target: "{{(label | int) %% 2}}"
target_delimiter: "\\n"
fewshot_delimiter: "\\n###\\n"
description: "Choose for {{activity_label}}.\\n"
num_fewshot: 2
metric_list: [{metric: acc}, {metric: acc_norm}, {metric: acc_bytes}, {metric: acc_mutual_info},
  {metric: exact_match, aggregation: mean, higher_is_better: true}, {metric: brier_score}]
""" % (scenes["validation"], scenes["train"]),
        "check_classes": """
dataset_kwargs: { data_files: { test: %s } }
test_split: test
output_type: multiple_choice
doc_to_text: "{{ctx}}"
doc_to_choice: "{{endings[:2]}}"
doc_to_target: "{{(label | int) %% 2}}"
metric_list: [{metric: f1}, {metric: mcc}]
""" % scenes["validation"],
        "check_same_split": """
dataset_kwargs: { data_files: { test: %s } }
test_split: test
fewshot_split: test
output_type: multiple_choice
doc_to_text: ctx
doc_to_choice: endings
doc_to_target: "{{label}}"
num_fewshot: 4
metric_list: [{metric: acc, aggregation: mean, higher_is_better: true}]
""" % scenes["validation"],
        "check_first": """
dataset_kwargs: { data_files: { test: %s } }
test_split: test
fewshot_split: test
fewshot_config: { sampler: first_n, doc_to_text: "Scene: {{ctx}}", target_delimiter: " => " }
output_type: multiple_choice
doc_to_text: "Scene: {{ctx}}\\nNext:"
doc_to_choice: [ "zero", "one", "two", "three" ]
doc_to_target: "{{label}}"
num_fewshot: 2
gen_prefix: "It is"
metric_list: [{metric: acc, aggregation: mean, higher_is_better: true}]
""" % scenes["validation"],
        "check_many": """
dataset_kwargs: { data_files: { test: %s } }
test_split: test
output_type: multiple_choice
doc_to_text: "{{question}}"
doc_to_choice: "{{mc2_targets.choices}}"
doc_to_target: "{% set ns = namespace(out=[]) %}{% for x in mc2_targets.labels %}{% if x == 1 %}{% set ns.out = ns.out + [loop.index0] %}{% endif %}{% endfor %}{{ns.out}}"
metric_list: [{metric: acc}, {metric: exact_match, aggregation: mean, higher_is_better: true}]
""".replace("%s", files["truthfulqa_mc1"]["validation"]),
        "check_likelihood": """
dataset_kwargs: { data_files: { test: %s } }
test_split: test
output_type: loglikelihood
doc_to_text: "{{ctx}} "
doc_to_target: "{{endings[label|int][:6]}}"
metric_list: [{metric: perplexity}, {metric: acc}]
""" % scenes["validation"],
        "check_answers": """
dataset_kwargs: { data_files: { test: %s, train: %s } }
test_split: test
training_split: train
output_type: generate_until
doc_to_text: "{{question}}\\nA: "
doc_to_target: "{{answer.split('#### ')[-1]}}"
num_fewshot: 1
generation_kwargs: { until: ["\\n\\n", "."], max_gen_toks: 24 }
repeats: 2
metric_list: [{metric: exact_match, aggregation: mean, higher_is_better: true, ignore_case: true,
  ignore_punctuation: true, regexes_to_ignore: ["[aeiou]+", "\\\\s"]}]
filter_list:
  - { name: words, filter: [ { function: regex, regex_pattern: "(\\\\w+) (\\\\w*)", group_select: -1, fallback: none }, { function: lowercase }, { function: map, mapping_dict: { lily: Lily, the: a }, default_value: other }, { function: take_first } ] }
  - { name: vote, filter: [ { function: remove_whitespace }, { function: uppercase }, { function: majority_vote }, { function: take_first } ] }
  - { name: plain, filter: [ { function: take_first } ] }
""" % (sums["test"], sums["train"]),
        "check_rolling": """
dataset_kwargs: { data_files: { test: %s } }
test_split: test
output_type: loglikelihood_rolling
doc_to_text: ""
doc_to_target: "{{question}} {{answer}}"
metric_list: [{metric: word_perplexity}, {metric: byte_perplexity}, {metric: bits_per_byte}]
""" % sums["train"],
    }
    for name, text in texts.items():
        with open(os.path.join(folder, name + ".yaml"), "w") as file:
            file.write("task: %s\ndataset_path: json%s" % (name, text))
    return sorted(texts)


def with_own_tokenizer(model, folder):
    """The model's files by links, and a configuration that leaves tokenizer.json as it is."""
    place = os.path.join(folder, os.path.basename(model))
    os.makedirs(place)
    for name in os.listdir(model):
        if name != "tokenizer_config.json":
            os.symlink(os.path.join(model, name), os.path.join(place, name))
    with open(os.path.join(model, "tokenizer_config.json")) as file:
        configuration = json.load(file)
    configuration["tokenizer_class"] = "PreTrainedTokenizerFast"
    with open(os.path.join(place, "tokenizer_config.json"), "w") as file:
        json.dump(configuration, file)
    return place


# --- Runs ------------------------------------------------------------------------------------------


def run_harness(model, tasks, folder, chat, shots):
    from lm_eval import simple_evaluate
    from lm_eval.tasks import TaskManager

    return simple_evaluate(
        model="hf", model_args={"pretrained": model, "dtype": "float32"}, tasks=tasks,
        task_manager=TaskManager(include_path=folder, include_defaults=False), num_fewshot=shots,
        batch_size=1, device="cpu", log_samples=True, apply_chat_template=chat is not None,
        fewshot_as_multiturn=chat == "multiturn",
        system_instruction="You are brief." if chat else None, random_seed=0)


def run_ours(binary, model, tasks, arguments, out, chat, shots):
    command = [binary, "eval", model, "--tasks", ",".join(tasks), "--output", out]
    command += arguments
    if chat:
        command += ["--apply-chat-template", "--system-instruction", "You are brief."]
    if chat == "multiturn":
        command += ["--fewshot-as-multiturn"]
    if shots is not None:
        command += ["--num-fewshot", str(shots)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit("check-harness: orchestrate ended with %d\n%s"
                         % (done.returncode, done.stderr[-3000:]))
    with open(os.path.join(out, "results.json")) as file:
        results = json.load(file)
    samples = {}
    for task in results["n-samples"]:
        with open(os.path.join(out, "samples_%s.jsonl" % task), encoding="utf-8") as file:
            samples[task] = [json.loads(line) for line in file]
    return results, samples


# --- Comparison ------------------------------------------------------------------------------------


class Comparison:
    def __init__(self):
        self.problems, self.items, self.requests, self.figures = [], 0, 0, 0
        self.likelihood = 0.0
        self.answers = [0, 0]

    def complain(self, where, what, theirs, ours):
        self.problems.append("%s: %s: the harness has %s, ours is %s"
                             % (where, what, str(theirs)[:300], str(ours)[:300]))

    def sample(self, where, theirs, ours, chat):
        self.items += 1
        for index, (request, mine) in enumerate(zip(theirs["arguments"], ours["arguments"])):
            self.requests += 1
            texts, own = [t for t in request if isinstance(t, str)], \
                [t for t in mine if isinstance(t, str)]
            if chat:  # ours shows turns, the harness what the template makes of them
                texts, own = texts[1:], own[-1:] if len(texts) > 1 else []
            if texts != own:
                self.complain(where, "request %d" % index, texts, own)
        if len(theirs["arguments"]) != len(ours["arguments"]):
            self.complain(where, "requests", len(theirs["arguments"]), len(ours["arguments"]))
        differs = False
        for request, mine in zip(theirs["resps"], ours["resps"]):
            differs |= self.response(where, request[0], mine[0])
        if differs:
            return
        if str(theirs["target"]) != str(ours["target"]):
            self.complain(where, "target", theirs["target"], ours["target"])
        for metric in theirs["metrics"]:
            self.metric(where, metric, theirs[metric], ours.get(metric))

    def response(self, where, theirs, ours):
        """Whether answers differ."""
        if isinstance(theirs, str):
            self.answers[0] += 1
            if theirs != ours:
                self.answers[1] += 1
                self.complain(where, "answer", repr(theirs), repr(ours))
            return theirs != ours
        pair = theirs if isinstance(theirs, (tuple, list)) else (theirs, None)
        mine = ours if isinstance(ours, list) else [ours, None]
        gap = abs(pair[0] - mine[0]) / max(1.0, abs(pair[0]) / 100)
        self.likelihood = max(self.likelihood, gap)
        if gap > LIKELIHOOD_BOUND:
            self.complain(where, "log-likelihood", pair[0], mine[0])
        if pair[1] is not None and bool(pair[1]) != mine[1]:
            self.complain(where, "greedy", pair[1], mine[1])
        return False

    def metric(self, where, name, theirs, ours):
        if isinstance(theirs, (tuple, list)):
            return  # pairs that the task's figure is made of
        bound = 1e-4 if name in ("perplexity", "brier_score") else 1e-5
        mine = ours[0] if isinstance(ours, list) else ours
        if mine is None or abs(float(theirs) - mine) > bound * max(1.0, abs(float(theirs))):
            self.complain(where, name, theirs, ours)

    def results(self, where, theirs, ours):
        for key, value in theirs.items():
            if "," not in key:
                continue
            self.figures += 1
            mine = ours.get(key)
            if value == "N/A" or mine == "N/A" or mine is None:
                if str(value) != str(mine):
                    self.complain(where, key, value, mine)
                continue
            counted = key.split(",")[0].replace("_stderr", "") in (
                "acc", "acc_norm", "acc_bytes", "acc_mutual_info", "exact_match", "f1", "mcc")
            bound = FIGURE_BOUND if counted and "mc2" not in where else 1e-4
            if abs(float(value) - mine) > bound * max(1.0, abs(float(value))):
                self.complain(where, key, value, mine)


def compare(label, theirs, ours, comparison, chat):
    results, samples = ours
    for task, found in theirs["samples"].items():
        mine = {(s["filter"], s["doc_id"]): s for s in samples[task]}
        if len(mine) != len(found):
            comparison.complain("%s %s" % (label, task), "items", len(found), len(mine))
        for sample in found:
            key = (sample["filter"], sample["doc_id"])
            comparison.sample("%s %s %s" % (label, task, key), sample, mine[key], chat)
    for task, found in theirs["results"].items():
        name = "mmlu" if task == "mmlu_some" and "mmlu" in results["results"] else task
        comparison.results("%s %s" % (label, task), found, results["results"][name])


def main():
    if len(sys.argv) < 5:
        raise SystemExit(__doc__)
    binary, source, work = sys.argv[1:4]
    models = [os.path.abspath(m) for m in sys.argv[4:]]
    import lm_eval
    harness = os.path.dirname(lm_eval.__file__)
    documents, folder = os.path.join(work, "documents"), os.path.join(work, "tasks")
    os.makedirs(documents)
    os.makedirs(folder)
    files, subjects = make_documents(source, documents)
    included_tasks(harness, files, folder, subjects)
    further = check_tasks(files, folder)
    own = sorted(OWN_FILES)
    data = []
    for task in own:
        for split, path in files[task].items():
            data += ["--data", "%s:%s=%s" % (task, split, path)]
    mmlu = ["mmlu_" + s for s in subjects]
    for split, path in files["mmlu"].items():
        for task in mmlu:
            data += ["--data", "%s:%s=%s" % (task, split, path)]

    def given(tasks):
        return [a for i in range(0, len(data), 2) if data[i + 1].split(":")[0] in tasks
                for a in data[i:i + 2]]

    choice = [t for t in own if not t.startswith("gsm8k") and t != "wikitext"]
    runs = [
        # label, tasks, ours by --include-path, chat, shots
        ("built-in", own, False, None, None),
        ("built-in, 3 shots", [t for t in choice if t not in ("piqa", "boolq")], False, None, 3),
        ("files of the harness", ["hellaswag", "winogrande", "wikitext", "truthfulqa_mc2",
                                  "mmlu_some"], True, None, None),
        ("mmlu, 5 shots", mmlu, False, None, 5),
        ("further files", further, True, None, None),
        ("chat", ["hellaswag", "arc_easy", "winogrande", "gsm8k_cot"], False, "single", 2),
        ("chat, turns", ["arc_easy", "check_metrics", "check_same_split", "gsm8k"], True,
         "multiturn", 2),
    ]
    failed = False
    for model in models:
        other = with_own_tokenizer(model, os.path.join(work, "models"))
        for label, tasks, by_file, chat, shots in runs:
            if model != models[0]:  # 100,000 samples through scikit-learn take minutes
                tasks = [t for t in tasks if t != "check_classes"]
            if chat and not os.path.exists(os.path.join(model, "chat_template.jinja")):
                continue
            comparison = Comparison()
            theirs = run_harness(other, tasks, folder, chat, shots)
            arguments = ["--include-path", folder] if by_file else given(tasks)
            out = os.path.join(work, "out", os.path.basename(model), label.replace(" ", "-"))
            ours = run_ours(binary, model, tasks, arguments, out, chat, shots)
            compare(label, theirs, ours, comparison, chat)
            print("check-harness: %-12s %-22s %4d items, %5d requests, %3d figures, largest "
                  "difference of a log-likelihood %.1e, answers %d of %d equal: %s"
                  % (os.path.basename(model), label, comparison.items, comparison.requests,
                     comparison.figures, comparison.likelihood,
                     comparison.answers[0] - comparison.answers[1], comparison.answers[0],
                     "%d problems" % len(comparison.problems) if comparison.problems else "equal"),
                  flush=True)
            for problem in comparison.problems[:8]:
                print("  " + problem)
            failed |= bool(comparison.problems)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
