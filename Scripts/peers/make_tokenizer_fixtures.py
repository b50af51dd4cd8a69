#!/usr/bin/env python3
"""Small tokenizers of every kind and what the PyPI package `tokenizers` makes of awkward strings.

make_tokenizer_fixtures.py FOLDER [--full]   needs tokenizers 0.23.3 (and sentencepiece for the character map)

FOLDER/strings.json    the strings
FOLDER/NAME.json       a tokenizer.json
FOLDER/expected.json   NAME -> for every string, digests of its ids and of their decoding
--full writes FOLDER/NAME.cases.jsonl with ids and texts instead, to look into a difference.
"""
import base64, hashlib, io, json, os, random, sys
import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers as N, pre_tokenizers as P, processors, trainers

folder, full = sys.argv[1], "--full" in sys.argv
os.makedirs(folder, exist_ok=True)
R = random.Random(20)
WORDS = ("the The printer's don't I'LL we'Ve it's na\u00efve caf\u00e9 Stra\u00dfe \uff21\uff22 \uff11\uff12 12345 3.14159 1,000,000 "
         "foo_bar camelCaseWord HTTPServer \u03bb\u03cc\u03b3\u03bf\u03c2 \u043f\u0440\u0438\u0432\u0435\u0442 \u4f60\u597d\u4e16\u754c "
         "\u65e5\u672c\u8a9e \u3072\u3089 \u30ab\u30bf\u30fc \ud55c\uad6d\uc5b4 \u0627\u0644\u0639 \u05e2\u05d1 \u0939\u093f\u0928\u094d\u0926\u0940 "
         "\u0e44\u0e17\u0e22 <|end|> <s> </s> <unk> [UNK] [CLS] [MASK] <extra> ab http://x.y/z?q=1&r=2 \u2581 \u2581\u2581 \u0120 <0x0A> ##ing "
         "e\u0301 o\u0308 \ufb01 \u2460 \u00bd \u2167 \U0001F469\u200D\U0001F680 \U0001F44D\U0001F3FD \u2764\ufe0f \u017f \u212a \u0130 \u01c5").split(" ")
SPACES = [" ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", "\r", "\u00a0", "\u3000", "\u2003", "\u200b", "\ufeff", "\u2028", "\x85", "\x0b", "\x00", "\x01", "\x7f", "\xad"]
POOLS = [(0x20, 0x7e), (0xa0, 0x17f), (0x300, 0x36f), (0x370, 0x3ff), (0x400, 0x4ff), (0x5d0, 0x64a), (0x904, 0x939), (0xe01, 0xe3a),
         (0x1ea0, 0x1eff), (0x2010, 0x2027), (0x2190, 0x22ff), (0x2460, 0x24ff), (0x3041, 0x30ff), (0x4e00, 0x4fff), (0xac00, 0xad00), (0xff01, 0xff9f), (0x1f300, 0x1f5ff)]
PUNCT = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u2026\u201c\u201d\u2019\u2014\u00ab"


def text(pieces):
    s = ""
    for _ in range(pieces):
        k = R.random()
        if k < .4: s += R.choice(WORDS)
        elif k < .55: s += R.choice(SPACES[:6] if R.random() < .7 else SPACES) * R.choice([1, 1, 2, 3])
        elif k < .68: s += "".join(R.choice(PUNCT) for _ in range(R.randrange(1, 4)))
        elif k < .76: s += str(R.randrange(10 ** R.randrange(1, 9)))
        elif k < .9:
            a, b = R.choice(POOLS); s += "".join(chr(R.randint(a, b)) for _ in range(R.randrange(1, 5)))
        else: s += "".join(R.choice("abcdefghijklmnopqrstuvwxyzABCDEFGH") for _ in range(R.randrange(1, 10)))
        if R.random() < .4: s += " "
    return s


STRINGS = ["", " ", "  ", "\n", "a", "\u2581", "<|end|>", " <|end|> ", "x<|end|>y", "ab<extra>ab", "THE <EXTRA> the", "word[MASK] [MASK]  word", "abab ab"]
STRINGS += [text(R.randrange(1, 9)) for _ in range(300 - len(STRINGS))]
CORPUS = [text(12) for _ in range(400)] + ["the printer on the floor is broken again please help my invoice was charged twice password reset does not work"] * 5
COMMON = {c for c, _ in __import__("collections").Counter("".join(CORPUS)).most_common(110)}
PLAIN = ["".join(c for c in line if c in COMMON) for line in CORPUS]  # few characters, for Unigram
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
UP, LOW = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
END = r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CONTR = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = rf"[^\r\n\p{{L}}\p{{N}}]?{UP}*{LOW}+{CONTR}|[^\r\n\p{{L}}\p{{N}}]?{UP}+{LOW}*{CONTR}|" + END
TEKKEN = rf"[^\r\n\p{{L}}\p{{N}}]?{UP}*{LOW}+|[^\r\n\p{{L}}\p{{N}}]?{UP}+{LOW}*|" + END.replace("{1,3}", "")
V3 = [r"\p{N}{1,3}", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
      r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""]
