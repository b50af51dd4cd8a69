private import Foundation

/// What the operating system says of memory, in bytes.
package enum MachineMemory {
  /// Physical memory of this process now: anonymous and touched pages of files.
  package static var resident: Int { field("VmRSS:", of: "/proc/self/status") ?? 0 }

  /// The most it ever was.
  package static var residentPeak: Int { field("VmHWM:", of: "/proc/self/status") ?? 0 }

  /// What this process may come to hold: what is free or can be freed, what it holds already, and
  /// no more than its control group allows. nil: not known.
  package static var limit: Int? {
    guard let available = field("MemAvailable:", of: "/proc/meminfo") else { return nil }
    return min(available + resident, groupLimit ?? .max)
  }

  /// Of a control group, version 2 or 1.
  private static var groupLimit: Int? {
    ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].lazy
      .compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
      .compactMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
      .first
  }

  private static func field(_ name: String, of path: String) -> Int? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      let words = line.split(whereSeparator: \.isWhitespace)
      return words.count > 1 ? Int(words[1]).map { $0 * 1024 } : nil
    }
    return nil
  }
}
