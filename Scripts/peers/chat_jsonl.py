#!/usr/bin/env python3
"""Chat rows as JSON Lines: chat_jsonl.py OUT.jsonl [MB] [SEED]

Rows of about 3.5 KB: 2 to 6 turns, five languages, emoji, code with quotes and line feeds; every
other row is written with \\u escapes, as json.dumps does, the others as UTF-8. The same seed gives
the same bytes.
"""
import json
import random
import sys

WORDS = {
    "en": "the order customer invoice delivery please change account number question answer update "
          "refund shipped yesterday between because would settings password report missing".split(),
    "de": "die Bestellung Rechnung Lieferung bitte ändern Konto Nummer Frage Antwort für größer "
          "Rückzahlung gestern zwischen weil würde Einstellungen Passwort überprüfen".split(),
    "fr": "la commande facture livraison modifier compte numéro réponse hier parce que réglages "
          "remboursement été déjà où garçon".split(),
    "hi": "आदेश ग्राहक चालान वितरण कृपया खाता संख्या प्रश्न उत्तर अद्यतन धनवापसी कल".split(),
    "ja": "注文 請求書 配送 変更 口座 番号 質問 回答 更新 返金 昨日 設定".split(),
}
LANGUAGES = ["en"] * 6 + ["de"] * 2 + ["fr", "hi", "ja"]


def text(r, words, length):
    out, size = [], 0
    while size < length:
        k = r.random()
        if k < 0.02:
            piece = '"' + r.choice(words) + '"'
        elif k < 0.03:
            piece = "\n\n```python\nprint(\"" + r.choice(words) + "\\n\")\n```\n"
        elif k < 0.05:
            piece = r.choice(words) + ".\n"
        elif k < 0.055:
            piece = r.choice("🙂🚀🎉")
        else:
            piece = r.choice(words)
        out.append(piece)
        size += len(piece.encode()) + 1
    return " ".join(out)


def main():
    path = sys.argv[1]
    limit = int(sys.argv[2]) * 10**6 if len(sys.argv) > 2 else 200 * 10**6
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 7)
    written = number = 0
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        while written < limit:
            words = WORDS[r.choice(LANGUAGES)]
            turns = []
            if r.random() < 0.3:
                turns.append({"role": "system", "content": text(r, words, 120)})
            for _ in range(r.randint(1, 3)):
                turns.append({"role": "user", "content": text(r, words, r.randint(100, 700))})
                turns.append({"role": "assistant", "content": text(r, words, r.randint(300, 1900))})
            row = {"id": f"chat-{number}", "messages": turns, "source": "generated",
                   "score": round(r.random(), 3)}
            line = json.dumps(row, ensure_ascii=number % 2 == 0) + "\n"
            f.write(line)
            written += len(line.encode())
            number += 1
    print(f"{number} rows, {written} bytes", file=sys.stderr)


main()
