/// One column of one row group, entry by entry; memory is a page and the dictionary.
final class ParquetColumn {
  let node: ParquetNode
  private let file: ParquetFile
  private let codec: Int
  private var at: Int
  private let end: Int
  private var left: Int
  private var dictionary: ParquetValues?
  private var page = ParquetPage()
  private var entry = 0
  private var value = 0

  init(_ file: ParquetFile, _ node: ParquetNode, _ chunk: ParquetFile.Chunk) {
    self.file = file
    self.node = node
    codec = chunk.codec
    at = chunk.start
    end = chunk.start + chunk.bytes
    left = chunk.values
  }

  /// Whether no entry is left.
  func isAtEnd() throws -> Bool {
    if entry < page.count { return false }
    return left <= 0
  }

  /// The definition level of the next entry.
  func definition() throws -> Int {
    try load()
    return page.definitions.isEmpty ? 0 : Int(page.definitions[entry])
  }

  /// The repetition level of the next entry; nil at the end of the column.
  func repetition() throws -> Int? {
    if try isAtEnd() { return nil }
    try load()
    return page.repetitions.isEmpty ? 0 : Int(page.repetitions[entry])
  }

  /// Steps over an entry that is no value.
  func skip() throws {
    try load()
    let isValue = page.definitions.isEmpty || page.definitions[entry] == Int32(node.definition)
    guard !isValue else { throw ParquetProblem.damaged("columns of a group do not fit together") }
    entry += 1
  }

  /// Steps over an entry that is a value, and gives the values it is among and its place there.
  func take() throws -> (values: ParquetValues, index: Int) {
    try load()
    entry += 1
    let index = value
    value += 1
    guard let places = page.places else {
      guard index < page.values.count else { throw ParquetProblem.damaged("a value is missing") }
      return (page.values, index)
    }
    guard index < places.count, let dictionary else {
      throw ParquetProblem.damaged("a value is missing")
    }
    return (dictionary, Int(places[index]))
  }

  /// Makes sure that there is an entry.
  private func load() throws {
    while entry >= page.count {
      guard left > 0 else { throw ParquetProblem.damaged("a column ends before the others") }
      let header = try readHeader()
      guard header.packed <= end - at else {
        throw ParquetProblem.damaged("a page is longer than its column")
      }
      let bytes = try file.read(at, header.packed)
      at += header.packed
      switch header.kind {
      case .other: continue
      case .dictionary:
        let data = try ParquetPage.unpack(bytes, codec, to: header.unpacked)
        dictionary = try .plain(data, from: 0, node, count: header.count)
      case .data, .dataV2:
        page = try ParquetPage(
          header, bytes, node, codec: codec, dictionary: dictionary?.count)
        (entry, value) = (0, 0)
        left -= page.count
      }
    }
  }

  /// Headers are short, but for statistics with long texts in them.
  private func readHeader() throws -> ParquetPage.Header {
    var room = 1 << 10
    while true {
      let count = min(room, end - at)
      guard count > 0 else { throw ParquetProblem.damaged("a column ends too early") }
      var bytes = ParquetBytes(try file.read(at, count))
      do {
        let header = try ParquetPage.Header(try Thrift.structure(&bytes))
        at += bytes.at
        return header
      } catch {
        guard count == room, room < 16 << 20 else { throw error }
        room *= 8
      }
    }
  }
}
