/// Shares and F1 over classes.
package enum Classification {
  /// The share of equal pairs.
  package static func accuracy(_ predictions: [String], _ references: [String]) -> Double {
    precondition(predictions.count == references.count && !references.isEmpty, "no pairs")
    return Double(zip(predictions, references).count { $0 == $1 }) / Double(references.count)
  }

  /// The mean F1 over all classes that occur in either list (scikit-learn's `average="macro"`).
  package static func macroF1(_ predictions: [String], _ references: [String]) -> Double {
    let classes = Set(predictions).union(references).sorted()
    var items = AdditiveItems(width: classes.count * 3)
    for (prediction, reference) in zip(predictions, references) {
      items.append(counts(prediction, reference, classes))
    }
    return macroF1(sums: items.sums)
  }

  /// Right, wrongly given and missed, for each class in order: a row of ``AdditiveItems``.
  package static func counts(_ prediction: String, _ reference: String, _ classes: [String])
    -> [Double]
  {
    classes.flatMap { name -> [Double] in
      let (given, wanted) = (prediction == name, reference == name)
      return [given && wanted ? 1 : 0, given && !wanted ? 1 : 0, !given && wanted ? 1 : 0]
    }
  }

  /// The mean F1 over classes that occur, from sums of ``counts(_:_:_:)``.
  package static func macroF1(sums: [Double]) -> Double {
    var (total, classes) = (0.0, 0)
    for start in stride(from: 0, to: sums.count, by: 3) {
      let weight = 2 * sums[start] + sums[start + 1] + sums[start + 2]
      guard weight > 0 else { continue }
      total += 2 * sums[start] / weight
      classes += 1
    }
    return classes == 0 ? 0 : total / Double(classes)
  }
}
