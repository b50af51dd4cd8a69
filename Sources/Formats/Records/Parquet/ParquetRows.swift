internal import Diagnostics
internal import Documents

/// The rows of a Parquet file as JSON objects, batch by batch: columns by name, groups as objects,
/// lists as arrays, missing values as null. What comes after is the same as for JSON Lines.
final class ParquetRows {
  private let file: ParquetFile
  private let name: String
  private var group = 0
  private var rowsLeft = 0
  private var columns: [ParquetColumn] = []
  /// The number of the next row, from 1.
  private(set) var row = 1
  var rowCount: Int { file.rows }

  /// - Parameter name: of the file, in errors.
  init(_ path: String, file name: String) throws {
    self.name = name
    do {
      file = try ParquetFile(path)
    } catch let problem as ParquetProblem {
      throw Self.failure(problem, name, 1)
    }
  }

  /// Rows of about `bytes`, or nil at the end. Their `line` is their number in the file.
  func next(bytes wanted: Int) throws -> SourceBatch? {
    do {
      var batch = SourceBatch(bytes: [], records: [])
      while batch.bytes.count < wanted, batch.records.count < 1 << 16 {
        if rowsLeft == 0 {
          try checkEnds()
          guard group < file.groups.count else { break }
          rowsLeft = file.groups[group].rows
          columns = zip(file.schema.leaves, file.groups[group].chunks).map {
            ParquetColumn(file, $0, $1)
          }
          group += 1
          continue
        }
        let start = batch.bytes.count
        try object(file.schema.root, &batch.bytes)
        batch.records.append(.init(start: start, end: batch.bytes.count, line: row))
        row += 1
        rowsLeft -= 1
      }
      return batch.records.isEmpty ? nil : batch
    } catch let problem as ParquetProblem {
      throw Self.failure(problem, name, row)
    }
  }

  private static func failure(_ problem: ParquetProblem, _ name: String, _ row: Int) -> Failure {
    Diagnostic(
      problem.code, problem.what, at: SourceSpan(file: name, line: row), fix: problem.fix
    ).failure(.badInput)
  }

  private func checkEnds() throws {
    for column in columns where try !column.isAtEnd() {
      throw ParquetProblem.damaged("a column goes on after the others")
    }
  }

  private func object(_ node: ParquetNode, _ out: inout [UInt8]) throws {
    out.append(UInt8(ascii: "{"))
    for (number, child) in node.children.enumerated() {
      if number > 0 { out.append(UInt8(ascii: ",")) }
      JSONWriter.appendString(child.name, to: &out)
      out.append(UInt8(ascii: ":"))
      try value(child, &out)
    }
    out.append(UInt8(ascii: "}"))
  }

  private func value(_ node: ParquetNode, _ out: inout [UInt8]) throws {
    guard let first = node.leaves.first else { throw ParquetProblem.damaged("a group is empty") }
    if node.repetition == .repeated { return try list(node, node, &out) }
    if node.repetition == .optional, try columns[first].definition() < node.definition {
      try skip(node)
      out += "null".utf8
      return
    }
    guard node.physical == nil else { return try leaf(columns[first], &out) }
    guard case .list = node.meaning, node.children.count == 1,
      let repeated = node.children.first, repeated.repetition == .repeated
    else { return try object(node, &out) }
    // The repeated group stands for its one child, but for the forms of old writers
    // (parquet-format, LogicalTypes.md, "Backward-compatibility rules").
    let isElement =
      repeated.children.count != 1 || repeated.name == "array"
      || repeated.name == node.name + "_tuple"
    try list(repeated, isElement ? repeated : repeated.children[0], &out)
  }

  /// - Parameter element: what is written for each; `repeated` itself, or its only child.
  private func list(_ repeated: ParquetNode, _ element: ParquetNode, _ out: inout [UInt8]) throws {
    guard let first = repeated.leaves.first else {
      throw ParquetProblem.damaged("a group is empty")
    }
    out.append(UInt8(ascii: "["))
    if try columns[first].definition() < repeated.definition {
      try skip(repeated)
    } else {
      while true {
        if element !== repeated {
          try value(element, &out)
        } else if element.physical != nil {
          try leaf(columns[first], &out)
        } else {
          try object(element, &out)
        }
        guard try columns[first].repetition() == repeated.repeating else { break }
        out.append(UInt8(ascii: ","))
      }
    }
    out.append(UInt8(ascii: "]"))
  }

  /// Steps over one entry of every column below a value that is not there.
  private func skip(_ node: ParquetNode) throws {
    for leaf in node.leaves { try columns[leaf].skip() }
  }

  private func leaf(_ column: ParquetColumn, _ out: inout [UInt8]) throws {
    let (values, index) = try column.take()
    try ParquetScalar.append(values, index, column.node, to: &out)
  }
}
