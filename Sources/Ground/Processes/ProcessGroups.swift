private import Foundation
private import Glibc

/// Processes that a dead engine left behind.
package enum ProcessGroups {
  /// Kills the group that `leader` led, when the leader still is that very process, and returns
  /// once it is gone.
  package static func kill(leader: ProcessIdentity) {
    guard leader.isAlive else { return }
    Glibc.kill(-leader.pid, SIGKILL)
    waitUntil { !leader.isAlive }
  }

  /// Kills every process whose environment holds `marker` (`KEY=value`), except this one, and
  /// returns once they are gone: finds what left its group. Reads /proc; other users' processes
  /// cannot be seen and are not ours.
  package static func killAll(marked marker: String) {
    // One that is ending shows no environment any more and still holds its files.
    var killed: Set<ProcessIdentity> = []
    waitUntil {
      let found = pids(marked: marker)
      killed.formUnion(found.compactMap(ProcessIdentity.init(of:)))
      for pid in found { Glibc.kill(pid, SIGKILL) }
      return found.isEmpty && !killed.contains(where: \.isAlive)
    }
  }

  package static func pids(marked marker: String) -> [Int32] {
    let wanted = Data(marker.utf8) + Data([0])
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap(Int32.init).filter { pid in
      guard pid != getpid(), let file = fopen("/proc/\(pid)/environ", "r") else { return false }
      defer { fclose(file) }
      var bytes = Data()
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = fread(&piece, 1, piece.count, file)
        if count == 0 { break }
        bytes.append(contentsOf: piece[0..<count])
      }
      return bytes.range(of: wanted) != nil
    }
  }

  /// Asks every 2 ms, for at most 5 s.
  private static func waitUntil(_ condition: () -> Bool) {
    for _ in 0..<2500 {
      if condition() { return }
      usleep(2000)
    }
  }
}