KIMI = r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{L}&&[^\p{Han}]]+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
made = {}


def split(rx, behavior="isolated", invert=False): return P.Split(Regex(rx), behavior, invert)


def bytes_bpe(name, pre, size=420, norm=None, decoder=None, post=None, **kw):
    t = Tokenizer(models.BPE(**kw)); t.pre_tokenizer = pre
    if norm: t.normalizer = norm
    affixes = {k: v for k, v in kw.items() if k in ("end_of_word_suffix", "continuing_subword_prefix")}
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=size, show_progress=False, initial_alphabet=P.ByteLevel.alphabet(), special_tokens=["<|end|>"], **affixes))
    t.decoder = decoder or decoders.ByteLevel()
    if post: t.post_processor = post
    made[name] = t
    return t


def trained(name, model, trainer, norm=None, pre=None, decoder=None, post=None):
    t = Tokenizer(model)
    if norm: t.normalizer = norm
    if pre: t.pre_tokenizer = pre
    t.train_from_iterator(PLAIN if isinstance(model, models.Unigram) else CORPUS, trainer)
    if decoder: t.decoder = decoder
    if post: t.post_processor = post(t) if callable(post) else post
    made[name] = t
    return t


def edited(name, t, change):
    j = json.loads(t.to_str()); change(j); made[name] = Tokenizer.from_str(json.dumps(j))
    return made[name]


def byte_tokens(j, skip=()):
    v = j["model"]["vocab"]
    for b in range(256):
        if b in skip: continue
        if isinstance(v, list): v.append([f"<0x{b:02X}>", -20.0])
        else: v.setdefault(f"<0x{b:02X}>", len(v))
    j["model"]["byte_fallback"] = True


def template(t, *tokens):
    bos, eos = tokens
    return processors.TemplateProcessing(single=f"{bos} $A {eos}", pair=f"{bos} $A {eos} $B:1 {eos}:1", special_tokens=[(x, t.token_to_id(x)) for x in tokens])


bl = lambda **k: P.ByteLevel(add_prefix_space=False, use_regex=False, **k)
bytes_bpe("gpt2", P.ByteLevel(add_prefix_space=False))
bytes_bpe("roberta", P.ByteLevel(add_prefix_space=True), post=processors.RobertaProcessing(("<|end|>", 0), ("<|end|>", 0)))
bytes_bpe("llama3", P.Sequence([split(LLAMA3), bl()]), ignore_merges=True)
bytes_bpe("cl100k", P.Sequence([split(CL100K), bl()]))
bytes_bpe("o200k", P.Sequence([split(O200K), bl()]))
bytes_bpe("tekken", P.Sequence([split(TEKKEN), bl()]), ignore_merges=True)
bytes_bpe("deepseek-v3", P.Sequence([split(x) for x in V3] + [bl()]))
bytes_bpe("kimi", P.Sequence([split(KIMI), bl()]))
bytes_bpe("clip", P.Sequence([split(r"<\|end\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", "removed", True), bl()]),
          norm=N.Sequence([N.NFC(), N.Replace(Regex(r"\s+"), " "), N.Lowercase()]), end_of_word_suffix="</w>", unk_token="<|end|>")
bytes_bpe("byte-normalizer", P.Split(" ", "merged_with_next"), norm=N.ByteLevel())
bytes_bpe("digits-after-bytes", P.Sequence([P.Punctuation("contiguous"), P.ByteLevel(add_prefix_space=False), P.Digits(False), split("[0-9][0-9][0-9]")]))
bytes_bpe("prefix-after-split", P.Sequence([P.WhitespaceSplit(), P.ByteLevel(add_prefix_space=True)]))
added = bytes_bpe("added", P.ByteLevel(add_prefix_space=False), norm=N.Lowercase())
added.add_tokens([AddedToken("<extra>", normalized=True), AddedToken("AB", single_word=True, normalized=False), AddedToken("word", single_word=True), AddedToken("caf\u00c9", normalized=True)])
added.add_special_tokens([AddedToken("[MASK]", lstrip=True), AddedToken("[CLS]", rstrip=True), AddedToken("[UNK]", lstrip=True, rstrip=True, normalized=True)])

