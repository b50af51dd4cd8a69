/// Diagnostics as text for people (DESIGN §3): the first ones with an excerpt, the rest a line each.
///
/// ```
/// pipeline.yaml:14:7: error[spec.unknown-parameter]: stage 'sft' has no parameter 'learning_rte'
///    14 |       learning_rte: 2e-4
///       |       ^~~~~~~~~~~~
///   fix: did you mean 'learning_rate'?
/// ```
package struct DiagnosticRenderer: Sendable {
  /// Texts that may be quoted, by the name used in spans. Data files are never among them.
  private let lines: [String: [[UInt8]]]
  private let usesColor: Bool
  /// Terminal cells for the quoted line.
  private let width: Int

  /// - Parameters:
  ///   - sources: pipeline files by the name used in spans; only these are quoted.
  package init(sources: [String: [UInt8]] = [:], usesColor: Bool = false, width: Int = 100) {
    lines = sources.mapValues(Self.lines)
    self.usesColor = usesColor
    self.width = max(20, width)
  }

  /// All of `diagnostics` in source order, each block ending in a line feed.
  ///
  /// - Parameters:
  ///   - inFull: how many get an excerpt.
  ///   - lineLimit: lines to stay below; what does not fit is counted.
  package func text(_ diagnostics: [Diagnostic], inFull: Int = 3, lineLimit: Int? = nil) -> String {
    var out = ""
    var lineCount = 0
    let ordered = Diagnostic.inSourceOrder(diagnostics)
    for (index, diagnostic) in ordered.enumerated() {
      let left = ordered.count - index
      var block = index < inFull ? full(diagnostic) : headline(diagnostic)
      if let lineLimit {
        let room = lineLimit - lineCount - (left > 1 ? 1 : 0)
        if Self.lineCount(block) > room { block = headline(diagnostic) }
        if Self.lineCount(block) > room { return out + "and \(left) more (--all-errors)\n" }
      }
      lineCount += Self.lineCount(block)
      out += block
    }
    return out
  }

  /// One diagnostic with excerpt, related places and fix.
  package func full(_ diagnostic: Diagnostic) -> String {
    var out = headline(diagnostic)
    if let span = diagnostic.span, let line = line(span) {
      let number = String(span.line)
      let margin = max(5, number.count)
      let excerpt = SourceExcerpt(
        String(decoding: line, as: UTF8.self).unicodeScalars, column: span.column,
        length: span.length, width: width)
      out += "\(pad(number, margin)) | \(excerpt.line)\n"
      out += "\(pad("", margin)) | \(paint(excerpt.marks, color(diagnostic.severity)))\n"
    }
    for related in diagnostic.related {
      out += "  \(paint("note", "36")): \(place(related.span)): \(safe(related.message))\n"
    }
    if let fix = diagnostic.fix { out += "  \(paint("fix", "32")): \(safe(fix))\n" }
    return out
  }

  /// `file:line:column: error[code]: message`
  package func headline(_ diagnostic: Diagnostic) -> String {
    let start = diagnostic.span.map { paint(place($0) + ":", "1") + " " } ?? ""
    let label = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
    return "\(start)\(paint(label, color(diagnostic.severity))): \(safe(diagnostic.message))\n"
  }

  // MARK: - Private

  private func place(_ span: SourceSpan) -> String {
    "\(SafeText.escaped(span.file, limit: 1024)):\(span.line):\(span.column)"
  }

  private func safe(_ text: String) -> String { SafeText.escaped(text, limit: 600) }

  private func color(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "36"
    }
  }

  private func paint(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func line(_ span: SourceSpan) -> [UInt8]? {
    guard let all = lines[span.file], span.line >= 1, span.line <= all.count else { return nil }
    return all[span.line - 1]
  }

  /// Lines end at LF, CR LF or a bare CR, as in YAML. A byte order mark is not shown.
  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var at = start
    while at < bytes.count {
      if bytes[at] == 0x0A || bytes[at] == 0x0D {
        lines.append(Array(bytes[start..<at]))
        if bytes[at] == 0x0D, at + 1 < bytes.count, bytes[at + 1] == 0x0A { at += 1 }
        start = at + 1
      }
      at += 1
    }
    lines.append(Array(bytes[start...]))
    return lines
  }

  private static func lineCount(_ text: String) -> Int { text.utf8.count { $0 == 0x0A } }
}

extension Diagnostic {
  /// By file, line and column; those without a place come last, in the order they were found.
  package static func inSourceOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated().sorted { a, b in
      guard let left = a.element.span, let right = b.element.span else {
        if a.element.span == nil, b.element.span == nil { return a.offset < b.offset }
        return a.element.span != nil
      }
      return (left.file, left.line, left.column, a.offset)
        < (right.file, right.line, right.column, b.offset)
    }.map(\.element)
  }
}
