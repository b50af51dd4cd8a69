internal import Diagnostics
internal import Documents
private import Foundation
internal import Reproducibility
internal import StageKit

/// Reads a pipeline file with all that `include:` names: stages and params of the included files come
/// first, in the order of the list.
///
/// ```yaml
/// include: [common/data.yaml, ./gates.yaml]
/// ```
///
/// Paths are relative to the file that includes and stay below the folder of the pipeline file. Paths
/// inside of stages are relative to the pipeline file's folder, wherever the stage is written.
struct PipelineIncludes {
  private static let depthMax = 8

  private(set) var diagnostics: [Diagnostic] = []
  /// In the order they were read.
  private(set) var files: [IncludedFile] = []
  /// Real path of the folder of the pipeline file.
  private let project: String
  private var entries: [String: [Node.Entry]] = ["params": [], "stages": []]
  /// Where `params.x` and `stages.x` are defined.
  private var places: [String: SourceSpan] = [:]
  /// Real paths of files that were read, or are being read.
  private var seen: Set<String> = []
  private var chain: [(path: String, shown: String)] = []

  private init(project: String) { self.project = project }

  /// The document with everything included in its place.
  ///
  /// - Parameter path: as the user gave it.
  static func read(_ root: Node, path: String) -> (
    root: Node, files: [IncludedFile], diagnostics: [Diagnostic]
  ) {
    guard let own = root.mapping, let node = root["include"] else { return (root, [], []) }
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    var reader = PipelineIncludes(project: (absolute as NSString).deletingLastPathComponent)
    reader.seen.insert(absolute)
    reader.chain.append((absolute, path))
    reader.include(node)
    reader.take(root)
    var merged = own.filter { $0.name != "include" && reader.entries[$0.name] == nil }
    for key in ["params", "stages"] {
      guard let entries = reader.entries[key], !entries.isEmpty || root[key] != nil else {
        continue
      }
      // Something else than a mapping is reported as if it stood alone.
      if let node = root[key], node.mapping == nil, !node.isNull {
        merged.append(Node.Entry(key: Node(.scalar(.init(key)), at: node.span), value: node))
        continue
      }
      let span = root[key]?.span ?? entries.first?.key.span ?? root.span
      merged.append(
        Node.Entry(
          key: Node(.scalar(.init(key)), at: span), value: Node(.mapping(entries), at: span)))
    }
    return (Node(.mapping(merged), at: root.span), reader.files, reader.diagnostics)
  }

  // MARK: - Private

  private mutating func include(_ node: Node) {
    if node.isNull { return }
    for item in node.sequence ?? [node] {
      guard let text = item.scalar?.text, !text.isEmpty else {
        report(
          "spec.wrong-type", "'include' has \(item.kindName), expected a path of a file", item.span)
        continue
      }
      file(text, item.span)
    }
  }

  private mutating func file(_ text: String, _ span: SourceSpan) {
    let shown = SafeText.escaped(text, limit: 200)
    guard !text.contains("://"), !text.utf8.contains(0) else {
      report(
        "spec.include", "'\(shown)' is no path, and only files below the project can be included",
        span, fix: "copy the file into the project and include that")
      return
    }
    let including = chain[chain.count - 1]
    let joined =
      text.hasPrefix("/")
      ? text : (including.path as NSString).deletingLastPathComponent + "/" + text
    let real = URL(fileURLWithPath: joined).standardizedFileURL.resolvingSymlinksInPath().path
    guard real.hasPrefix(project == "/" ? "/" : project + "/") else {
      report(
        "spec.include", "'\(shown)' is not below the folder of the pipeline file", span,
        fix: "move it there: a project holds everything its runs are made from")
      return
    }
    let folder = (including.shown as NSString).deletingLastPathComponent
    let name = text.hasPrefix("/") || folder.isEmpty ? text : folder + "/" + text
    let display = (name as NSString).standardizingPath
    if let first = chain.firstIndex(where: { $0.path == real }) {
      let names = (chain[first...].map(\.shown) + [display]).map {
        SafeText.escaped($0, limit: 200)
      }
      report(
        "spec.include-cycle", "these files include each other: \(names.joined(separator: " → "))",
        span, fix: "take one of the includes away")
      return
    }
    // A file that two others include counts once.
    guard seen.insert(real).inserted else { return }
    guard chain.count <= Self.depthMax else {
      report(
        "spec.include", "'\(shown)' is the include of an include, more than \(Self.depthMax) deep",
        span, fix: "include it from a file further up")
      return
    }
    do {
      let bytes = try HostFile.bytes(real, limit: YAMLReader.byteCountMax)
      let root = try YAMLReader.parse(bytes, file: display)
      files.append(IncludedFile(path: real, digest: Digest(of: bytes)))
      chain.append((real, display))
      defer { chain.removeLast() }
      guard let entries = root.mapping else {
        if !root.isNull {
          report("spec.wrong-type", "the file is \(root.kindName), expected a mapping", root.span)
        }
        return
      }
      check(entries)
      if let node = root["include"] { include(node) }
      take(root)
    } catch let failure as Failure {
      diagnostics += failure.diagnostics.map { problem in
        var problem = problem
        if problem.span == nil { problem.span = span }
        return problem
      }
    } catch {
      report("spec.include", "'\(shown)' cannot be read", span)
    }
  }

  private mutating func check(_ entries: [Node.Entry]) {
    let known = ["name", "include", "params", "stages"]
    for entry in entries where !known.contains(entry.name) {
      let nearest = NearestName.suggestion(for: entry.name, among: known)
      report(
        "spec.unknown-key",
        "an included file has no key '\(SafeText.escaped(entry.name, limit: 40))'", entry.key.span,
        fix: (nearest.map { "did you mean '\($0)'? " } ?? "")
          + "it takes \(known.joined(separator: ", "))")
    }
  }

  /// Adds params and stages of a file; a name that is there already is shown at both places.
  private mutating func take(_ root: Node) {
    for (key, what) in [("params", "parameter"), ("stages", "stage")] {
      guard let node = root[key], !node.isNull else { continue }
      guard let own = node.mapping else {
        if chain.count > 1 {
          report("spec.wrong-type", "'\(key)' is \(node.kindName), expected a mapping", node.span)
        }
        continue
      }
      for entry in own {
        if let place = places[key + "." + entry.name] {
          diagnostics.append(
            Diagnostic(
              "spec.duplicate-\(what)",
              "the \(what) '\(SafeText.escaped(entry.name, limit: 40))' is defined at "
                + "\(SafeText.escaped(place.file, limit: 200)):\(place.line) already",
              at: entry.key.span, fix: "rename one of them, or take it away",
              related: [.init("defined here first", at: place)]))
        } else {
          places[key + "." + entry.name] = entry.key.span
          entries[key]?.append(entry)
        }
      }
    }
  }

  private mutating func report(
    _ code: String, _ message: String, _ span: SourceSpan, fix: String? = nil
  ) {
    diagnostics.append(Diagnostic(code, message, at: span, fix: fix))
  }
}
