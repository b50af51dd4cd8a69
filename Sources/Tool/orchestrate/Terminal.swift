import Diagnostics
import Foundation
import Planning

/// Text on its way to the user.
enum Terminal {
  /// A failure on standard error with excerpts of pipeline files; as JSON on standard output too
  /// where `--json` was asked for.
  static func show(_ failure: Failure) {
    let arguments = CommandLine.arguments
    if arguments.contains("--json") { print(failure.json) }
    let all = arguments.contains("--all-errors")
    // Errors of syntax are about one file and one cause; a dozen lines are enough.
    let isSyntax = failure.diagnostics.allSatisfy { !$0.code.hasPrefix("spec.") }
    show(failure.diagnostics, inFull: all ? .max : 3, lineLimit: all || !isSyntax ? nil : 12)
  }

  static func show(_ diagnostics: [Diagnostic], inFull: Int = 3, lineLimit: Int? = nil) {
    Console.errors.write(text(diagnostics, inFull: inFull, lineLimit: lineLimit))
  }

  /// The diagnostics as text, each block ending in a line feed.
  static func text(_ diagnostics: [Diagnostic], inFull: Int = 3, lineLimit: Int? = nil) -> String {
    let renderer = DiagnosticRenderer(
      sources: sources(diagnostics), usesColor: Console.errors.usesColor,
      width: Console.errors.isTerminal ? Console.errors.width : 100)
    return renderer.text(diagnostics, inFull: inFull, lineLimit: lineLimit)
  }

  /// The pipeline files that spans name. Data files are never quoted.
  private static func sources(_ diagnostics: [Diagnostic]) -> [String: [UInt8]] {
    var sources: [String: [UInt8]] = [:]
    for file in Set(diagnostics.compactMap { $0.span?.file })
    where file.hasSuffix(".yaml") || file.hasSuffix(".yml") {
      sources[file] = try? HostFile.bytes(file, limit: 8 << 20)
    }
    return sources
  }
}
