internal import Diagnostics

extension Node {
  /// A JSON value as a document node; every span is the first column of `file`, since JSON values
  /// do not keep places.
  package init(_ json: JSONValue, file: String) {
    let span = SourceSpan(file: file, line: 1)
    switch json {
    case .null: self.init(.scalar(Scalar("null")), at: span)
    case .bool(let value): self.init(.scalar(Scalar(value ? "true" : "false")), at: span)
    case .integer(let value): self.init(.scalar(Scalar(String(value))), at: span)
    case .number(let value): self.init(.scalar(Scalar(String(value))), at: span)
    case .string(let value): self.init(.scalar(Scalar(value, isPlain: false)), at: span)
    case .array(let items):
      self.init(.sequence(items.map { Node($0, file: file) }), at: span)
    case .object(let members):
      let entries = members.map {
        Entry(
          key: Node(.scalar(Scalar($0.key, isPlain: false)), at: span),
          value: Node($0.value, file: file))
      }
      self.init(.mapping(entries), at: span)
    }
  }
}
