private import Foundation
private import Glibc

/// Who a process is, safe against reuse of its number: boot id, pid and start time.
package struct ProcessIdentity: Sendable, Hashable, Codable {
  package var bootID: String
  package var pid: Int32
  /// Clock ticks since boot at which the process started (field 22 of /proc/PID/stat).
  package var startTicks: UInt64

  package init(bootID: String, pid: Int32, startTicks: UInt64) {
    self.bootID = bootID
    self.pid = pid
    self.startTicks = startTicks
  }

  /// A process that runs; nil when there is none of this number.
  package init?(of pid: Int32) {
    guard let ticks = Self.startTicks(of: pid) else { return nil }
    self.init(bootID: HostIdentity.bootID, pid: pid, startTicks: ticks)
  }

  /// The process that calls.
  package static var current: ProcessIdentity {
    let pid = getpid()
    return ProcessIdentity(
      bootID: HostIdentity.bootID, pid: pid, startTicks: startTicks(of: pid) ?? 0)
  }

  /// Whether this very process still runs on this boot.
  package var isAlive: Bool {
    isOfThisBoot && Self.startTicks(of: pid) == startTicks
  }

  /// Whether it was started on this host since its last start, so that its number means something
  /// here.
  package var isOfThisBoot: Bool { bootID == HostIdentity.bootID }

  private static func startTicks(of pid: Int32) -> UInt64? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let close = text.lastIndex(of: ")")
    else { return nil }
    // After the name: state is field 3, start time field 22. A zombie no longer runs.
    let fields = text[text.index(after: close)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z" else { return nil }
    return UInt64(fields[19])
  }
}
