package import Documents
package import Parallelism

/// Learns a byte-level BPE vocabulary (Sennrich et al. 2016) with the split of Llama 3.
///
/// The most frequent pair of neighbours becomes a token, again and again; of equally frequent pairs
/// the one with the lower ids. The same texts give the same vocabulary with any number of threads.
/// Memory: the distinct pieces of the corpus, not the corpus.
package enum BPETrainer {
  /// - Parameters:
  ///   - vocabularySize: including special tokens and the 256 bytes; fewer when the texts have no
  ///     more pairs.
  ///   - specialTokens: take the first ids, in this order; repeated ones count once.
  ///   - bos: one of them that the tokenizer puts before every text.
  ///   - minimumFrequency: pairs rarer than this are not merged.
  /// - Returns: a tokenizer.json.
  package static func train(
    _ texts: some Sequence<String>, vocabularySize: Int, specialTokens: [String],
    pool: ThreadPool, bos: String? = nil, minimumFrequency: Int = 2
  ) -> JSONValue {
    var special: [String] = []
    for token in specialTokens where !token.isEmpty && !special.contains(token) {
      special.append(token)
    }
    precondition(
      vocabularySize >= special.count + 256, "a vocabulary holds all bytes and special tokens")
    var counter = PieceCounter(special)
    counter.count(texts, pool: pool)
    var learner = MergeLearner(counter.sorted(), firstID: special.count)
    learner.learn(until: vocabularySize - special.count, minimumFrequency: minimumFrequency)
    return json(special, learner, bos: bos)
  }

  // MARK: - tokenizer.json

  private static func json(_ special: [String], _ learner: MergeLearner, bos: String?) -> JSONValue
  {
    var vocabulary: [JSONMember] = special.enumerated().map {
      JSONMember($1, .integer(Int64($0)))
    }
    for (index, token) in learner.tokens.enumerated() {
      vocabulary.append(
        JSONMember(ByteAlphabet.encode(token), .integer(Int64(special.count + index))))
    }
    let merges = learner.merges.map { pair -> JSONValue in
      .array([
        .string(ByteAlphabet.encode(learner.tokens[pair.left - special.count])),
        .string(ByteAlphabet.encode(learner.tokens[pair.right - special.count])),
      ])
    }
    let added = special.enumerated().map { id, content -> JSONValue in
      .object([
        "id": .integer(Int64(id)), "content": .string(content), "single_word": false,
        "lstrip": false, "rstrip": false, "normalized": false, "special": true,
      ])
    }
    return .object([
      "version": "1.0", "truncation": .null, "padding": .null, "added_tokens": .array(added),
      "normalizer": .null,
      "pre_tokenizer": .object([
        "type": "Sequence",
        "pretokenizers": .array([
          .object([
            "type": "Split", "pattern": .object(["Regex": .string(KnownExpression.llama3)]),
            "behavior": "Isolated", "invert": false,
          ]),
          byteLevel(addPrefixSpace: false, useRegex: false),
        ]),
      ]),
      "post_processor": TrainedPostProcessor.json(bos, special)
        ?? byteLevel(addPrefixSpace: true, useRegex: true),
      "decoder": byteLevel(addPrefixSpace: true, useRegex: true),
      "model": .object([
        "type": "BPE", "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
        "end_of_word_suffix": .null, "fuse_unk": false, "byte_fallback": false,
        // As Llama 3, so that llama.cpp's `llama-bpe` merges alike.
        "ignore_merges": true, "vocab": .object(vocabulary), "merges": .array(merges),
      ]),
    ])
  }

  private static func byteLevel(addPrefixSpace: Bool, useRegex: Bool) -> JSONValue {
    .object([
      "type": "ByteLevel", "add_prefix_space": .bool(addPrefixSpace), "trim_offsets": true,
      "use_regex": .bool(useRegex),
    ])
  }
}
