import Diagnostics
import Foundation
import Processes
import TestSupport
import Testing

@Suite struct ChildProcessTests {
  static func shell(_ command: String, output: Int32 = 2) throws -> ChildProcess {
    try ChildProcess.spawn(
      "/bin/sh", ["sh", "-c", command],
      environment: ["PATH=/usr/bin:/bin", "MARK=\(command.count)"],
      output: output, errors: 2)
  }

  static func wait(_ child: ChildProcess) throws -> ChildProcess.Exit {
    for _ in 0..<5000 {
      if let exit = child.reap() { return exit }
      usleep(2000)
    }
    throw Diagnostic("test.hang", "the child did not end in 10 s").failure(.internal)
  }

  @Test(
    "exit statuses and signals are told apart",
    arguments: [
      ("exit 0", ChildProcess.Exit.exited(0)), ("exit 7", .exited(7)),
      ("kill -9 $$", .signalled(9)), ("kill -15 $$", .signalled(15)),
    ])
  func exits(command: String, expected: ChildProcess.Exit) throws {
    #expect(try Self.wait(Self.shell(command)) == expected)
  }

  @Test("a child leads its own group, and killing the group takes its children too")
  func group() throws {
    let child = try Self.shell("sleep 100 & sleep 100 & wait")
    #expect(getpgid(child.pid) == child.pid)
    #expect(child.reap() == nil)
    for _ in 0..<1000 where Self.living(group: child.pid) < 3 { usleep(2000) }
    #expect(Self.living(group: child.pid) == 3)
    child.killGroup()
    #expect(try Self.wait(child) == .signalled(9))
    for _ in 0..<1000 where Self.living(group: child.pid) > 0 { usleep(2000) }
    #expect(Self.living(group: child.pid) == 0)
  }

  /// Processes of a group that are no zombies.
  static func living(group: Int32) -> Int {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.filter { Int($0) != nil }.count { pid in
      let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
      guard let close = text.lastIndex(of: ")") else { return false }
      let fields = text[text.index(after: close)...].split(separator: " ")
      return fields.count > 2 && fields[0] != "Z" && fields[2] == String(group)
    }
  }

  @Test("a program that is not there is a failure")
  func missing() throws {
    #expect(throws: Failure.self) {
      _ = try ChildProcess.spawn("/none/x", ["x"], environment: [], output: 2, errors: 2)
    }
  }

  @Test("output and environment arrive")
  func output() throws {
    let pipe = try #require(Pipe.make())
    defer { close(pipe.read) }
    let child = try Self.shell("echo $MARK", output: pipe.write)
    close(pipe.write)
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = read(pipe.read, &bytes, 16)
    #expect(String(decoding: bytes[0..<max(0, count)], as: UTF8.self) == "10\n")
    #expect(try Self.wait(child) == .exited(0))
  }

  @Test("an identity is alive while the process runs and not after, even if the number returns")
  func identity() throws {
    let child = try Self.shell("sleep 100")
    let identity = try #require(ProcessIdentity(of: child.pid))
    #expect(identity.isAlive)
    var other = identity
    other.startTicks += 1
    #expect(!other.isAlive)
    other = identity
    other.bootID = "another boot"
    #expect(!other.isAlive)
    child.killGroup()
    _ = try Self.wait(child)
    #expect(!identity.isAlive)
    #expect(ProcessIdentity.current.isAlive)
  }

  @Test("leftovers are found by a mark in their environment and killed")
  func leftovers() throws {
    let mark = "LEFTOVER=\(UUID().uuidString)"
    let child = try ChildProcess.spawn(
      "/bin/sh", ["sh", "-c", "sleep 100"], environment: ["PATH=/usr/bin:/bin", mark], output: 2,
      errors: 2)
    let collector = Thread {
      while child.reap() == nil { usleep(2000) }
    }
    collector.start()
    let identity = try #require(ProcessIdentity(of: child.pid))
    // Right after the spawn the system may not show the environment yet.
    let deadline = ContinuousClock.now + .seconds(10)
    while !ProcessGroups.pids(marked: mark).contains(child.pid), ContinuousClock.now < deadline {
      usleep(1000)
    }
    ProcessGroups.killAll(marked: mark)
    #expect(!identity.isAlive)
  }
}
