extension GGUFVocabulary {
  /// Encodes a text as llama.cpp does with a vocabulary of model `llama`: characters are joined,
  /// best score first and leftmost among equals, while the joined text is a token; what is no token
  /// becomes byte tokens. Special tokens in the text are not looked for.
  ///
  /// The specification of what a file's scores mean; quadratic in the text, for checks of short
  /// samples. Source: `llm_tokenizer_spm` in llama-vocab.cpp.
  ///
  /// - Returns: nil when the vocabulary has no scores.
  package func encodeByScores(_ text: String, addsSpacePrefix: Bool) -> [Int]? {
    guard let scores else { return nil }
    var ids: [String: Int] = [:]
    for (id, token) in tokens.enumerated() where ids[token] == nil { ids[token] = id }
    let marked = (addsSpacePrefix ? " " + text : text).unicodeScalars.map {
      $0 == " " ? "\u{2581}" : String($0)
    }
    var pieces = text.isEmpty ? [] : marked
    while true {
      var best: (score: Float, place: Int)?
      for place in pieces.indices.dropLast() {
        guard let id = ids[pieces[place] + pieces[place + 1]] else { continue }
        if best.map({ scores[id] > $0.score }) ?? true { best = (scores[id], place) }
      }
      guard let place = best?.place else { break }
      pieces[place] += pieces.remove(at: place + 1)
    }
    let digits = Array("0123456789ABCDEF")
    return pieces.flatMap { piece -> [Int] in
      if let id = ids[piece] { return [id] }
      return piece.utf8.map {
        ids["<0x\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])>"] ?? id("unknown") ?? 0
      }
    }
  }
}
