internal import Diagnostics
package import Reproducibility

/// Cuts a source file into raw rows, batch by batch, in bounded memory: a block, and the longest
/// row.
package final class SourceReader: RawRowReader {
  package let file: String
  package let format: SourceFormat
  /// Bytes of the file read so far, for progress.
  package var bytesRead: Int { source.bytesRead }
  /// For CSV and TSV: the header, read before the first batch.
  package private(set) var header: CSVRecord?

  private let source: SourceBytes
  private var splitter: any RecordSplitter
  private var pending: [UInt8] = []
  private var isAtEnd = false
  private let delimiter: UInt8

  /// Bytes of a batch, unless one row is longer.
  static let blockBytes = 1 << 20
  /// A row longer than this is taken for a broken file (an open quote, no line feeds).
  static let recordBytesMax = 256 << 20

  /// - Parameters:
  ///   - file: named in errors.
  ///   - delimiter: of CSV; nil for the usual one of the format.
  ///   - packing: unpacked on the way.
  ///   - isDigested: whether ``digest()`` is wanted.
  ///   - textBy: plain text and Markdown: what a row is.
  /// - Throws: ``Failure`` of class `badInput` for a file that is empty, packed, in another
  ///   encoding or in another format.
  package init(
    _ path: String, file: String, format: SourceFormat, packing: SourcePacking = .none,
    delimiter: UInt8? = nil, textBy: TextUnit = .auto, isDigested: Bool = true
  ) throws {
    self.file = file
    self.format = format
    self.delimiter = delimiter ?? (format == .tsv ? 0x09 : 0x2C)
    source = try SourceBytes(path, file: file, packing: packing, isDigested: isDigested)
    switch format {
    case .csv, .tsv: splitter = CSVSplitter(file: file, delimiter: self.delimiter)
    case .json: splitter = JSONArraySplitter(file: file)
    case .text, .markdown:
      switch textBy {
      case .auto where format == .text, .line: splitter = LineSplitter()
      case .auto, .file: splitter = FileSplitter()
      case .section: splitter = MarkdownSplitter()
      }
    case .auto, .jsonl, .parquet: splitter = LineSplitter()
    }
    try readBlock()
    let head = Array(pending.prefix(SourceSniffer.headBytes))
    if let problem = SourceSniffer.problem(head, format: format, file: file) {
      throw problem.failure(.badInput)
    }
    if pending.starts(with: [0xEF, 0xBB, 0xBF]) { pending.removeFirst(3) }
  }

  /// The next raw rows in order, or nil at the end of the file.
  package func next() throws -> SourceBatch? {
    var records: [SourceBatch.Record] = []
    while true {
      let taken = try pending.withUnsafeBufferPointer {
        try splitter.split($0, isEnd: isAtEnd, into: &records)
      }
      if !records.isEmpty {
        let bytes = pending
        pending = Array(bytes[taken...])
        if isAtEnd { splitter = EndSplitter() } else { try readBlock() }
        var batch = SourceBatch(bytes: bytes, records: records)
        if (format == .csv || format == .tsv) && header == nil { try takeHeader(&batch) }
        if batch.records.isEmpty {
          records = []
          continue
        }
        return batch
      }
      if isAtEnd { return nil }
      pending.removeFirst(taken)
      guard pending.count < Self.recordBytesMax else {
        throw Diagnostic(
          "source.row-too-long", "a row of more than \(Self.recordBytesMax >> 20) MiB",
          at: SourceSpan(file: file, line: 1), fix: "is a quote open, or are line feeds missing?"
        ).failure(.badInput)
      }
      try readBlock()
    }
  }

  /// The digest of the file's bytes; call at the end.
  package func digest() -> Digest? { source.digest() }

  private func readBlock() throws {
    let got = try source.read(Self.blockBytes, into: &pending)
    isAtEnd = got < Self.blockBytes
  }

  private func takeHeader(_ batch: inout SourceBatch) throws {
    let first = batch.records.removeFirst()
    do throws(RowProblem) {
      header = try batch.bytes.withUnsafeBufferPointer { bytes throws(RowProblem) in
        try CSVRecord(
          header: UnsafeBufferPointer(rebasing: bytes[first.start..<first.end]),
          delimiter: delimiter)
      }
    } catch {
      throw Diagnostic(
        error.code, error.message, at: SourceSpan(file: file, line: first.line), fix: error.fix
      ).failure(.badInput)
    }
  }
}

/// What a row of plain text or Markdown is.
package enum TextUnit: String, Sendable, CaseIterable {
  /// A line of text, a file of Markdown.
  case auto
  case line, file, section
}

/// Nothing is left.
private struct EndSplitter: RecordSplitter {
  func split(
    _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into records: inout [SourceBatch.Record]
  ) -> Int { bytes.count }
}
