internal import Diagnostics

extension [Diagnostic] {
  /// Each once: instances of a matrix share their text, and so their mistakes.
  var uniqued: [Diagnostic] {
    var found: [Diagnostic] = []
    for diagnostic in self where !found.suffix(256).contains(diagnostic) {
      found.append(diagnostic)
    }
    return found
  }
}
