internal import Diagnostics

/// Why a template did not render.
struct TemplateError: Error {
  enum Kind: String {
    case syntax, raised, undefined, type, unsafe, limit
  }
  var kind: Kind
  var message: String
  /// 0: not known yet; filled in on the way up.
  var line: Int

  init(_ kind: Kind, _ message: String, line: Int = 0) {
    self.kind = kind
    self.message = message
    self.line = line
  }

  /// The same at `line`, unless it has one.
  func placed(_ line: Int) -> TemplateError {
    if self.line != 0 { return self }
    var placed = self
    placed.line = line
    return placed
  }

  func failure(file: String) -> Failure {
    let fix: String? =
      switch kind {
      case .raised: "the template refuses this conversation; change its messages or the template"
      case .limit: "the template is not one for chat; use another"
      default: nil
      }
    return Diagnostic(
      "template.\(kind.rawValue)", message,
      at: SourceSpan(file: file, line: max(1, line)), fix: fix
    ).failure(.badInput)
  }
}

/// Bounds that keep a hostile template from using up time or memory.
enum TemplateLimits {
  static let steps = 2_000_000
  static let textBytes = 4 << 20
  static let depth = 64
  static let range = 100_000
}
