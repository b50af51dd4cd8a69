#!/usr/bin/env python3
"""Writes random texts with the scores that sacrebleu, rouge_score and NLTK give them, one JSON a line.

  check-metrics.py COUNT SEED OUT

Kinds of lines: 'text' (an answer with its references), 'stem' (a word), 'corpus' (numbers of the text
lines before it together), 'bootstrap' (lm-evaluation-harness' standard errors of them).
"""
import collections
import json
import math
import random
import re
import statistics
import string
import sys

from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF

STEMS = ("run conflat troubl hop fall fil siz relat condit valenc digit conform radic differ vile "
         "analog vietnam predic oper feud decis hope call form sensit sky die spy enjoy geo theo "
         "archaeo happ agre plast motor control roll rat ceas adopt y yy sy 11 1s feed sing "
         "proceed inning canning skies dying news").split()
SUFFIXES = ("s es ies sses ss ed eed ied ing at bl iz y ational tional enci anci izer bli abli alli "
            "entli eli ousli ization ation ator alism iveness fulness ousness aliti iviti biliti "
            "fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement "
            "ment ent ion sion tion ou ism ate iti ous ive ize e ll").split()
WORDS = ("the a an cat dog sat on mat over today it's isn't co-op e-mail U.S. Smith's 3.14 1,000 "
         "$3.50 100% (test) [x] {y} \"quoted\" a&b &quot; &amp; &lt;b&gt; &amp;lt; <skipped> x-\ny "
         "runs running runner nationally hopefulness caf\u00e9 na\u00efve \u00c5ngstr\u00f6m "
         "\u6771\u4eac \u4f60\u597d \u041c\u043e\u0441\u043a\u0432\u0430 \u05e9\u05dc\u05d5\u05dd "
         "\u03a3\u03a6\u0391\u03a3 \u039f\u0394\u039f\u03a3 \u0130stanbul 5\u212a \u1e9e "
         "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301 \u0301 ... -- 7-8 9- -9 .5 5. "
         ", . ,, a,b 1,a a,1 ~ ^ _ ` ' // \\ \u3000 \u00a0 \u2028 \x1c \x85 \t \n \n\n").split(" ")


def word(rng):
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(WORDS)
    if kind < 0.8:
        return rng.choice(STEMS) + rng.choice(SUFFIXES) + rng.choice(["", "", "", "s", "ly", "."])
    if kind < 0.9:
        return "".join(rng.choice(string.ascii_letters) for _ in range(rng.randint(1, 9)))
    if kind < 0.95:
        return str(rng.randint(0, 99999))
    return "".join(chr(rng.choice([rng.randint(33, 126), rng.randint(0xa1, 0x24ff),
                                   rng.randint(0x1f300, 0x1f6ff)])) for _ in range(rng.randint(1, 4)))


def text(rng):
    size = rng.choice([0, 1, 2, 3, 5, 8, 13, 30, 80])
    return "".join(word(rng) + rng.choice([" ", " ", " ", " ", "\n", "", "  "]) for _ in range(size))


def changed(rng, base):
    words = base.split(" ")
    for _ in range(rng.randint(0, 1 + len(words) // 3)):
        place = rng.randrange(len(words) + 1)
        action = rng.random()
        if action < 0.4 and place < len(words):
            del words[place]
        elif action < 0.8:
            words.insert(place, word(rng))
        else:
            rng.shuffle(words)
    return " ".join(words)


def squad(value):
    value = "".join(c for c in value.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", value).split())


def squad_f1(answer, reference):
    given, wanted = squad(answer).split(), squad(reference).split()
    if not given or not wanted:
        return float(given == wanted)
    same = sum((collections.Counter(given) & collections.Counter(wanted)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(given), same / len(wanted)
    return 2 * precision * recall / (precision + recall)


ROUGE = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]
PLAIN, STEMMED = RougeScorer(ROUGE), RougeScorer(ROUGE, use_stemmer=True)
BLEUS = {
    "exp": BLEU(), "exp_effective": BLEU(effective_order=True), "none": BLEU(smooth_method="none"),
    "floor": BLEU(smooth_method="floor"), "add": BLEU(smooth_method="add-k"),
    "add_effective": BLEU(smooth_method="add-k", smooth_value=0.5, effective_order=True),
}
CHRFS = {"chrf": CHRF(), "chrfpp": CHRF(word_order=2)}


def sums(metric, answer, references):
    return [int(x) for x in
            metric._extract_corpus_statistics([answer], [[r] for r in references])[0]]


def rouge(scorer, answer, references):
    found = scorer.score_multi(references, answer)
    return {k: [found[k].precision, found[k].recall, found[k].fmeasure] for k in ROUGE}


def case(rng):
    references = [text(rng) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    answer = changed(rng, references[0]) if rng.random() < 0.8 else text(rng)
    return {
        "kind": "text", "answer": answer, "references": references,
        "rouge": rouge(PLAIN, answer, references), "rouge_stemmed": rouge(STEMMED, answer, references),
        "bleu_sums": sums(BLEUS["exp"], answer, references),
        "bleu": {k: m.sentence_score(answer, references).score for k, m in BLEUS.items()},
        "chrf_sums": {k: sums(m, answer, references) for k, m in CHRFS.items()},
        "chrf": {k: m.sentence_score(answer, references).score for k, m in CHRFS.items()},
        "squad": [float(max(squad(answer) == squad(r) for r in references)),
                  max(squad_f1(answer, r) for r in references)],
    }


def standard_error(score, items, draws):
    """lm_eval.api.metrics.bootstrap_stderr, in one process."""
    chunk = min(1000, draws)
    values = []
    for i in range(draws // chunk):
        rng = random.Random(i)
        values += [score(rng.choices(items, k=len(items))) for _ in range(chunk)]
    return statistics.stdev(values)


def main():
    count, seed, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    rng = random.Random(seed)
    stemmer = PorterStemmer()
    cases = [case(rng) for _ in range(count)]
    pairs = [(c["answer"], c["references"][0]) for c in cases]
    with open(path, "w", encoding="utf-8") as out:
        def line(value):
            out.write(json.dumps(value, ensure_ascii=False) + "\n")
        for value in cases:
            line(value)
        answers, references = [a for a, _ in pairs], [[r for _, r in pairs]]
        line({"kind": "corpus",
              "bleu": {k: m.corpus_score(answers, references).score for k, m in BLEUS.items()},
              "chrf": {k: m.corpus_score(answers, references).score for k, m in CHRFS.items()}})
        some = pairs[:40]
        values = [len(a) * 0.01 - 3 for a, _ in some]
        line({"kind": "bootstrap", "items": len(some), "values": values,
              "bleu": standard_error(
                  lambda xs: BLEUS["exp"].corpus_score([a for a, _ in xs], [[r for _, r in xs]]).score,
                  some, 100),
              "perplexity": standard_error(lambda xs: math.exp(-sum(xs) / len(xs)), values, 2000)})
        for _ in range(count * 4):
            word_ = rng.choice(STEMS) + "".join(rng.choice(SUFFIXES) for _ in range(rng.choice([0, 1, 1, 2, 3])))
            if len(word_) > 3:
                line({"kind": "stem", "word": word_, "stem": stemmer.stem(word_)})


main()
