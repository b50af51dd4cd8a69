/// An evaluation set that training rows must not hold.
package struct ContaminationSet: Sendable {
  /// In rule names: `decontaminate.gsm8k`.
  package var name: String
  /// The words of each item, in order of the file.
  package private(set) var items: [[UInt64]] = []

  package init(_ name: String) { self.name = name }

  package mutating func add(_ texts: [String]) {
    items.append(texts.flatMap { NormalWords.hashes($0) })
  }
}
