import Diagnostics
import Foundation
import Reproducibility

/// Shows a failure where people and programs look for it.
enum FailureOutput {
  /// Writes every diagnostic to standard error, with excerpts of pipeline files, and returns the
  /// exit status.
  static func show(_ failure: Failure) -> Int32 {
    Console.errors.write(text(failure.diagnostics))
    return failure.failureClass.rawValue
  }

  static func text(_ diagnostics: [Diagnostic]) -> String {
    var sources: [String: [UInt8]] = [:]
    for diagnostic in diagnostics {
      guard let file = diagnostic.span?.file, isPipeline(file), sources[file] == nil else {
        continue
      }
      sources[file] = try? DurableFile.read(file)
    }
    let renderer = DiagnosticRenderer(
      sources: sources, usesColor: Console.errors.usesColor,
      width: Console.errors.isTerminal ? Console.errors.width : 100)
    return renderer.text(diagnostics)
  }

  /// Only pipeline files are quoted; files of data may hold what nobody should read in a log.
  private static func isPipeline(_ file: String) -> Bool {
    file.hasSuffix(".yaml") || file.hasSuffix(".yml")
  }
}
