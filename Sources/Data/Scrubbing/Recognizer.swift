/// Finds one kind of personal data in text.
///
/// A recognizer is a value in ``RecognizerList``, defined in a file named after what it finds.
struct Recognizer: Sendable {
  enum Search: Sendable {
    /// `match` is asked at every byte listed; it checks the boundaries itself.
    case at(bytes: [UInt8], match: @Sendable (ByteText, Int) -> Detection?)
    /// `scan` looks through the whole text.
    case whole(scan: @Sendable (ByteText, inout [Detection]) -> Void)
    /// Found by ``Finder``, which looks at numbers, signs and listed words in one pass for all such
    /// entities.
    case marks
    /// `scan` looks through the words of the text, which are cut once for all such recognizers.
    case words(scan: @Sendable (TextWords, inout [Detection]) -> Void)
  }

  let entity: Entity
  let search: Search

  static let digits = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
}

/// Every recognizer beside the entities of ``Finder``.
enum RecognizerList {
  static let all: [Recognizer] =
    [
      .person, .address, .uuid,
    ] + EntityCatalogue.byMarks.map { Recognizer(entity: $0, search: .marks) }
}

extension Entity {
  /// What ``Detector`` can look for, in order of name.
  package static let known: [Entity] = Set(RecognizerList.all.map(\.entity)).sorted()

  /// What it looks for unless told: all but ``dateTime`` and ``uuid``, which are seldom personal.
  package static let standard: [Entity] = known.filter { $0 != .dateTime && $0 != .uuid }
}
