import Diagnostics
import Foundation
import Processes
import TestSupport
import Testing

@Suite struct SandboxTests {
  /// Combinations of walls that can be had here.
  static let sandboxes: [Sandbox] = [
    SandboxWalls.all, [.namespaces, .seccomp], [.landlock, .seccomp],
  ].compactMap { try? Sandbox.find(walls: $0) }

  /// What a shell command prints in a sandbox, and how it ends.
  static func run(
    _ command: String, in sandbox: Sandbox, seconds: Double = 20, outputBytesMax: Int = 1 << 20,
    readable: [String] = []
  ) throws -> (LimitedCommand.End, String) {
    let result = try LimitedCommand(
      ["sh", "-c", command], seconds: seconds, memoryMiB: 1024, outputBytesMax: outputBytesMax,
      sandbox: sandbox, readable: readable
    ).run(input: Array("in\n".utf8))
    return (result.end, String(decoding: result.output, as: UTF8.self))
  }

  @Test("strength is told in words, and says whether it is enough")
  func strength() {
    let cases: [(SandboxStrength, String, Bool)] = [
      (
        .init(namespaces: true, landlockABI: 7, seccomp: true),
        "namespaces, Landlock ABI 7, seccomp, limits", true
      ),
      (.init(namespaces: true, landlockABI: 0, seccomp: true), "namespaces, seccomp, limits", true),
      (
        .init(namespaces: false, landlockABI: 3, seccomp: true), "Landlock ABI 3, seccomp, limits",
        true
      ),
      (
        .init(namespaces: false, landlockABI: 2, seccomp: true),
        "Landlock ABI 2, seccomp, limits: no sandbox", false
      ),
      (
        .init(namespaces: true, landlockABI: 7, seccomp: false),
        "namespaces, Landlock ABI 7, limits: no sandbox", false
      ),
      (Sandbox.unsafe.strength, "limits only: no sandbox", false),
    ]
    for (strength, text, isSandbox) in cases {
      #expect(strength.description == text)
      #expect(strength.isSandbox == isSandbox)
    }
  }

  @Test("without walls nothing runs, and the message says what is missing and what to do")
  func refused() throws {
    do {
      _ = try Sandbox.find(walls: [])
      Issue.record("a sandbox of no walls")
    } catch let failure as Failure {
      #expect(failure.failureClass == .permission)
      let diagnostic = failure.diagnostics[0]
      #expect(diagnostic.code == "sandbox.unavailable")
      #expect(
        diagnostic.message == "code written by a model is not run here, since no sandbox can be "
          + "made: the kernel filters no system calls (seccomp); namespaces: not allowed by the "
          + "caller; Landlock: ABI 3 (Linux 6.2) is needed, there is none")
      #expect(diagnostic.fix?.hasSuffix("'unsafe_exec: true' runs the code without walls") == true)
    }
    #expect(throws: Failure.self) { try Sandbox.find(walls: [.namespaces, .landlock]) }
    #expect(throws: Failure.self) { try Sandbox.find(walls: [.seccomp]) }
  }

  @Test("a command gets its input, a clean environment, and no other descriptor")
  func plain() throws {
    setenv("ORCHESTRATE_TEST_SECRET", "s3cr3t", 1)
    for sandbox in Self.sandboxes {
      let (end, output) = try Self.run("read x; echo got $x; export -p", in: sandbox)
      #expect(end == .exit(.exited(0)) && output.hasPrefix("got in\n"), "\(sandbox.strength)")
      #expect(!output.contains("s3cr3t"))
      // 3 and above are closed: a redirection from them fails.
      let file = open("/etc/hostname", O_RDONLY)
      defer { close(file) }
      let (closed, _) = try Self.run(
        "for n in 3 4 5 6 7 8 9; do (: <&$n) && exit 1; done; exit 0",
        in: sandbox)
      if sandbox.strength.namespaces { #expect(closed == .exit(.exited(0))) }
    }
  }

  @Test("files outside are neither read nor written, given folders are read")
  func files() throws {
    let folder = try TemporaryFolder()
    let secret = try folder.write("secret", "s3cr3t\n")
    chmod(folder.path, 0o755)
    for sandbox in Self.sandboxes {
      #expect(try Self.run("read x < \(secret)", in: sandbox).0 != .exit(.exited(0)))
      #expect(try Self.run(": > \(folder.path)/new", in: sandbox).0 != .exit(.exited(0)))
      #expect(access(folder.path + "/new", F_OK) != 0)
      let given = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path
      let script = "read x < \(given)/secret; echo $x; : > \(given)/new"
      let (end, output) = try Self.run(script, in: sandbox, readable: [given])
      #expect(output == "s3cr3t\n" && end != .exit(.exited(0)), "\(sandbox.strength)")
    }
  }

  @Test("a working folder is there with namespaces, and is empty each time")
  func folder() throws {
    for sandbox in Self.sandboxes where sandbox.strength.namespaces {
      for _ in 0..<2 {
        let (end, output) = try Self.run("pwd; echo *; echo x > a; cat a", in: sandbox)
        #expect(end == .exit(.exited(0)) && output == "/tmp\n*\nx\n")
      }
    }
  }

  @Test("time and output are bounded, and what a command left behind is gone")
  func ends() throws {
    for sandbox in Self.sandboxes {
      let mark = String(UInt32.random(in: 10_000_000...99_999_999))
      #expect(try Self.run("exec sleep 9\(mark)", in: sandbox, seconds: 0.3).0 == .timedOut)
      #expect(
        try Self.run("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done", in: sandbox).0
          == .tooMuchOutput)
      if sandbox.strength.namespaces {
        let (end, _) = try Self.run(
          "for i in 1 2 3; do setsid setsid sleep 9\(mark) & done; sleep 0.2", in: sandbox)
        #expect(end == .exit(.exited(0)))
      }
      #expect(Self.processes(mark) == 0)
    }
  }

  private static func processes(_ mark: String) -> Int {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.filter { Int32($0) != nil }.count { pid in
      let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline"))) ?? Data()
      return line.range(of: Data(mark.utf8)) != nil
    }
  }

  @Test("a program that is not there is a failure that names it")
  func missing() throws {
    for sandbox in Self.sandboxes {
      do {
        _ = try sandbox.start(
          "/none/x", ["x"], environment: [], descriptors: [nil, nil, nil],
          limits: SandboxLimits(processorSeconds: 1))
        Issue.record("it started")
      } catch let failure as Failure {
        #expect(
          failure.diagnostics[0].message
            == "cannot start '/none/x': cannot execute the program: no such file or directory")
      }
    }
  }

  @Test("the caller keeps its own rights: it can be traced and dump core as before")
  func caller() throws {
    let before = prctlDumpable()
    for sandbox in Self.sandboxes { _ = try Self.run("exit 0", in: sandbox) }
    #expect(prctlDumpable() == before)
  }

  /// A process that is not dumpable cannot read its own environment file unless it is root; the
  /// owner of /proc/self tells the same for everybody.
  private func prctlDumpable() -> uid_t {
    var info = stat()
    stat("/proc/self/environ", &info)
    return info.st_uid
  }
}
