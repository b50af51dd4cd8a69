internal import Diagnostics
internal import Records
internal import StageKit

/// The raw rows of all sources in order, some megabytes at a time; opens, tells apart and checks
/// the files on the way. Used by one thread at a time.
final class IngestFeed {
  enum Piece: Sendable {
    case opened(name: String, SourceFormat)
    /// What was decided about the rows of a source, once.
    case told(RowSketch)
    /// - Parameter read: bytes of the file read so far.
    case rows(SourceBatch, RowIntake, read: Int)
    case closed(name: String, SourceFormat, RowShape?, bytes: Int)
  }

  private let context: StageContext
  private var waiting: ArraySlice<IngestSource>
  private let maxRows: Int?
  private var files: ArraySlice<InputFile> = []
  private var source: IngestSource?
  private var shape: RowShape?
  private var isTold = false
  private var open: (file: InputFile, reader: any RawRowReader)?
  private var rowsLeft: Int

  /// Raw bytes of one helping. With what they are parsed to, a few times this is held at a time.
  private static let helpingBytes = 4 << 20

  init(_ parameters: IngestParameters, _ context: StageContext) {
    self.context = context
    waiting = parameters.sources[...]
    maxRows = parameters.maxRows
    rowsLeft = parameters.maxRows ?? .max
  }

  /// The next pieces, or nil at the end of all sources.
  func next() throws -> [Piece]? {
    var pieces: [Piece] = []
    var bytes = 0
    while bytes < Self.helpingBytes {
      if open == nil { try openNext(&pieces) }
      guard let (file, reader) = open else { return pieces.isEmpty ? nil : pieces }
      if rowsLeft > 0, var batch = try reader.next() {
        if batch.records.count > rowsLeft {
          batch.records.removeLast(batch.records.count - rowsLeft)
        }
        rowsLeft -= batch.records.count
        bytes += batch.bytes.count
        pieces += try self.pieces(batch, file, reader)
      } else {
        pieces.append(try close(file, reader))
      }
    }
    return pieces
  }

  /// Opens the next file of the next source; none when all are done.
  private func openNext(_ pieces: inout [Piece]) throws {
    while files.isEmpty || rowsLeft == 0 {
      guard let next = waiting.popFirst() else { return }
      source = next
      shape = next.shape == .auto ? nil : next.shape
      isTold = false
      rowsLeft = min(maxRows ?? .max, next.maxRows ?? .max)
      files = context.files(next.files.parameter)[...]
      guard !files.isEmpty else {
        throw Diagnostic(
          "source.no-files",
          "'\(SafeText.escaped(next.files.pattern ?? ""))' names no file", fix: "correct the path"
        ).failure(.badInput)
      }
    }
    guard let source, let file = files.popFirst() else { return }
    guard let format = source.format(of: file.name) else {
      throw IngestSource.unknownFormat(file.name).failure(.badInput)
    }
    // A file as it was planned is known by its stamp; any other one by its bytes.
    let isKnown = file.stamp != nil && file.stamp == FileStamp(ofFile: file.path)
    let reader = try source.reader(file, format, isDigested: !isKnown)
    open = (file, reader)
    pieces.append(.opened(name: file.name, format))
  }

  private func pieces(_ batch: SourceBatch, _ file: InputFile, _ reader: any RawRowReader) throws
    -> [Piece]
  {
    guard let source else { return [] }
    var pieces: [Piece] = []
    if reader.format.hasColumns {
      if shape == nil { shape = RowIntake.detect(batch, source.columns, header: reader.header) }
      if !isTold {
        isTold = true
        pieces.append(
          .told(
            RowSketch(
              batch, file: file.name, shape: shape, isGiven: source.shape != .auto,
              header: reader.header)))
      }
    }
    let shaper = reader.format.hasColumns ? RowShaper(shape ?? .auto, source.columns) : nil
    pieces.append(
      .rows(
        batch,
        RowIntake(
          file: file.name, format: reader.format, shaper: shaper, header: reader.header),
        read: reader.bytesRead))
    return pieces
  }

  private func close(_ file: InputFile, _ reader: any RawRowReader) throws -> Piece {
    open = nil
    // Rows that are left out were not read: the file's digest cannot be compared.
    let digest = rowsLeft == 0 ? file.digest : try reader.digest()
    let isUnchanged =
      digest.map { $0 == file.digest } ?? (file.stamp == FileStamp(ofFile: file.path))
    guard isUnchanged else {
      throw Diagnostic(
        "source.changed", "'\(SafeText.escaped(file.name))' changed after the run was planned",
        at: SourceSpan(file: file.name, line: 1), fix: "run it again: orchestrate run"
      ).failure(.badInput)
    }
    return .closed(name: file.name, reader.format, shape, bytes: file.bytes)
  }
}
