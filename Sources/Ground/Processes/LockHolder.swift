private import Diagnostics
private import Foundation

/// Who holds a lock, as it stands in the lock's file for others to read.
package struct LockHolder: Sendable, Hashable, Codable {
  package var process: ProcessIdentity
  package var host: String
  /// As it was typed.
  package var command: String
  /// Seconds since 1970 by the holder's clock; for people, nothing is decided by it.
  package var since: Double

  package init(process: ProcessIdentity, host: String, command: String, since: Double) {
    self.process = process
    self.host = host
    self.command = command
    self.since = since
  }

  /// This process, from now on.
  package static var current: LockHolder {
    let words = ["orchestrate"] + CommandLine.arguments.dropFirst()
    return LockHolder(
      process: .current, host: HostIdentity.name, command: words.joined(separator: " "),
      since: Date().timeIntervalSince1970)
  }

  /// `process 4242 on host 'ci-7' since 2026-11-27 20:59:24 UTC ('orchestrate run')`
  package var text: String {
    let here = process.isOfThisBoot ? "" : " on host '\(SafeText.escaped(host, limit: 80))'"
    return "process \(process.pid)\(here) since \(Self.time(since)) "
      + "('\(SafeText.escaped(command, limit: 160))')"
  }

  package var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return ((try? encoder.encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")]
  }

  package init?(bytes: [UInt8]) {
    guard let holder = try? JSONDecoder().decode(LockHolder.self, from: Data(bytes)) else {
      return nil
    }
    self = holder
  }

  private static func time(_ seconds: Double) -> String {
    // Far from any date a clock shows.
    guard seconds.isFinite, abs(seconds) < 1e11 else { return "an unknown time" }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyy-MM-dd HH:mm:ss 'UTC'"
    return formatter.string(from: Date(timeIntervalSince1970: seconds))
  }
}
