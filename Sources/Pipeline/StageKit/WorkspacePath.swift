package import Diagnostics
internal import Documents

/// A file or folder below the folder of the pipeline file that a stage writes under its own name.
package struct WorkspacePath: Sendable, Hashable, Codable {
  /// Relative, without `.`, `..`, doubled or trailing slashes.
  package var name: String
  /// Written with a slash at the end: always a folder. Otherwise whatever the stage makes.
  package var isFolder: Bool

  package init(name: String, isFolder: Bool = false) {
    self.name = name
    self.isFolder = isFolder
  }

  /// Nil unless `text` names something strictly below the pipeline's folder.
  package init?(_ text: String) {
    guard let parts = Self.parts(text), !parts.isEmpty else { return nil }
    self.init(name: parts.joined(separator: "/"), isFolder: text.hasSuffix("/"))
  }

  /// The names of a relative path; nil for an absolute one, one that climbs with `..`, and one with
  /// a control character.
  static func parts(_ text: String) -> [String]? {
    guard !text.hasPrefix("/"), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      return nil
    }
    let parts = text.split(separator: "/").map(String.init).filter { $0 != "." }
    return parts.contains("..") ? nil : parts
  }

  /// Whether one of the two is the other, or lies in it.
  package func overlaps(_ other: WorkspacePath) -> Bool {
    name == other.name || other.contains(name) || contains(other.name)
  }

  /// Whether `name` lies below this path.
  package func contains(_ name: String) -> Bool {
    name.utf8.count > self.name.utf8.count + 1 && name.hasPrefix(self.name)
      && name.utf8[name.utf8.index(name.startIndex, offsetBy: self.name.utf8.count)]
        == UInt8(ascii: "/")
  }
}

/// Files of the pipeline's folder that a stage reads and writes under their own names.
package struct WorkspaceFiles: Sendable {
  package struct Read: Sendable, Hashable {
    /// `deps[3]`
    package var parameter: String
    /// A path, a folder or a glob, as written.
    package var pattern: String
    package var span: SourceSpan

    package init(parameter: String, pattern: String, span: SourceSpan) {
      self.parameter = parameter
      self.pattern = pattern
      self.span = span
    }
  }

  package struct Write: Sendable, Hashable {
    package var path: WorkspacePath
    package var span: SourceSpan

    package init(path: WorkspacePath, span: SourceSpan) {
      self.path = path
      self.span = span
    }
  }

  package var reads: [Read] = []
  package var writes: [Write] = []

  package init() {}
}

extension ParameterReader {
  /// Paths, folders or globs of files that the stage reads where they lie. One that another stage
  /// writes makes this stage depend on it; the rest are digested when the run is planned.
  package mutating func workspaceReads(_ key: String, help: String) -> [String] {
    let patterns = strings(key, default: [], help: help)
    for (index, (pattern, span)) in zip(patterns, places(key)).enumerated() {
      workspace.reads.append(
        .init(parameter: "\(path)\(key)[\(index)]", pattern: pattern, span: span))
    }
    return patterns
  }

  /// Files or folders below the pipeline's folder that the stage writes there.
  package mutating func workspaceWrites(_ key: String, help: String) -> [WorkspacePath] {
    let texts = strings(key, default: [], help: help)
    var paths: [WorkspacePath] = []
    for (text, span) in zip(texts, places(key)) {
      guard let path = WorkspacePath(text) else {
        report([Self.outside(key, text, span)])
        continue
      }
      if let other = paths.first(where: { $0.overlaps(path) }) {
        report([
          Diagnostic(
            "workspace.overlap",
            "'\(key)' names '\(SafeText.escaped(path.name, limit: 200))', which "
              + (other.name == path.name
                ? "it names already"
                : "overlaps '\(SafeText.escaped(other.name, limit: 200))'"),
            at: span, fix: "name each file once, or the folder that holds them")
        ])
        continue
      }
      paths.append(path)
      workspace.writes.append(.init(path: path, span: span))
    }
    return paths
  }

  private static func outside(_ key: String, _ text: String, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      "workspace.outside",
      "'\(SafeText.escaped(text, limit: 200))' under '\(key)' is not below the folder of the "
        + "pipeline file", at: span,
      fix: "write a relative path without '..', such as out/a.txt; what a stage writes is removed "
        + "before it runs and put back from the store")
  }

  /// Where the items of a list are written.
  private func places(_ key: String) -> [SourceSpan] {
    guard let node = document?[key] else { return [] }
    return (node.sequence ?? [node]).filter { $0.scalar != nil }.map(\.span)
  }
}
