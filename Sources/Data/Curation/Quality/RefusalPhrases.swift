/// Openings of answers that only decline or speak of being a model.
enum RefusalPhrases {
  private static let matcher = PhraseMatcher([
    // English
    "i m|am|apologize|apologise ~1 sorry|but|for ~4 can_t|cannot|can_not|unable|not_able",
    "i can_t|cannot|can_not|won_t|am_unable_to|m_unable_to|m_not_able_to ~1 assist|help|fulfill|comply|provide|engage|support|create|generate|answer|participate",
    "as an|a ~1 ai|language|artificial ~2 model|assistant|intelligence|i",
    "i_m|i_am just|only|merely ~1 an|a ai|language|computer",
    // German, French, Spanish, Italian, Portuguese, Dutch
    "als ki|sprachmodell|kunstliche", "es_tut_mir_leid|tut_mir_leid ~4 kann|konnen ~6 nicht",
    "en_tant_que ~2 ia|modele|intelligence", "je ~1 suis desole|desolee ~6 peux|pouvoir",
    "como ~2 modelo|ia|inteligencia ~2 lenguaje|linguagem|artificial|no|nao",
    "lo_siento ~4 no puedo|podemos", "desculpe|sinto_muito ~4 nao posso|podemos",
    "in_quanto|come ~1 modello|ia|intelligenza", "mi_dispiace ~4 non posso|possiamo",
    "als ai|taalmodel|kunstmatige", "het_spijt_me|sorry ~4 kan ~4 niet",
    // Russian, Chinese, Japanese
    "как ~1 языковая|ии|искусственныи", "作为 ~3 人工智能|语言模型|助手", "申し訳 ~12 できません",
  ])

  /// Words of the opening that are looked at.
  private static let wordsMax = 25

  /// Characters of it.
  private static let charactersMax = 400

  static func isRefusal(_ answer: String) -> Bool {
    let plain = answer.utf8.withContiguousStorageIfAvailable { bytes -> Bool? in
      // One byte more, which could join the last.
      let opening = UnsafeBufferPointer(rebasing: bytes.prefix(charactersMax + 1))
      guard PlainText(opening) != nil else { return nil }
      return isRefusal(UnsafeBufferPointer(rebasing: opening.prefix(charactersMax)))
    }
    if let plain, let isRefusal = plain { return isRefusal }
    var opening = String(answer.prefix(charactersMax))
    return opening.withUTF8 { isRefusal($0) }
  }

  private static func isRefusal(_ opening: UnsafeBufferPointer<UInt8>) -> Bool {
    var found = false
    let words = Array(InjectionWords.words(opening).prefix(wordsMax))
    // A refusal opens the answer; later it is part of what is said.
    matcher.forEachMatch(words) { _, first, _ in found = found || first <= 6 }
    return found
  }
}
