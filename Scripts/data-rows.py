#!/usr/bin/env python3
"""Rows of invented support tickets, JSON lines, the same for the same arguments.

  data-rows.py OUT.jsonl ROWS [--start N]

About 600 bytes a row; one in ten has personal data, one in eight is equal or nearly equal to an
earlier one, one in fifty is too short to keep. Row i depends on i alone, so that more rows are an
append.
"""
import argparse
import json
import random

WORDS = (
    "the a our your order parcel invoice refund account password router screen battery charger app "
    "update version warranty store delivery address courier payment card bank transfer receipt help "
    "team agent ticket reply answer question problem error message code line device model serial "
    "number week month morning evening yesterday today late early broken missing wrong new old second "
    "first please thanks could would should cannot never always again still already works worked "
    "arrived shipped returned charged paid opened closed changed cancelled because when after before "
    "with without from into over under and but or so that this these those it is was were has had"
).split()
FIRST = "Ann Bob Carla Dmitri Elena Farid Grace Hugo Ines Jonas Katya Luis Mona Nils Olga Priya".split()
LAST = "Miller Novak Rossi Weber Dubois Garcia Khan Larsen Patel Okafor Tanaka Silva Berg".split()


def text(random_, count):
    words = [random_.choice(WORDS) for _ in range(count)]
    for place in range(7, count, 11):
        words[place] += "."
    return " ".join(words)


def row(index):
    source = index
    kind = random.Random(index * 2 + 1).random()
    if kind < 0.125 and index > 100:
        source = (index * 7919) % max(1, index - 50)
    own = random.Random(source * 2)
    question, answer = text(own, own.randint(20, 60)), text(own, own.randint(20, 60))
    if source != index and kind > 0.06:
        question += " " + text(random.Random(index * 2 + 3), 2)
    if kind > 0.98:
        question, answer = "help", "ok"
    elif kind > 0.88:
        first, last = own.choice(FIRST), own.choice(LAST)
        question += (f" My name is {first} {last}, write to {first.lower()}.{last.lower()}{source}@example.com"
                     f" or call +1 212 555 {source % 10000:04d}.")
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
            "label": own.choice(["billing", "delivery", "technical", "other"]), "source": f"s{index % 5}"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("rows", type=int)
    parser.add_argument("--start", type=int, default=0)
    given = parser.parse_args()
    with open(given.out, "a" if given.start else "w", encoding="utf-8") as out:
        for index in range(given.start, given.start + given.rows):
            out.write(json.dumps(row(index)) + "\n")


if __name__ == "__main__":
    main()
