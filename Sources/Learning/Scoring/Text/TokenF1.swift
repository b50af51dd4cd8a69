/// SQuAD's overlap of words: F1 over bags of normalised words.
package enum TokenF1 {
  package static func score(_ prediction: String, _ reference: String) -> Double {
    let predicted = TextNormalization.squad(prediction).split(separator: " ")
    let wanted = TextNormalization.squad(reference).split(separator: " ")
    if predicted.isEmpty || wanted.isEmpty { return predicted.isEmpty == wanted.isEmpty ? 1 : 0 }
    var bag: [Substring: Int] = [:]
    for word in wanted { bag[word, default: 0] += 1 }
    var common = 0
    for word in predicted where bag[word, default: 0] > 0 {
      bag[word, default: 0] -= 1
      common += 1
    }
    if common == 0 { return 0 }
    let precision = Double(common) / Double(predicted.count)
    let recall = Double(common) / Double(wanted.count)
    return 2 * precision * recall / (precision + recall)
  }

  /// Equality of the normalised texts.
  package static func exact(_ prediction: String, _ reference: String) -> Bool {
    TextNormalization.squad(prediction) == TextNormalization.squad(reference)
  }
}
