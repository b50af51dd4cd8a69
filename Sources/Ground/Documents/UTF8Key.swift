/// A text compared by its bytes: spellings that Unicode calls equivalent stay different keys, as
/// they are different byte strings in the file.
struct UTF8Key: Hashable {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }
}

extension String {
  /// Whether both have the same bytes.
  package func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
