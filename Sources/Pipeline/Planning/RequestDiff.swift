internal import Documents
internal import Reproducibility
internal import StageKit

/// What is different between a recorded request and today's, in words.
enum RequestDiff {
  /// - Parameters:
  ///   - inputs: today's artifacts by port, as far as they are known.
  ///   - sources: what today's inputs name, as written, by port.
  ///   - report: of the recorded result, for rows of files.
  static func changes(
    from recorded: RecordedResult, to request: StageRequest, inputs: [String: Digest],
    sources: [String: String], report: () throws -> InputArtifact? = { nil }
  ) rethrows -> [String] {
    let old = recorded.request
    var changes: [String] = []
    if old.kind != request.kind { changes.append("kind \(old.kind) → \(request.kind)") }
    if old.version != request.version {
      changes.append("stage version \(old.version) → \(request.version)")
    }
    compare(old.parameters, request.parameters, "", &changes)
    if old.files != request.files {
      changes += Self.files(old.files, request.files, FileChange.rows(in: try report()))
    }
    for port in Set(old.inputs.keys).union(request.inputs.keys).sorted() {
      guard request.inputs[port] != nil else {
        changes.append("input \(port) removed")
        continue
      }
      guard let before = recorded.inputs[port] else {
        changes.append("input \(port) added")
        continue
      }
      guard let now = inputs[port], now != before else { continue }
      changes.append("input \(port) changed (\(sources[port] ?? "another artifact"))")
    }
    return changes
  }

  private static func files(
    _ old: [String: [InputFile]], _ new: [String: [InputFile]], _ rows: [String: Int]
  ) -> [String] {
    var found: [String] = []
    for parameter in Set(old.keys).union(new.keys).sorted() {
      let before = byName(old[parameter] ?? [])
      let after = byName(new[parameter] ?? [])
      for name in Set(before.keys).union(after.keys).sorted()
      where before[name]?.digest != after[name]?.digest {
        let isNamed = found.count < filesShownMax
        found.append(
          isNamed
            ? FileChange(
              name: name, before: before[name], after: after[name],
              rowsBefore: before[name].flatMap { _ in rows[name] },
              rowsAfter: after[name].flatMap(FileChange.countRows)
            ).text : name)
      }
    }
    let more = found.count - filesShownMax
    return Array(found.prefix(filesShownMax)) + (more > 0 ? ["\(more) more files"] : [])
  }

  private static let filesShownMax = 5

  private static func byName(_ files: [InputFile]) -> [String: InputFile] {
    Dictionary(files.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  private static func compare(
    _ old: JSONValue, _ new: JSONValue, _ path: String, _ changes: inout [String]
  ) {
    if JSONWriter.canonical(old) == JSONWriter.canonical(new) { return }
    switch (old, new) {
    case (.object(let before), .object(let after)):
      for name in Set(before.map(\.key)).union(after.map(\.key)).sorted() {
        let key = path.isEmpty ? name : "\(path).\(name)"
        switch (old[name], new[name]) {
        case (let a?, let b?): compare(a, b, key, &changes)
        case (nil, let b?): changes.append("\(key) set to \(ValueText.short(b))")
        case (let a?, nil): changes.append("\(key) removed (was \(ValueText.short(a)))")
        case (nil, nil): continue
        }
      }
    case (.array(let before), .array(let after))
    where before.count == after.count && before.contains { $0.objectValue != nil }:
      for (index, pair) in zip(before, after).enumerated() {
        compare(pair.0, pair.1, "\(path)[\(index)]", &changes)
      }
    case (.array(let before), .array(let after))
    where (before + after).contains { $0.objectValue != nil }:
      changes.append("\(path): \(before.count) → \(after.count) entries")
    default: changes.append("\(path) \(ValueText.short(old)) → \(ValueText.short(new))")
    }
  }
}
