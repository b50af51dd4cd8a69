/// Which walls stand around a program that nobody trusts. Reports carry it beside the results.
package struct SandboxStrength: Sendable, Hashable, Codable {
  /// Namespaces of processes, mounts, network, IPC, host name and cgroups, with a private root.
  package var namespaces: Bool
  /// The kernel's Landlock ABI, 0 when Landlock is not used.
  package var landlockABI: Int
  /// The filter of system calls.
  package var seccomp: Bool
  /// Limits of time, memory, file size and descriptors.
  package var limits: Bool

  package init(namespaces: Bool, landlockABI: Int, seccomp: Bool, limits: Bool = true) {
    self.namespaces = namespaces
    self.landlockABI = landlockABI
    self.seccomp = seccomp
    self.limits = limits
  }

  /// The oldest Landlock that holds without namespaces: the first that guards truncation.
  package static let landlockABIMin = 3

  /// Whether code written by a model may run: the filter, and one of the other two.
  package var isSandbox: Bool {
    seccomp && (namespaces || landlockABI >= Self.landlockABIMin)
  }
}

extension SandboxStrength: CustomStringConvertible {
  /// `namespaces, Landlock ABI 7, seccomp, limits`, or `limits only: no sandbox`.
  package var description: String {
    let walls = [
      namespaces ? "namespaces" : nil, landlockABI > 0 ? "Landlock ABI \(landlockABI)" : nil,
      seccomp ? "seccomp" : nil, limits ? "limits" : nil,
    ].compactMap(\.self)
    if isSandbox { return walls.joined(separator: ", ") }
    return (walls == ["limits"] ? "limits only" : walls.joined(separator: ", ")) + ": no sandbox"
  }
}

/// Walls that may be used; all of them unless a test takes one away.
package struct SandboxWalls: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let namespaces = SandboxWalls(rawValue: 1)
  package static let landlock = SandboxWalls(rawValue: 2)
  package static let seccomp = SandboxWalls(rawValue: 4)
  package static let all: SandboxWalls = [.namespaces, .landlock, .seccomp]
}
