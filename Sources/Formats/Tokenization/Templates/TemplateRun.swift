/// One rendering: walks the statements, bounded in steps, output and depth.
final class TemplateRun {
  typealias Flow = TemplateStatement.Flow

  let root: TemplateScope
  /// Ranges of the output that `{% generation %}` blocks made.
  private(set) var generated: [Range<Int>] = []
  @exclusivity(unchecked) private var steps = 0
  @exclusivity(unchecked) private var bytesMade = 0
  @exclusivity(unchecked) private var depth = 0
  /// > 0 while output goes into a variable.
  @exclusivity(unchecked) private var captures = 0
  /// What `strftime_now` says, or nil when it is not defined.
  let date: TemplateDate?
  /// Whether printing what is undefined is an error (`StrictUndefined`), not an empty text.
  let isStrict: Bool

  init(date: TemplateDate?, nameCount: Int, isStrict: Bool = false) {
    self.date = date
    self.isStrict = isStrict
    root = TemplateScope(nameCount: nameCount)
  }

  func render(_ body: [TemplateStatement]) throws(TemplateError) -> TemplateText {
    var out = TemplateText()
    _ = try execute(body, root, &out)
    return out
  }

  // MARK: - Bounds

  @inline(__always)
  func step(_ count: Int = 1) throws(TemplateError) {
    steps += count
    if steps > TemplateLimits.steps { throw Self.tooManySteps }
  }

  private static let tooManySteps = TemplateError(
    .limit, "the template takes more than \(TemplateLimits.steps) steps")

  /// Checks the length of a text before or while it is made.
  @inline(__always)
  func check(_ bytes: Int) throws(TemplateError) {
    if bytes > TemplateLimits.textBytes { throw Self.tooLong }
  }

  private static let tooLong = TemplateError(
    .limit, "the template makes a text of more than \(TemplateLimits.textBytes) bytes")

  /// Checks a text that is being made, and all that were made before it.
  func charge(_ bytes: Int) throws(TemplateError) {
    try check(bytes)
    bytesMade += bytes
    if bytesMade > 64 * TemplateLimits.textBytes {
      throw TemplateError(.limit, "the template makes too much text")
    }
  }

  func nested<Result>(_ body: () throws(TemplateError) -> Result) throws(TemplateError) -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth <= TemplateLimits.depth else {
      throw TemplateError(.limit, "macros call each other deeper than \(TemplateLimits.depth)")
    }
    return try body()
  }

  // MARK: - Statements

  func execute(_ body: [TemplateStatement], _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    for statement in body {
      do throws(TemplateError) {
        try step()
        let flow = try statement.execute(self, scope, &out)
        if flow != .next { return flow }
      } catch {
        throw error.placed(statement.line)
      }
    }
    return .next
  }

  func noteGenerated(_ range: Range<Int>) {
    if captures == 0, !range.isEmpty { generated.append(range) }
  }

  func capture(_ body: [TemplateStatement], _ scope: TemplateScope) throws(TemplateError)
    -> TemplateText
  {
    captures += 1
    defer { captures -= 1 }
    var out = TemplateText()
    _ = try execute(body, scope, &out)
    try charge(out.count)
    return out
  }

  func bind(_ target: TemplateTarget, _ value: TemplateValue, _ scope: TemplateScope)
    throws(TemplateError)
  {
    switch target {
    case .name(let id): scope.set(id, value)
    case .attribute(let object, let name):
      guard case .namespace(let namespace)? = scope.find(object) else {
        throw TemplateError(.type, "cannot set an attribute of what is no namespace")
      }
      try Self.checkAttribute(name)
      namespace.set(name, value)
    case .tuple(let targets):
      let items = try iterate(value)
      guard items.count == targets.count else {
        throw TemplateError(.type, "\(items.count) values for \(targets.count) names")
      }
      for (target, item) in zip(targets, items) { try bind(target, item, scope) }
    }
  }

  /// Namespaces hold no name that begins with an underscore, as in transformers.
  static func checkAttribute(_ name: TemplateText) throws(TemplateError) {
    if name.bytes.first == 0x5F {
      throw TemplateError(.unsafe, "an attribute that begins with '_' cannot be stored")
    }
  }

  /// What a `for` walks over.
  func iterate(_ value: TemplateValue) throws(TemplateError) -> [TemplateValue] {
    switch value {
    case .list(let items), .tuple(let items): return items
    case .view(let view): return view.take()
    case .object(let object) where object.kind == .group: return object.items
    case .undefined: return []
    case .dict(let dict): return dict.keys
    case .string(let text):
      let offsets = text.scalarOffsets
      try step(offsets.count)
      return zip(offsets, offsets.dropFirst()).map { .string(text.slice($0, $1)) }
    default: throw TemplateError(.type, "'\(value.typeName)' object is not iterable")
    }
  }
}
