internal import Diagnostics
private import Documents
private import Foundation
private import Glibc
internal import Reproducibility

/// A registry on disk, shared by any number of projects and processes.
///
/// ```
/// registry/
///   lock            held by whoever writes
///   00000001.json   the first record, and so on; never changed, never removed
/// ```
///
/// A record appears at once and for good: temporary file, flush, `link` to its number, flush of the
/// folder. `link` refuses a number that is taken, so that two writers cannot both have it even where
/// locks do not work across hosts.
package struct RegistryFolder: Sendable, Hashable {
  /// Absolute.
  package let path: String
  /// How long a writer waits for another one.
  private let patienceSeconds: Double

  package init(path: String, patienceSeconds: Double = 20) {
    self.path = path
    self.patienceSeconds = patienceSeconds
  }

  /// `$ORCHESTRATE_REGISTRY`, else the folder `registry` of `$ORCHESTRATE_CACHE`, else that of the
  /// project's state.
  package init(state: String, environment: [String: String]) {
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    if let own = environment["ORCHESTRATE_REGISTRY"], !own.isEmpty {
      self.init(path: absolute(own))
    } else if let cache = environment["ORCHESTRATE_CACHE"], !cache.isEmpty {
      self.init(path: absolute(cache) + "/registry")
    } else {
      self.init(path: state + "/registry")
    }
  }

  // MARK: - Reading

  /// Every record, checked: numbers without gaps, each with the digest of the one before.
  ///
  /// - Throws: ``Failure`` of class `io` that names the record that is damaged or missing.
  package func read() throws -> ModelRegistry {
    var registry = ModelRegistry()
    try read(into: &registry)
    return registry
  }

  private func read(into registry: inout ModelRegistry) throws {
    var expected = registry.records.count + 1
    var previous = registry.head
    for number in try numbers() where number >= expected {
      guard number == expected else { throw damaged(expected, "is missing") }
      let file = file(number)
      let bytes = try DurableFile.read(file)
      guard let json = try? JSONReader.parse(bytes, file: file),
        let record = RegistryRecord(json), record.number == number, record.bytes == bytes
      else { throw damaged(number, "is not a record that this program knows") }
      guard record.previous == previous else {
        throw damaged(number, "does not follow record \(number - 1)")
      }
      registry.take(record)
      previous = Digest(of: bytes)
      expected += 1
    }
  }

  private func damaged(_ number: Int, _ finding: String) -> Failure {
    Diagnostic(
      "registry.damaged",
      "record \(number) of the registry '\(SafeText.escaped(path, limit: 300))' \(finding)",
      fix: "bring the file back from a copy; records are never changed, so any copy will do"
    ).failure(.io)
  }

  /// In order.
  private func numbers() throws -> [Int] {
    try DurableFile.names(in: path).compactMap { name in
      guard name.hasSuffix(".json"), name.utf8.count == 13 else { return nil }
      return Int(name.dropLast(5))
    }.sorted()
  }

  private func file(_ number: Int) -> String {
    let digits = String(number)
    return path + "/" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".json"
  }

  // MARK: - Writing

  /// Appends the records that `decide` makes of the registry as it stands; it is asked again when
  /// another writer was faster. Durable on return, a loss of power included.
  ///
  /// - Parameter decide: throws what speaks against it; returns nothing when nothing is to be done.
  /// - Returns: the registry with the new records.
  /// - Throws: ``Failure`` of class `locked` when others write for too long.
  @discardableResult
  package func append(
    at time: Double, _ decide: (ModelRegistry) throws -> [RegistryRecord.Body]
  ) throws -> ModelRegistry {
    try DurableFile.makeFolder(path)
    let lock = try takeLock()
    defer { close(lock) }
    var registry = try read()
    try DurableFile.sweep(path)
    while true {
      let bodies = try decide(registry)
      if bodies.isEmpty { return registry }
      if try write(bodies, at: time, to: &registry) { return registry }
      // Somebody wrote without the lock's knowledge: see what it was, and decide anew.
      registry = try read()
    }
  }

  /// False when a number was taken; records before it stand.
  private func write(
    _ bodies: [RegistryRecord.Body], at time: Double, to registry: inout ModelRegistry
  ) throws -> Bool {
    for body in bodies {
      let record = RegistryRecord(
        number: registry.records.count + 1, previous: registry.head, time: time, body: body)
      let target = file(record.number)
      let temporary = try DurableFile.writeTemporary(record.bytes, beside: target, mode: 0o444)
      let result = link(temporary, target)
      let number = errno
      unlink(temporary)
      if result != 0 {
        if number == EEXIST { return false }
        throw SystemError.failure("write", target, number)
      }
      try DurableFile.flushFolder(path)
      registry.take(record)
    }
    return true
  }

  private func takeLock() throws -> Int32 {
    let name = path + "/lock"
    let file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw SystemError.failure("open", name) }
    let deadline = ContinuousClock.now + .seconds(patienceSeconds)
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      let number = errno
      if number == EINTR { continue }
      guard number == EWOULDBLOCK else {
        close(file)
        throw SystemError.failure("lock", name, number)
      }
      if ContinuousClock.now > deadline {
        close(file)
        throw Diagnostic(
          "registry.locked",
          "another process has been writing to the registry "
            + "'\(SafeText.escaped(path, limit: 300))' for \(Int(patienceSeconds)) s",
          fix: "try again; a lock is gone with its process"
        ).failure(.locked)
      }
      usleep(5000)
    }
    return file
  }
}
