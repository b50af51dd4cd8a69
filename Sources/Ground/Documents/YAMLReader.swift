internal import Diagnostics

/// Reads one YAML 1.2 document into a tree that knows its places.
///
/// Standard tags only, no merge keys, no duplicate keys, one document, bounded size, depth and alias
/// expansion. Every problem is a diagnostic with line and column.
///
/// ```swift
/// let node = try YAMLReader.parse(Array("lr: 2e-4".utf8), file: "pipeline.yaml")
/// CoreSchema.number(node["lr"]!)  // 0.0002
/// ```
package enum YAMLReader {
  /// Longer files are refused.
  package static let byteCountMax = 4 << 20
  /// Collections nested deeper than this are refused, aliases expanded.
  package static let depthMax = 100
  /// Values that aliases may add, all together.
  package static let aliasNodesMax = 100_000
  /// Bytes of text that aliases may add, all together.
  package static let aliasBytesMax = 4 << 20

  /// - Parameters:
  ///   - file: named in spans.
  ///   - localTags: tags such as `!function` that scalars may carry; they stand in
  ///     ``Node/Scalar/tag``. Other tags that are not standard are refused.
  /// - Throws: ``Failure`` of class `badInput`: every duplicate key, foreign tag and unknown alias up
  ///   to the first error of syntax.
  package static func parse(_ bytes: [UInt8], file: String, localTags: Set<String> = []) throws
    -> Node
  {
    let text = try YAMLText(bytes, file: file)
    let composer = YAMLComposer(text, localTags: localTags)
    return try composer.document()
  }
}
