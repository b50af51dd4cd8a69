private import Foundation
private import Glibc

/// What this machine has, as far as this process may use it.
package enum Machine {
  package static var threads: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Of the machine, or of the tightest control group this process is in; nil when nobody says.
  package static var memoryBytes: Int? {
    let limits = [physicalMemory, groupLimit(unified: true), groupLimit(unified: false)]
    return limits.compactMap(\.self).min()
  }

  /// Devices that may be used: CUDA_VISIBLE_DEVICES when it is set, else all that the driver shows.
  package static var gpus: [String] {
    if let visible = ProcessInfo.processInfo.environment["CUDA_VISIBLE_DEVICES"] {
      let names = visible.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      // The list ends at the first name that is no device, as the driver reads it.
      return Array(names.prefix { !$0.isEmpty && $0 != "-1" && $0 != "NoDevFiles" })
    }
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/dev")) ?? []
    let numbers = entries.compactMap { name in
      name.hasPrefix("nvidia") ? Int(name.dropFirst("nvidia".count)) : nil
    }
    return numbers.sorted().indices.map(String.init)
  }

  /// Processes that the kernel has killed for want of memory since it started; nil when it does not
  /// say. A rise between two looks means that one was killed in between.
  package static var outOfMemoryKills: Int? {
    for line in lines("/proc/vmstat") where line.hasPrefix("oom_kill ") {
      return Int(line.dropFirst("oom_kill ".count))
    }
    return nil
  }

  private static var physicalMemory: Int? {
    for line in lines("/proc/meminfo") where line.hasPrefix("MemTotal:") {
      let number = line.dropFirst("MemTotal:".count).split(separator: " ").first
      return number.flatMap { Int($0) }.map { $0 << 10 }
    }
    return nil
  }

  /// The least limit of the control group and of those above it.
  private static func groupLimit(unified: Bool) -> Int? {
    var least: Int?
    for line in lines("/proc/self/cgroup") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, unified ? fields[0] == "0" : fields[1].contains("memory") else {
        continue
      }
      var path = String(fields[2])
      while true {
        let folder = (unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory") + path
        let file = folder + (unified ? "/memory.max" : "/memory.limit_in_bytes")
        // `max`, or a number near 2^63, is no limit.
        if let bytes = lines(file).first.flatMap({ Int($0) }), bytes < 1 << 60 {
          least = min(least ?? bytes, bytes)
        }
        guard path.count > 1, let slash = path.lastIndex(of: "/") else { break }
        path = String(path[..<slash])
        if path.isEmpty { path = "/" }
      }
    }
    return least
  }

  private static func lines(_ path: String) -> [Substring] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n")
  }
}

/// Tells whether the kernel killed processes for want of memory in the last seconds. The count is
/// the machine's: it is read every few seconds while attempts run, not for each of them.
struct MemoryKills {
  private static let secondsMin = 5.0
  /// The newest reading, and the one before it: a kill may be seen only after the newest.
  private var counts: (before: Int?, newest: Int?)
  private var read = ContinuousClock.now

  init() {
    let count = Machine.outOfMemoryKills
    counts = (count, count)
  }

  mutating func refreshIfDue() {
    let now = ContinuousClock.now
    guard now - read >= .seconds(Self.secondsMin) else { return }
    read = now
    counts = (counts.newest, Machine.outOfMemoryKills)
  }

  /// Whether one was killed in the last seconds; nil when the kernel does not say.
  var sawOne: Bool? {
    guard let before = counts.before, let now = Machine.outOfMemoryKills else { return nil }
    return now > before
  }
}
