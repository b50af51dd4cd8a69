#!/usr/bin/env python3
"""Makes the table of the language identifier: Sources/Ground/CKernels/orc_languages.bin.

usage: Scripts/languages/make_table.py UDHR.jsonl.gz

UDHR.jsonl.gz: {"bcp47", "text"} a line: the declaration of human rights by language.
common_words.txt, beside this script: everyday words, which the declaration lacks.

A 4-gram model of letters for each language: P(letter | up to 3 before it) with Witten-Bell
interpolation (Witten, Bell 1991), lists as ARPA files have them but with one penalty for backing
off. N-grams do not cross from word to word. Kept: 3- and 4-grams seen twice; single letters alone
for languages that have a script to themselves. Only the standard library; the same bytes each run.
"""
import collections, gzip, json, math, os, struct, sys, unicodedata

MERGED = {"pt-PT": "pt", "pt-BR": "pt", "de-1996": "de", "el-monoton": "el", "zh-Hant": "zh",
          "sr-Cyrl": "sr", "bs-Latn": "bs", "ha-NG": "ha"}
# What a table row is called; two rows may share a code.
CODES = {"sr-Latn": "sr"}
OWN_SCRIPT = "el hy ka th lo km my am ta te kn ml gu pa si ko bn he".split()
# Share of web pages in percent, rounded (W3Techs, content languages); the rest 0.02.
SHARES = dict(en=49, es=6, de=5.8, ja=5, fr=4.5, pt=4, ru=3.7, it=2.8, nl=2.2, pl=1.9, tr=1.7,
              zh=1.3, fa=1, vi=1, id=1.1, cs=1, ko=.9, uk=.6, hu=.6, ar=.6, sv=.5, ro=.5, el=.5,
              da=.5, fi=.4, he=.4, sk=.3, th=.3, hr=.2, bg=.2, sr=.2, nb=.3, lt=.2, sl=.1, ca=.1,
              et=.1, lv=.1, hi=.1)
WORD_REPEATS = 4      # how often each everyday word counts
ESCAPE = 2            # weight of the number of continuations in Witten-Bell's formula
# Large scripts, of which a text shows but a part: what stands for a character not seen, how many
# there are in use, and the languages.
LARGE = [("\u9fff", 3000, ("zh", "ja")), ("\u30ff", 90, ("ja",)), ("\ud7a3", 2000, ("ko",))]
UNSEEN = 1e-4         # P of a letter that a language never has, below all letters
STEPS = 8             # steps of a stored value a nat


def normalised(text):
    """Letters and marks in lower case, words apart by one blank, a blank at both ends."""
    out = []
    for scalar in unicodedata.normalize("NFC", text):
        if scalar in "'\u2019":
            out.append("'")
        elif unicodedata.category(scalar)[0] in "LM":
            out.append(scalar.lower()[0])
        else:
            out.append(" ")
    return " " + " ".join("".join(out).split()) + " "


def key(gram):
    """28 bits of a hash of the scalars, as orc_language.c makes them."""
    h = 0xCBF29CE484222325
    for scalar in gram:
        h = (h ^ ord(scalar)) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    h = (h ^ h >> 32) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return h >> 36


def counts(text):
    grams = collections.Counter()
    for n in range(1, 5):
        for i in range(len(text) - n + 1):
            gram = text[i:i + n]
            if " " not in gram[1:-1]:
                grams[gram] += 1
    return grams


def model(text, name):
    """n-gram to -ln P of its last letter after the others."""
    grams = counts(text)
    context, kinds = collections.Counter(), collections.Counter()
    for gram, count in grams.items():
        context[gram[:-1]] += count
        kinds[gram[:-1]] += 1
    p = {}
    for gram in sorted(grams, key=lambda g: (len(g), g)):
        before = gram[:-1]
        lower = p.get(gram[1:], UNSEEN) if len(gram) > 1 else UNSEEN
        weight = ESCAPE * kinds[before]
        p[gram] = (grams[gram] + weight * lower) / (context[before] + weight)
    escape = ESCAPE * kinds[""] / (context[""] + ESCAPE * kinds[""])
    for stand_in, size, languages in LARGE:
        if name in languages:
            grams[stand_in] += 1
            p[stand_in] = escape / size
    return {g: -math.log(v) for g, v in p.items()
            if len(g) == 1 or (name not in OWN_SCRIPT and grams[g] >= (1 if len(g) < 3 else 2))}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    texts = collections.defaultdict(list)
    for line in gzip.open(sys.argv[1], "rt", encoding="utf-8"):
        row = json.loads(line)
        texts[MERGED.get(row["bcp47"], row["bcp47"])].append(row["text"])
    texts = {name: normalised(" \n ".join(parts)) for name, parts in texts.items()}
    for line in open(here + "/common_words.txt", encoding="utf-8"):
        if not line.startswith("#") and ":" in line:
            name, words = line.split(":", 1)
            texts[name] += normalised(" ".join(words.split() * WORD_REPEATS))
    names = sorted(texts)
    table = collections.defaultdict(dict)
    for row, name in enumerate(names):
        for gram, cost in sorted(model(texts[name], name).items()):
            table[key(gram)].setdefault(row, min(255, round(cost * STEPS)))
    out = bytearray(b"OLID")
    out += struct.pack("<BBHI", 1, len(names), STEPS, len(table))
    for name in names:
        out += CODES.get(name, name).encode().ljust(8, b"\0")
        out += struct.pack("<h", round(math.log(SHARES.get(name, .02)) * STEPS))
    last = 0
    for k in sorted(table):
        step = k - last
        last = k
        while step >= 128:
            out.append(step & 127 | 128)
            step >>= 7
        out.append(step)
        rows = sorted(table[k].items())
        for at, (row, cost) in enumerate(rows):
            out += bytes([row | (128 if at == len(rows) - 1 else 0), cost])
    path = here + "/../../Sources/Ground/CKernels/orc_languages.bin"
    open(path, "wb").write(out)
    print(len(names), "rows,", len(table), "n-grams,",
          sum(map(len, table.values())), "values,", len(out), "bytes")


main()
