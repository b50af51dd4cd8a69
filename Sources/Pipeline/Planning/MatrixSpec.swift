package import Diagnostics
package import Documents

/// A stage with `strategy: matrix`: one instance per combination of values.
package struct MatrixSpec: Sendable {
  /// In the order of the combinations.
  package var instances: [MatrixInstance]
  /// Names of values that every instance has, in the order of the file.
  package var axes: [String]
  /// Whether a stage of the matrix's own name stands for the best instance.
  package var hasChoice: Bool

  package var names: [String] { instances.map(\.stage) }
}

/// One combination of a matrix.
package struct MatrixInstance: Sendable, Hashable {
  /// The name of the stage it became.
  package var stage: String
  /// The name of the stage in the file.
  package var matrix: String
  /// By axis, in the order of the file.
  package var values: [JSONMember]

  package func value(_ axis: String) -> JSONValue? { values.first { $0.key == axis }?.value }
}

/// `strategy.select`.
package struct MatrixChoiceSpec: Sendable {
  package enum Mode: String, Sendable, CaseIterable { case min, max }

  package var metric: String
  package var mode: Mode
  package var span: SourceSpan
  /// In the order of the combinations; the first of equals wins.
  package var instances: [String]
}
