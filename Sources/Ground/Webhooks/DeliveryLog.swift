private import Documents
private import Glibc
package import Reproducibility

/// Deliveries that were authentic, for a week: what comes again starts nothing. One line of JSON
/// each, flushed before the delivery is answered.
///
/// GitHub signs the body and not the delivery's id, so a body is remembered as well: a copy under
/// another id is still a copy.
package final class DeliveryLog {
  package static let secondsKept = 7.0 * 24 * 3600

  private struct Entry {
    var time: Double
    var id: String
    var body: Digest
    var event: PushEvent?
    var isDone: Bool
  }

  private let path: String
  private var file: Int32 = -1
  private var entries: [Entry] = []
  private var ids: Set<String> = []
  private var bodies: Set<Digest> = []

  /// - Throws: ``Failure`` of class `io` when the file cannot be read or written.
  package init(path: String, now: Double) throws {
    self.path = path
    try DurableFile.makeFolder(DurableFile.parent(of: path))
    if access(path, F_OK) == 0 { try read() }
    try forgetOld(now: now, always: true)
  }

  deinit { if file >= 0 { close(file) } }

  // MARK: - Asking

  package func holds(id: String, body: Digest) -> Bool { ids.contains(id) || bodies.contains(body) }

  /// Pushes whose work was not done when the program ended, in the order they came.
  package var unfinished: [PushEvent] { entries.filter { !$0.isDone }.compactMap(\.event) }

  package var count: Int { entries.count }

  // MARK: - Changing

  /// Remembers a delivery; durable on return.
  package func add(id: String, body: Digest, event: PushEvent?, now: Double) throws {
    try forgetOld(now: now, always: false)
    let entry = Entry(time: now, id: id, body: body, event: event, isDone: event == nil)
    try append(Self.line(entry))
    take(entry)
  }

  /// The work of a push is over.
  package func finish(_ id: String) throws {
    try append(JSONWriter.canonical(.object(["done": .string(id)])) + [10])
    for index in entries.indices where entries[index].id == id { entries[index].isDone = true }
  }

  private func take(_ entry: Entry) {
    entries.append(entry)
    ids.insert(entry.id)
    bodies.insert(entry.body)
  }

  private static func line(_ entry: Entry) -> [UInt8] {
    JSONWriter.canonical(
      .object([
        "time": .number(entry.time), "id": .string(entry.id), "body": .string(entry.body.hex),
        "event": entry.event?.json ?? .null, "isDone": .bool(entry.isDone),
      ])) + [10]
  }

  private func append(_ line: [UInt8]) throws {
    var done = 0
    while done < line.count {
      let count = line.withUnsafeBytes {
        write(file, $0.baseAddress?.advanced(by: done), line.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw SystemError.failure("write", path) }
      done += count
    }
    if fdatasync(file) != 0 { throw SystemError.failure("flush", path) }
  }

  // MARK: - The file

  /// A last line that a crash has cut is no delivery: it was not answered.
  private func read() throws {
    for line in try DurableFile.read(path).split(separator: 10) {
      guard let json = try? JSONReader.parse(Array(line), file: path) else { continue }
      if let done = json["done"]?.stringValue {
        for index in entries.indices where entries[index].id == done {
          entries[index].isDone = true
        }
        continue
      }
      guard let time = json["time"]?.doubleValue, let id = json["id"]?.stringValue,
        let body = json["body"]?.stringValue.flatMap(Digest.init(hex:))
      else { continue }
      let event = json["event"].flatMap(PushEvent.init)
      take(
        Entry(
          time: time, id: id, body: body, event: event,
          isDone: event == nil || json["isDone"]?.boolValue == true))
    }
  }

  /// Writes the file anew without what is older than a week.
  private func forgetOld(now: Double, always: Bool) throws {
    let isOld = entries.contains { now - $0.time > Self.secondsKept }
    guard always || isOld else { return }
    let kept = entries.filter { now - $0.time <= Self.secondsKept || !$0.isDone }
    entries = []
    ids = []
    bodies = []
    for entry in kept { take(entry) }
    try DurableFile.write(kept.flatMap(Self.line), to: path, mode: 0o600)
    if file >= 0 { close(file) }
    file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard file >= 0 else { throw SystemError.failure("open", path) }
  }
}
