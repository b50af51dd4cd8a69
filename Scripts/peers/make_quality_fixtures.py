#!/usr/bin/env python3
"""Verdicts of datatrove's filters over made-up texts: Tests/CurationTests/Fixtures/quality.jsonl.

usage: make_quality_fixtures.py > quality.jsonl          (pip install datatrove==0.10.1 spacy)
       make_quality_fixtures.py FILE.jsonl FIELD > out    the same over texts of one's own

A line: {"text", "gopher_quality", "gopher_repetition", "c4", "c4_paragraph", "fineweb"}: the reason
of the first rule that refuses, or null. Sentences are made from the word lists below by a counter,
then bent so that rules refuse: repeated, cut, listed, marked. The same file each time.
"""
import json, random, sys
from datatrove.data import Document
from datatrove.pipeline.filters import (C4ParagraphFilter, C4QualityFilter, FineWebQualityFilter,
                                        GopherQualityFilter, GopherRepetitionFilter)

SUBJECTS = ("the engine|our neighbour|Mr. Brown|the old lady|a well-known author|the U.S. team|she|"
            "they|the committee's chair|Anna|every child|the 3.5-litre model|nobody|Dr. Lee").split("|")
VERBS = ("has found|didn't like|will bring|couldn't see|painted|is selling|often forgets|bought|"
         "moved|described|doesn't want|had to repair|carries").split("|")
OBJECTS = ("the blue door|a letter of thanks|1,250 boxes|the so-called plan|her father's watch|"
           "bread and butter|the report (see page 7)|an e-mail to info@example.com|two tickets|"
           "that house by the lake|https://example.com/a?b=1|the \"golden\" rule|$5 worth of tea").split("|")
ENDINGS = ("with great care|in the morning|before the rain came|to be on the safe side|"
           "and left|of course|at 5 p.m|for a while|that year|without a word|to have it all").split("|")


def sentence(r, mark=None):
    text = " ".join([r.choice(SUBJECTS), r.choice(VERBS), r.choice(OBJECTS), r.choice(ENDINGS)])
    return text[0].upper() + text[1:] + (mark if mark is not None else r.choice(".....?!"))


def paragraph(r, n):
    return " ".join(sentence(r) for _ in range(n))


def texts():
    for seed in range(220):
        r = random.Random(seed)
        n = r.choice([1, 3, 5, 8, 14, 25])
        parts = [paragraph(r, r.randint(1, 4)) for _ in range(n)]
        kind = seed % 22
        if kind == 1: parts = ["- " + p for p in parts]
        if kind == 2: parts = [p[:-1] + "..." if r.random() < .5 else p for p in parts]
        if kind == 3: parts = [p + " #a #b #c #d" for p in parts]
        if kind == 4: parts += parts[: len(parts) // 2]
        if kind == 5: parts = [p[:-1] for p in parts]
        if kind == 6: parts = [" ".join(str(r.randint(1, 9999)) for _ in range(12)) for _ in parts]
        if kind == 7: parts = [r.choice(["Home", "About us", "Contact", "Log in"]) for _ in parts] + parts
        if kind == 8: parts += ["We use cookies. Read our Privacy Policy now."] * 2
        if kind == 9: parts += ["Please enable JavaScript in your browser now."]
        if kind == 10: parts += ["Lorem ipsum dolor sit amet, they say."]
        if kind == 11: parts += ["if (a) { return b; } is all there is."]
        if kind == 12: parts = [(sentence(r) + " ") * r.randint(2, 6) for _ in range(3)]
        if kind == 13: parts = [" ".join(["spam and eggs"] * r.randint(5, 40)) + "."]
        if kind == 14: parts = [p.replace(".", "… ") for p in parts]
        if kind == 15: parts = [p.upper() for p in parts]
        if kind == 16: parts = [p + "[12]" if r.random() < .5 else p + "[citation needed]" for p in parts]
        if kind == 17: parts = ["".join(w[0] for w in p.split()) + "." for p in parts]
        if kind == 18: parts = ["Supercalifragilistic" * r.randint(1, 4) + " " + p for p in parts]
        if kind == 19: parts = [p + "\t\r" for p in parts]
        if kind == 20: parts = ["  " + p + "  " for p in parts] + ["", "", ""]
        yield r.choice(["\n", "\n", "\n\n", " "]).join(parts)


FILTERS = dict(gopher_quality=GopherQualityFilter, gopher_repetition=GopherRepetitionFilter,
               c4=C4QualityFilter, c4_paragraph=C4ParagraphFilter, fineweb=FineWebQualityFilter)


def main():
    filters = {name: make() for name, make in FILTERS.items()}
    if len(sys.argv) > 2:
        field = sys.argv[2]
        source = (json.loads(line)[field] for line in open(sys.argv[1], encoding="utf-8"))
    else:
        source = texts()
    for number, text in enumerate(source):
        row = {"text": text}
        for name, item in filters.items():
            verdict = item.filter(Document(text=text, id=str(number)))
            row[name] = None if verdict is True else verdict[1] if isinstance(verdict, tuple) else ""
        print(json.dumps(row, ensure_ascii=False))


main()
