import Foundation
import Glibc

/// The two standard streams, unbuffered.
struct Console {
  let descriptor: Int32

  static let output = Console(descriptor: 1)
  static let errors = Console(descriptor: 2)

  /// Writes all of `text`; a reader that has gone away is no reason to stop the work.
  func write(_ text: String) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count > 0 { done += count } else if count == 0 || errno != EINTR { return }
    }
  }

  func line(_ text: String) { write(text + "\n") }

  var isTerminal: Bool { isatty(descriptor) == 1 && Self.variable("TERM") != "dumb" }

  /// no-color.org and bixense.com/clicolors.
  var usesColor: Bool {
    if let value = Self.variable("NO_COLOR"), !value.isEmpty { return false }
    if let value = Self.variable("CLICOLOR_FORCE"), value != "0", !value.isEmpty { return true }
    return isTerminal
  }

  /// Cells of a line; 80 when nobody knows.
  var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
}
