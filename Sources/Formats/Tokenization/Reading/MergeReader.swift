internal import Diagnostics
internal import Documents

/// Reads `merges` of a BPE model, as "a b" or ["a", "b"]: every merge of tokens that exist.
struct MergeReader {
  private let vocabulary: VocabularyReader
  /// Left out of the right token when two are joined (`continuing_subword_prefix`).
  private let prefix: [UInt8]

  init(_ vocabulary: VocabularyReader, prefix: [UInt8]) {
    self.vocabulary = vocabulary
    self.prefix = prefix
  }

  func read() throws -> [(left: Int32, right: Int32, result: Int32)] {
    if let scanned = vocabulary.scannedMerges { return scanned }
    guard let items = vocabulary.part.json["merges"]?.arrayValue else {
      throw vocabulary.part.problem("has no list 'merges'", code: "tokenizer.missing")
    }
    var merges: [(left: Int32, right: Int32, result: Int32)] = []
    merges.reserveCapacity(items.count)
    var joined: [UInt8] = []
    for (index, item) in items.enumerated() {
      joined.removeAll(keepingCapacity: true)
      let middle: Int
      switch item {
      case .string(let text):
        joined += text.utf8
        guard let space = joined.firstIndex(of: 0x20), space == joined.lastIndex(of: 0x20) else {
          throw problem(index, "is not two tokens with one blank between them")
        }
        joined.remove(at: space)
        middle = space
      case .array(let pair):
        guard pair.count == 2, let left = pair[0].stringValue, let right = pair[1].stringValue
        else { throw problem(index, "is not a pair of tokens") }
        joined += left.utf8
        middle = joined.count
        joined += right.utf8
      default: throw problem(index, "is \(item.kindName), expected a pair of tokens")
      }
      merges.append(try merge(&joined, middle, index))
    }
    return merges
  }

  private func merge(_ joined: inout [UInt8], _ middle: Int, _ index: Int) throws
    -> (left: Int32, right: Int32, result: Int32)
  {
    let names = vocabulary.names
    let (left, right) = joined.withUnsafeBufferPointer {
      (names.find($0.slice(0, middle)), names.find($0.slice(middle, $0.count)))
    }
    guard left >= 0, right >= 0 else {
      throw problem(index, "names a token that is not in the vocabulary")
    }
    if !prefix.isEmpty {
      guard joined.count - middle >= prefix.count else {
        throw problem(index, "has a right token shorter than the 'continuing_subword_prefix'")
      }
      joined.removeSubrange(middle..<(middle + prefix.count))
    }
    let result = joined.withUnsafeBufferPointer { names.find($0) }
    guard result >= 0 else {
      throw problem(index, "makes a token that is not in the vocabulary")
    }
    return (left, right, result)
  }

  private func problem(_ index: Int, _ message: String) -> Failure {
    vocabulary.part.problem(
      "has a merge (number \(index)) that \(message)", code: "tokenizer.merge")
  }
}
