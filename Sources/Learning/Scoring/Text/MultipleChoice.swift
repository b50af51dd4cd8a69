private import Foundation

/// Which choice a model prefers, from the log-probability of each.
package enum MultipleChoice {
  /// `acc`: the highest log-probability; the first of equals.
  package static func choice(_ logProbabilities: [Double]) -> Int { argmax(logProbabilities) }

  /// `acc_norm`: per character (Unicode code point) of the choice, without its delimiter.
  package static func normalizedChoice(_ logProbabilities: [Double], _ choices: [String]) -> Int {
    argmax(zip(logProbabilities, choices).map { $0 / Double($1.unicodeScalars.count) })
  }

  /// `acc_bytes`: per UTF-8 byte of the choice.
  package static func bytesChoice(_ logProbabilities: [Double], _ choices: [String]) -> Int {
    argmax(zip(logProbabilities, choices).map { $0 / Double($1.utf8.count) })
  }

  /// TruthfulQA's MC2: the share of probability on the true answers.
  package static func trueMass(_ logProbabilities: [Double], isTrue: [Bool]) -> Double {
    let masses = logProbabilities.map { exp($0) }
    let trueMass = zip(masses, isTrue).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
    return trueMass / masses.reduce(0, +)
  }

  private static func argmax(_ values: [Double]) -> Int {
    precondition(!values.isEmpty, "a question without choices")
    var best = 0
    for index in values.indices where values[index] > values[best] { best = index }
    return best
  }
}
