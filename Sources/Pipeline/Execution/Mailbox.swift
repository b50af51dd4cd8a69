package import Artifacts
private import Diagnostics
private import Foundation
private import Glibc
private import Processes
private import Reproducibility

/// What another command asks of the engine that holds a project.
package struct EngineRequest: Sendable, Hashable, Codable {
  package enum Action: String, Sendable, Hashable, Codable {
    case cancel, approve, reject
  }

  package var action: Action
  package var run: Int64
  /// Of the engine that is meant: a later one leaves the request alone.
  package var token: Int64
  /// Nil: the whole run.
  package var stage: String?
  package var note: String?

  package init(
    _ action: Action, run: Int64, token: Int64, stage: String? = nil, note: String? = nil
  ) {
    self.action = action
    self.run = run
    self.token = token
    self.stage = stage
    self.note = note
  }
}

/// What the engine says to a request.
package struct EngineAnswer: Sendable, Hashable, Codable {
  package var isAccepted: Bool
  package var message: String

  package init(isAccepted: Bool, message: String) {
    self.isAccepted = isAccepted
    self.message = message
  }
}

/// Letters between an engine and other commands: files in a folder that only their owner can write.
///
/// A request is a file `ID.json`, put there by rename; the engine does it, writes `ID.answer` and
/// removes the request. The file's owner is who asks: the engine takes requests of its own user and
/// of root.
package struct Mailbox {
  /// A request that has come.
  package struct Letter {
    package var request: EngineRequest
    /// The name of its owner.
    package var who: String
    fileprivate var path: String
  }

  private static let bytesMax = 1 << 16
  private let folder: String
  private let lock: String

  package init(_ project: ProjectFolder) {
    folder = project.state + "/requests"
    lock = project.lock
  }

  // MARK: - The engine

  /// Makes the folder and removes answers that nobody has fetched.
  func open() throws {
    try DurableFile.makeFolder(folder)
    chmod(folder, 0o700)
    for name in try DurableFile.names(in: folder) where !name.hasSuffix(".json") {
      try DurableFile.remove(folder + "/" + name)
    }
  }

  /// Requests that wait, oldest name first; what is no request is removed.
  func letters() throws -> [Letter] {
    try DurableFile.names(in: folder).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
      .compactMap { name in
        let path = folder + "/" + name
        if let letter = Self.read(path) { return letter }
        try DurableFile.remove(path)
        return nil
      }
  }

  func answer(_ letter: Letter, _ answer: EngineAnswer) throws {
    let path = String(letter.path.dropLast("json".count)) + "answer"
    try DurableFile.write(Array(try JSONEncoder().encode(answer)), to: path, mode: 0o600)
    try DurableFile.remove(letter.path)
  }

  private static func read(_ path: String) -> Letter? {
    let file = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid() || status.st_uid == 0, status.st_size <= bytesMax
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    guard Glibc.read(file, &bytes, bytes.count) == bytes.count,
      let request = try? JSONDecoder().decode(EngineRequest.self, from: Data(bytes))
    else { return nil }
    return Letter(request: request, who: userName(status.st_uid), path: path)
  }

  /// The user who runs this process.
  package static var userName: String { userName(geteuid()) }

  private static func userName(_ id: uid_t) -> String {
    guard let entry = getpwuid(id) else { return "user \(id)" }
    return String(cString: entry.pointee.pw_name)
  }

  // MARK: - Other commands

  /// Asks and waits for the answer; nil when no engine holds the project (any more).
  ///
  /// - Throws: ``Failure`` of class `locked` when the engine does not answer in time.
  package func ask(_ request: EngineRequest, seconds: Double = 15) throws -> EngineAnswer? {
    guard FileLock.isHeld(lock), access(folder, F_OK) == 0 else { return nil }
    let path = folder + "/" + UUID().uuidString
    try DurableFile.write(
      Array(try JSONEncoder().encode(request)), to: path + ".json", mode: 0o600)
    defer {
      try? DurableFile.remove(path + ".json")
      try? DurableFile.remove(path + ".answer")
    }
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let isHeld = FileLock.isHeld(lock)
      if let bytes = try? DurableFile.read(path + ".answer"),
        let answer = try? JSONDecoder().decode(EngineAnswer.self, from: Data(bytes))
      {
        return answer
      }
      if !isHeld { return nil }
      if ContinuousClock.now > deadline {
        throw Diagnostic(
          "run.no-answer",
          "the engine that holds this project has not answered in \(Int(seconds)) s",
          fix: "'orchestrate status' shows what it does; try again, or stop it with Ctrl-C"
        ).failure(.locked)
      }
      usleep(20_000)
    }
  }
}
