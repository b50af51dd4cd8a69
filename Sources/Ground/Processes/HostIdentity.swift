private import Foundation
private import Glibc

/// The machine this process runs on, as others that share a folder with it see it.
package enum HostIdentity {
  /// Its name; `ORCHESTRATE_HOST` overrides it where machines have the same one.
  package static let name: String = {
    if let given { return given }
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    return String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  /// Drawn by the kernel when the machine started. A name of its own makes it another machine.
  package static let bootID: String = {
    let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    let drawn = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    return given.map { "\(drawn)@\($0)" } ?? drawn
  }()

  private static let given: String? = {
    let value = ProcessInfo.processInfo.environment["ORCHESTRATE_HOST"] ?? ""
    return value.isEmpty ? nil : value
  }()
}
