internal import Diagnostics
internal import Documents

/// Replaces `${params.x}` and `${env.X}` inside scalars; places stay those of the text.
///
/// A scalar that is one reference and nothing else becomes the value itself, typed like a plain
/// scalar or a whole list; anything else is joined as text. `${env.X:-word}` gives a value for a
/// variable that is not set or empty; `$${` stands for a literal `${`.
struct Interpolation {
  /// Values by name.
  var parameters: [String: Node]
  /// Of the instance of a matrix that is read; nil outside of one.
  var matrix: [String: Node]?
  let environment: [String: String]
  private(set) var diagnostics: [Diagnostic] = []
  /// Text that references have put into other text, all together.
  private var addedBytes = 0
  private static let addedBytesMax = 4 << 20

  init(parameters: [String: Node] = [:], environment: [String: String]) {
    self.parameters = parameters
    self.environment = environment
  }

  mutating func resolve(_ node: Node) -> Node {
    switch node.content {
    case .sequence(let items):
      var resolved: [Node] = []
      for item in items { resolved.append(resolve(item)) }
      return Node(.sequence(resolved), at: node.span)
    case .mapping(let entries):
      var resolved: [Node.Entry] = []
      for entry in entries {
        resolved.append(Node.Entry(key: entry.key, value: resolve(entry.value)))
      }
      return Node(.mapping(resolved), at: node.span)
    case .scalar(let scalar):
      guard scalar.text.utf8.contains(UInt8(ascii: "$")), scalar.text.contains("${") else {
        return node
      }
      return resolve(scalar, of: node)
    }
  }

  private mutating func resolve(_ scalar: Node.Scalar, of node: Node) -> Node {
    var text = ""
    var rest = Substring(scalar.text)
    var offset = 0
    while let open = rest.firstRange(of: "${") {
      text += rest[..<open.lowerBound]
      offset += rest[..<open.lowerBound].unicodeScalars.count
      if text.hasSuffix("$") {
        text += "{"
        offset += 2
        rest = rest[open.upperBound...]
        continue
      }
      guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
        report(
          "spec.interpolation", "'${' has no '}' after it", node.subspan(offset, 2),
          fix: "close it, or write '$${' for a literal '${'")
        return node
      }
      let reference = String(rest[open.upperBound..<close])
      let span = node.subspan(offset, reference.unicodeScalars.count + 3)
      let isWhole =
        open.lowerBound == scalar.text.startIndex
        && scalar.text.index(after: close) == scalar.text.endIndex
      guard let value = value(of: reference, span) else { return node }
      if isWhole { return Node(value.content, at: node.span) }
      guard let part = value.scalar else {
        report(
          "spec.interpolation",
          "'${\(SafeText.escaped(reference))}' is \(value.kindName), which cannot stand inside a text",
          span, fix: "let it stand alone as the whole value")
        return node
      }
      text += part.text
      addedBytes += part.text.utf8.count
      guard addedBytes <= Self.addedBytesMax else {
        if addedBytes - part.text.utf8.count <= Self.addedBytesMax {
          report(
            "spec.interpolation",
            "the references of this file expand to more than \(Self.addedBytesMax >> 20) MiB", span)
        }
        return node
      }
      offset += reference.unicodeScalars.count + 3
      rest = rest[scalar.text.index(after: close)...]
    }
    return Node(
      .scalar(.init(text + rest, isPlain: scalar.isPlain, tag: scalar.tag)), at: node.span)
  }

  /// The value of `params.x`, `env.X` or `env.X:-word`; nil after a report.
  mutating func value(of reference: String, _ span: SourceSpan) -> Node? {
    let shown = SafeText.escaped(reference, limit: 40)
    if reference.hasPrefix("params.") {
      let name = String(reference.dropFirst("params.".count))
      if let value = parameters[name] { return value }
      let known = parameters.keys.sorted()
      let nearest = NearestName.suggestion(for: name, among: known)
      report(
        "spec.unknown-reference", "'${\(shown)}' names no parameter of 'params'", span,
        fix: nearest.map { "did you mean '${params.\($0)}'?" }
          ?? (known.isEmpty
            ? "declare it under 'params:' first"
            : "'params' has \(known.prefix(10).joined(separator: ", "))"))
      return nil
    }
    if reference.hasPrefix("env.") { return variable(reference.dropFirst("env.".count), span) }
    if reference.hasPrefix("matrix.") {
      return axis(String(reference.dropFirst("matrix.".count)), shown, span)
    }
    report(
      "spec.unknown-reference",
      "'${\(shown)}' is no reference, expected params.NAME, matrix.NAME or env.NAME", span,
      fix: "write '$${' for a literal '${'")
    return nil
  }

  private mutating func axis(_ name: String, _ shown: String, _ span: SourceSpan) -> Node? {
    guard let matrix else {
      report(
        "spec.unknown-reference", "'${\(shown)}' stands outside of a stage with a matrix", span,
        fix:
          "add 'strategy: { matrix: { \(SafeText.escaped(name, limit: 40)): [ … ] } }' to the stage"
      )
      return nil
    }
    if let value = matrix[name] { return value }
    let known = matrix.keys.sorted()
    report(
      "spec.unknown-reference", "'${\(shown)}' names nothing of this stage's matrix", span,
      fix: NearestName.suggestion(for: name, among: known).map { "did you mean '${matrix.\($0)}'?" }
        ?? "the matrix has \(known.prefix(10).joined(separator: ", "))")
    return nil
  }

  private mutating func variable(_ text: Substring, _ span: SourceSpan) -> Node? {
    let split = text.firstRange(of: ":-")
    let name = String(split.map { text[..<$0.lowerBound] } ?? text)
    if let value = environment[name], !(value.isEmpty && split != nil) {
      return Node(.scalar(.init(value, isPlain: !value.isEmpty)), at: span)
    }
    if let split {
      let fallback = String(text[split.upperBound...])
      return Node(.scalar(.init(fallback, isPlain: !fallback.isEmpty)), at: span)
    }
    let shown = SafeText.escaped(name, limit: 40)
    report(
      "spec.unset-variable", "the environment variable '\(shown)' is not set", span,
      fix: "set it, or give a value to fall back to: ${env.\(shown):-value}")
    return nil
  }

  private mutating func report(
    _ code: String, _ message: String, _ span: SourceSpan, fix: String? = nil
  ) {
    diagnostics.append(Diagnostic(code, message, at: span, fix: fix))
  }
}

extension Node {
  /// The place of `length` scalars at `offset` of a scalar's text. Exact for text on one line
  /// without escapes; otherwise the place of the node.
  func subspan(_ offset: Int, _ length: Int) -> SourceSpan {
    guard let scalar else { return span }
    let count = scalar.text.unicodeScalars.count
    let quotes = scalar.isPlain ? 0 : 2
    guard span.length == count + quotes else { return span }
    return SourceSpan(
      file: span.file, line: span.line, column: span.column + quotes / 2 + offset, length: length)
  }
}

extension Substring {
  /// The first place of `text`, compared by bytes.
  func firstRange(of text: String) -> Range<Index>? {
    let wanted = Array(text.utf8)
    var at = utf8.startIndex
    while let found = utf8[at...].firstIndex(of: wanted[0]) {
      if utf8[found...].starts(with: wanted) {
        return found..<utf8.index(found, offsetBy: wanted.count)
      }
      at = utf8.index(after: found)
    }
    return nil
  }
}