ut = lambda **k: trainers.UnigramTrainer(vocab_size=300, show_progress=False, unk_token="<unk>", special_tokens=["<s>", "</s>", "<unk>"], **k)
uni = trained("unigram", models.Unigram(), ut(), N.NFKC(), P.Metaspace(), decoders.Metaspace(), lambda t: template(t, "<s>", "</s>"))
edited("unigram-bytes", uni, lambda j: (byte_tokens(j), j.update(decoder={"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}]})))
edited("unigram-some-bytes", uni, lambda j: byte_tokens(j, skip=range(0xE0, 0xF8)))
trained("unigram-nmt", models.Unigram(), ut(), N.Sequence([N.Nmt(), N.NFKC(), N.Replace(Regex(" {2,}"), " ")]), P.Sequence([P.UnicodeScripts(), P.Metaspace()]), decoders.Metaspace())
trained("unigram-whole", models.Unigram(), ut(), N.Strip(), P.Metaspace(prepend_scheme="never", split=False), decoders.Metaspace(prepend_scheme="never"))
try:
    import sentencepiece as spm
    rules = [("\uff21", "A"), ("\uff22", "B"), ("\uff11", "1"), ("\u00a0", " "), ("\u3000", " "), ("\t", " "), ("\n", " "), ("\r", " "), ("\r\n", " "), ("\ufb01", "fi"), ("\u2460", "1"), ("\u00bd", "1/2"), ("e\u0301", "\u00e9"), ("o\u0308", "\u00f6"), ("\u200b", ""), ("\x00", ""), ("\u2167", "VIII"), ("\u00e9", "e"), ("\u0130", "I"), ("\u0915\u093c", "\u0958")]
    rules = [r for r in rules if "\x00" not in r[0]]
    open(folder + "/rules.tsv", "w").write("".join(" ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) + "\n" for a, b in rules))
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(sentence_iterator=iter([c.replace("\x00", "") for c in PLAIN]), model_writer=model, vocab_size=300, normalization_rule_tsv=folder + "/rules.tsv", hard_vocab_limit=False, minloglevel=2)
    os.remove(folder + "/rules.tsv")
    raw = model.getvalue()
    from sentencepiece import sentencepiece_model_pb2 as pb
    proto = pb.ModelProto(); proto.ParseFromString(raw)
    charsmap = proto.normalizer_spec.precompiled_charsmap
    t = Tokenizer(models.Unigram([(p.piece, p.score) for p in proto.pieces], unk_id=0, byte_fallback=False))
    t.normalizer = N.Sequence([N.Precompiled(charsmap), N.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer = P.Sequence([P.WhitespaceSplit(), P.Metaspace()]); t.decoder = decoders.Metaspace()
    made["precompiled"] = t
except ImportError as e:
    print("no sentencepiece:", e)

wt = lambda **k: trainers.WordPieceTrainer(vocab_size=300, show_progress=False, special_tokens=["[UNK]", "[CLS]", "[SEP]", "[MASK]"], **k)
trained("bert", models.WordPiece(unk_token="[UNK]"), wt(), N.BertNormalizer(), P.BertPreTokenizer(), decoders.WordPiece(), processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1)))
trained("bert-cased", models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=6, continuing_subword_prefix="@@"), wt(continuing_subword_prefix="@@"),
        N.BertNormalizer(lowercase=False, strip_accents=True, handle_chinese_chars=False), P.Whitespace(), decoders.WordPiece(prefix="@@", cleanup=False))
trained("bert-raw", models.WordPiece(unk_token="[UNK]"), wt(), N.BertNormalizer(clean_text=False, lowercase=True, strip_accents=False), P.Sequence([P.WhitespaceSplit(), P.Punctuation("merged_with_previous")]), decoders.WordPiece())
lt = lambda: trainers.WordLevelTrainer(vocab_size=400, show_progress=False, special_tokens=["<unk>"])
trained("words", models.WordLevel(unk_token="<unk>"), lt(), N.Sequence([N.NFD(), N.StripAccents(), N.Lowercase(), N.Strip(left=True, right=False)]), P.Whitespace())
trained("words-nfkd", models.WordLevel(unk_token="<unk>"), lt(), N.Sequence([N.NFKD(), N.Replace("\u0301", ""), N.Prepend("_")]), P.CharDelimiterSplit(" "), decoders.CTC(pad_token="<unk>", word_delimiter_token="_"))
for b in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"):
    trained("punctuation-" + b, models.WordLevel(unk_token="<unk>"), lt(), None, P.Punctuation(b), decoders.Fuse())
    for inv in (False, True):
        trained(f"split-{b}-{inv}", models.WordLevel(unk_token="<unk>"), lt(), None, split(r"[a-e]+|\s", b, inv), decoders.Sequence([decoders.Replace(Regex("[aeiou]"), "*"), decoders.Strip(" ", 1, 0), decoders.Fuse(), decoders.Replace("*t", "+")]))
trained("split-empty", models.WordLevel(unk_token="<unk>"), lt(), None, P.Split("", "isolated"))
trained("split-string", models.WordLevel(unk_token="<unk>"), lt(), None, P.Sequence([P.Split("e", "merged_with_next"), P.Split(Regex("x*"), "isolated")]))
trained("scripts", models.WordLevel(unk_token="<unk>"), lt(), None, P.UnicodeScripts())
trained("fixed", models.WordLevel(unk_token="<unk>"), lt(), None, P.FixedLength(length=3))
trained("digits", models.WordLevel(unk_token="<unk>"), lt(), None, P.Sequence([P.Digits(True), P.WhitespaceSplit()]))

ct = lambda **k: trainers.BpeTrainer(vocab_size=350, show_progress=False, limit_alphabet=150, special_tokens=["<unk>"], **k)
chars = trained("bpe-chars", models.BPE(unk_token="<unk>"), ct(), None, P.WhitespaceSplit(), decoders.Fuse())
edited("bpe-no-unk", chars, lambda j: j["model"].update(unk_token=None))
edited("bpe-fuse", chars, lambda j: j["model"].update(fuse_unk=True))
edited("bpe-some-bytes", chars, lambda j: (byte_tokens(j, skip=range(0xE4, 0xF8)), j["model"].update(fuse_unk=True)))
trained("bpe-prefix", models.BPE(unk_token="<unk>", continuing_subword_prefix="##"), ct(continuing_subword_prefix="##"), None, P.Whitespace(), decoders.WordPiece())
trained("bpe-suffix", models.BPE(unk_token="<unk>", end_of_word_suffix="</w>", fuse_unk=True), ct(end_of_word_suffix="</w>"), N.Lowercase(), P.Whitespace(), decoders.BPEDecoder())
spm_bpe = trained("bpe-metaspace", models.BPE(unk_token="<unk>", fuse_unk=True), ct(), N.Sequence([N.Prepend("\u2581"), N.Replace(" ", "\u2581")]), None)
edited("bpe-llama", spm_bpe, lambda j: (byte_tokens(j), j.update(decoder={"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]})))
edited("bpe-ignore-merges", spm_bpe, lambda j: j["model"].update(ignore_merges=True))


def digest(x): return hashlib.sha256(x.encode()).hexdigest()[:8]


json.dump(STRINGS, open(folder + "/strings.json", "w"), ensure_ascii=True, indent=0)
expected = {}
for name, t in made.items():
    t.save(f"{folder}/{name}.json", pretty=False)
    rows, cases = [], []
    for s in STRINGS:
        ids = t.encode(s, add_special_tokens=False).ids
        with_special = t.encode(s).ids
        out = t.decode(ids, skip_special_tokens=False) if ids else ""
        rows.append(digest(" ".join(map(str, ids))) + digest(" ".join(map(str, with_special))) + digest(out))
        cases.append({"s": s, "ids": ids, "special": with_special, "text": out, "tokens": [t.id_to_token(i) for i in ids]})
    expected[name] = rows
    if full:
        with open(f"{folder}/{name}.cases.jsonl", "w") as f:
            for c in cases: f.write(json.dumps(c) + "\n")
with open(folder + "/expected.json", "w") as f:
    f.write("{\n" + ",\n".join(json.dumps(k) + ": " + json.dumps(v, separators=(",", ":")) for k, v in expected.items()) + "\n}\n")
with open(folder + "/README.md", "w") as f:
    f.write(f"Made by `Scripts/peers/make_tokenizer_fixtures.py` with tokenizers {tokenizers.__version__}; see its head for what is what.\n")
print(len(made), "tokenizers", sum(os.path.getsize(f"{folder}/{n}.json") for n in made) + os.path.getsize(folder + "/expected.json"), "bytes")
