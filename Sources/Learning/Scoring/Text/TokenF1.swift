/// SQuAD's overlap of words: F1 over bags of normalised words.
package enum TokenF1 {
  package static func score(_ prediction: String, _ reference: String) -> Double {
    let predicted = TextNormalization.squadWords(prediction).map { Array($0.utf8) }
    let wanted = TextNormalization.squadWords(reference).map { Array($0.utf8) }
    if predicted.isEmpty || wanted.isEmpty { return predicted.isEmpty == wanted.isEmpty ? 1 : 0 }
    var bag: [[UInt8]: Int] = [:]
    for word in wanted { bag[word, default: 0] += 1 }
    var common = 0
    for word in predicted {
      guard let left = bag[word], left > 0 else { continue }
      bag[word] = left - 1
      common += 1
    }
    if common == 0 { return 0 }
    let precision = Double(common) / Double(predicted.count)
    let recall = Double(common) / Double(wanted.count)
    return 2 * precision * recall / (precision + recall)
  }

  /// The best of several references.
  package static func score(_ prediction: String, references: [String]) -> Double {
    references.reduce(0) { max($0, score(prediction, $1)) }
  }

  /// Equality of the normalised texts, by scalars.
  package static func exact(_ prediction: String, _ reference: String) -> Bool {
    TextNormalization.squad(prediction).utf8.elementsEqual(TextNormalization.squad(reference).utf8)
  }

  /// Whether one of several references is equal.
  package static func exact(_ prediction: String, references: [String]) -> Bool {
    references.contains { exact(prediction, $0) }
  }
}
