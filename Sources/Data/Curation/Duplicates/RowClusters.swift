internal import Diagnostics
package import Documents
package import Records
package import Reproducibility

/// `clusters.jsonl`: which rows are duplicates of each other. Rows that are not listed are alone.
package struct RowClusters: Sendable {
  package static let file = "clusters.jsonl"

  package struct Member: Sendable, Hashable {
    package var row: RowID
    /// The id of the cluster: that of the row kept.
    package var cluster: String
    package var isKept: Bool
    /// With the row kept.
    package var similarity: Double

    package init(row: RowID, cluster: String, isKept: Bool, similarity: Double) {
      self.row = row
      self.cluster = cluster
      self.isKept = isKept
      self.similarity = similarity
    }

    package var json: JSONValue {
      .object([
        "row": .string(row.description), "cluster": .string(cluster), "kept": .bool(isKept),
        "similarity": .number(similarity),
      ])
    }
  }

  /// Row → cluster.
  package private(set) var clusterOf: [RowID: String] = [:]

  package init() {}

  /// Reads the clusters artifact.
  ///
  /// - Throws: ``Failure`` of class `badInput` with the line that is none.
  package init(_ tree: FileTree) throws {
    let bytes = try BlockReader.bytes(of: try tree.path(Self.file))
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      let json = try JSONReader.parse(Array(line), file: Self.file, line: index + 1)
      guard let row = json["row"]?.stringValue.flatMap({ RowID($0) }),
        let cluster = json["cluster"]?.stringValue
      else {
        throw Diagnostic(
          "clusters.damaged", "expected a row and its cluster",
          at: SourceSpan(file: Self.file, line: index + 1)
        ).failure(.badInput)
      }
      clusterOf[row] = cluster
    }
  }
}
