private import CSandbox
internal import Diagnostics
private import Glibc

/// A place for programs that nobody trusts: no network, no files but what it is given to read, no
/// sight of other processes, nothing left when it ends. `docs/sandbox.md` says what holds and what
/// does not.
///
/// ```swift
/// let sandbox = try Sandbox.find()
/// let child = try sandbox.start(
///   "/usr/bin/python3", ["python3", "-c", text], environment: Sandbox.environment,
///   descriptors: [nil, nil, nil], limits: SandboxLimits(processorSeconds: 3))
/// ```
package struct Sandbox: Sendable {
  package let strength: SandboxStrength
  private let walls: SandboxWalls

  /// Limits and a process group of its own, and nothing else: for `unsafe_exec: true`.
  package static let unsafe = Sandbox(
    strength: SandboxStrength(namespaces: false, landlockABI: 0, seccomp: false), walls: [])

  /// All that a program in the sandbox sees of our environment.
  package static let environment = [
    "HOME=/tmp", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin", "TMPDIR=/tmp",
  ]

  /// The strongest sandbox that can be made here, found by making one.
  ///
  /// - Parameter walls: those that may be used.
  /// - Throws: ``Failure`` of class `permission` that names what is missing and how to allow it.
  package static func find(walls allowed: SandboxWalls = .all) throws -> Sandbox {
    var reasons: [String] = []
    let hasFilter = allowed.contains(.seccomp) && orc_sandbox_has_seccomp() == 1
    if !hasFilter { reasons.append("the kernel filters no system calls (seccomp)") }
    let abi = allowed.contains(.landlock) ? Int(orc_sandbox_landlock_abi()) : 0
    for walls in candidates(allowed, landlockABI: abi, reasons: &reasons) where hasFilter {
      let strength = SandboxStrength(
        namespaces: walls.contains(.namespaces),
        landlockABI: walls.contains(.landlock) ? abi : 0, seccomp: true)
      let sandbox = Sandbox(strength: strength, walls: walls)
      guard let problem = sandbox.trial() else { return sandbox }
      let name = walls.contains(.namespaces) ? "namespaces" : "Landlock"
      reasons.append("\(name): cannot \(problem)")
    }
    throw unavailable(reasons)
  }

  /// What to try, the strongest first.
  private static func candidates(
    _ allowed: SandboxWalls, landlockABI abi: Int, reasons: inout [String]
  ) -> [SandboxWalls] {
    var found: [SandboxWalls] = []
    if !allowed.contains(.namespaces) {
      reasons.append("namespaces: not allowed by the caller")
    } else if geteuid() == 0, orc_sandbox_is_privileged() == 0 {
      // The number of root's processes cannot be limited.
      reasons.append("namespaces: root lacks CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID or CAP_SETPCAP")
    } else {
      found.append(abi > 0 ? [.namespaces, .landlock, .seccomp] : [.namespaces, .seccomp])
    }
    if abi >= SandboxStrength.landlockABIMin {
      found.append([.landlock, .seccomp])
    } else {
      let has = abi == 0 ? "none" : "ABI \(abi)"
      reasons.append(
        "Landlock: ABI \(SandboxStrength.landlockABIMin) (Linux 6.2) is needed, there is \(has)")
    }
    return found
  }

  private static func unavailable(_ reasons: [String]) -> Failure {
    Diagnostic(
      "sandbox.unavailable",
      "code written by a model is not run here, since no sandbox can be made: "
        + reasons.joined(separator: "; "),
      fix: "allow user namespaces (sysctl user.max_user_namespaces=10000, and "
        + "kernel.apparmor_restrict_unprivileged_userns=0 where it exists; in a container "
        + "--cap-add SYS_ADMIN --security-opt seccomp=unconfined), or boot a kernel with Landlock "
        + "(lsm=landlock,…); 'unsafe_exec: true' runs the code without walls"
    ).failure(.permission)
  }

  /// Starts a program. Kill it with ``ChildProcess/killGroup()`` before it is collected: all that it
  /// started ends with it.
  ///
  /// - Parameters:
  ///   - executable: its path; what lies below `/usr`, `/bin` and `/lib` can be read, anything else
  ///     must be in `readable`.
  ///   - arguments: all of them, the name first.
  ///   - descriptors: what become 0, 1, 2, …; nil is /dev/null. At most 16.
  ///   - readable: absolute paths of more folders and files that it may read.
  ///   - slot: 0 to 7, another one for each program that the calling thread has running.
  /// - Throws: ``Failure`` of class `io`.
  package func start(
    _ executable: String, _ arguments: [String], environment: [String], descriptors: [Int32?],
    readable: [String] = [], limits: SandboxLimits, slot: Int = 0
  ) throws -> ChildProcess {
    let problem = launch(
      executable, arguments, environment, descriptors, readable, limits, slot)
    switch problem {
    case .success(let child): return child
    case .failure(let problem):
      throw Diagnostic(
        "sandbox.start", "cannot start '\(SafeText.escaped(executable))': cannot \(problem)",
        fix: problem.step == "execute the program"
          ? "the program and its folder must be readable by every user" : nil
      ).failure(.io)
    }
  }

  /// Why the walls cannot be set up; nil when they can.
  private func trial() -> Problem? {
    let limits = SandboxLimits(processorSeconds: 1)
    switch launch(nil, [], [], [nil, nil, nil], [], limits, 0) {
    case .failure(let problem): return problem
    case .success(let child):
      // It ends by itself at once.
      while true {
        switch child.reap() {
        case .exited(0): return nil
        case .some: return Problem(step: "set up the walls", number: ECANCELED)
        case nil: usleep(200)
        }
      }
    }
  }

  private struct Problem: Error, CustomStringConvertible {
    let step: String
    let number: Int32
    var description: String { "\(step): \(String(cString: strerror(number)).lowercased())" }
  }

  private func launch(
    _ executable: String?, _ arguments: [String], _ environment: [String],
    _ descriptors: [Int32?], _ readable: [String], _ limits: SandboxLimits, _ slot: Int
  ) -> Result<ChildProcess, Problem> {
    let path = executable.map { strdup($0) }
    let lists = [arguments, environment, Self.systemFolders + Self.parentsFirst(readable)]
      .map { $0.map { strdup($0) } + [nil] }
    defer { for pointer in lists.joined() + [path ?? nil] { free(pointer) } }
    let numbers = descriptors.map { $0 ?? -1 }
    var pid: Int32 = 0
    var failure = orc_sandbox_failure()
    let status = lists[0].withUnsafeBufferPointer { argv in
      lists[1].withUnsafeBufferPointer { envp in
        lists[2].map { UnsafePointer($0) }.withUnsafeBufferPointer { folders in
          numbers.withUnsafeBufferPointer { numbers in
            var what = orc_sandbox()
            what.path = UnsafePointer(path ?? nil)
            what.argv = argv.baseAddress
            what.envp = envp.baseAddress
            what.readable = folders.baseAddress
            what.descriptors = numbers.baseAddress
            what.descriptor_count = Int32(numbers.count)
            what.walls = walls.rawValue
            what.slot = UInt32(slot)
            Self.set(limits, &what)
            return orc_sandbox_start(&what, &pid, &failure)
          }
        }
      }
    }
    if status == 0 { return .success(ChildProcess(pid: pid)) }
    let step = failure.step.map { String(cString: $0) } ?? "start"
    return .failure(Problem(step: step, number: failure.number))
  }

  private static func set(_ limits: SandboxLimits, _ what: inout orc_sandbox) {
    what.cpu_seconds = UInt64(limits.processorSeconds)
    what.memory_bytes = UInt64(limits.memoryMiB) << 20
    what.file_bytes = UInt64(limits.fileMiB) << 20
    what.processes = UInt64(limits.processes)
    what.open_files = UInt64(limits.openFiles)
    what.folder_bytes = UInt64(limits.folderMiB) << 20
    what.folder_files = UInt64(limits.folderFiles)
  }

  /// Programs and libraries, and the little of /etc that they need.
  private static let systemFolders = [
    "/bin", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/lib", "/lib32", "/lib64",
    "/libx32", "/nix/store", "/sbin", "/usr",
  ]

  /// Without what is there already, and each folder before what lies in it.
  private static func parentsFirst(_ paths: [String]) -> [String] {
    var kept: [String] = []
    for path in Set(paths).sorted() where path.hasPrefix("/") && path != "/" {
      let isInside = (systemFolders + kept).contains { path == $0 || path.hasPrefix($0 + "/") }
      if !isInside { kept.append(path) }
    }
    return kept
  }
}
