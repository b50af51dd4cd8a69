internal import Documents
internal import Reproducibility
internal import StageKit

/// What is different between a recorded request and today's, in words.
enum RequestDiff {
  /// - Parameters:
  ///   - inputs: today's artifacts by port, as far as they are known.
  ///   - sources: what today's inputs name, as written, by port.
  static func changes(
    from recorded: RecordedResult, to request: StageRequest, inputs: [String: Digest],
    sources: [String: String]
  ) -> [String] {
    let old = recorded.request
    var changes: [String] = []
    if old.kind != request.kind { changes.append("kind \(old.kind) → \(request.kind)") }
    if old.version != request.version {
      changes.append("stage version \(old.version) → \(request.version)")
    }
    compare(old.parameters, request.parameters, "", &changes)
    for parameter in Set(old.files.keys).union(request.files.keys).sorted() {
      files(old.files[parameter] ?? [], request.files[parameter] ?? [], &changes)
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

  private static func files(_ old: [InputFile], _ new: [InputFile], _ changes: inout [String]) {
    let before = Dictionary(old.map { ($0.name, $0.digest) }, uniquingKeysWith: { $1 })
    let after = Dictionary(new.map { ($0.name, $0.digest) }, uniquingKeysWith: { $1 })
    var found: [String] = []
    for name in Set(before.keys).union(after.keys).sorted() {
      if before[name] == nil { found.append("file \(name) added") }
      if after[name] == nil { found.append("file \(name) removed") }
      if let a = before[name], let b = after[name], a != b { found.append("file \(name) changed") }
    }
    changes += found.prefix(5)
    if found.count > 5 { changes.append("\(found.count - 5) more files") }
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
