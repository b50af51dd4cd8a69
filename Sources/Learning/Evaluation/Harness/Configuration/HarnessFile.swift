internal import Diagnostics
internal import Documents
private import Foundation

/// A task or group file with what it includes: entries by key, each with its place.
struct HarnessFile {
  var path: String
  var entries: [Node.Entry]
  /// Files from the included to the including one.
  var chain: [String]

  static let functionTag = "!function"

  /// Of the file; `.` where its path names none.
  var folder: String { Self.folder(of: path) }

  private static func folder(of path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  subscript(key: String) -> Node? { entries.last { $0.name == key }?.value }

  /// - Throws: ``Failure`` with line and column for what is no YAML, for an include that is not
  ///   there or includes itself.
  init(path: String) throws { try self.init(path: path, seen: []) }

  /// The file alone, without what it includes.
  static func root(path: String) throws -> Node {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Diagnostic(
        "task.no-file", "'\(SafeText.escaped(path, limit: 300))' cannot be read",
        fix: "name an existing task file"
      ).failure(.badInput)
    }
    let node = try YAMLReader.parse(
      Array(data), file: path, localTags: [functionTag])
    guard node.mapping != nil else {
      throw Diagnostic(
        "task.wrong-value", "a task file is \(node.kindName), expected keys and values",
        at: node.span
      ).failure(.badInput)
    }
    return node
  }

  private init(path: String, seen: [String]) throws {
    let root = try Self.root(path: path)
    self.path = path
    let folder = Self.folder(of: path)
    var merged: [Node.Entry] = []
    chain = []
    func add(_ entries: [Node.Entry]) {
      for entry in entries {
        if let index = merged.firstIndex(where: { $0.name == entry.name }) {
          merged[index] = entry
        } else {
          merged.append(entry)
        }
      }
    }
    if let include = root["include"] {
      for node in include.sequence ?? [include] {
        guard let name = node.scalar?.text, !name.isEmpty else {
          throw Self.wrong(node, "'include' is \(node.kindName), expected the name of a file")
        }
        let target = name.hasPrefix("/") ? name : folder + "/" + name
        let real = Self.real(target)
        guard !seen.contains(real), real != Self.real(path) else {
          throw Self.wrong(node, "'\(SafeText.escaped(name))' includes itself")
        }
        guard FileManager.default.fileExists(atPath: target) else {
          throw Self.wrong(
            node, "there is no file '\(SafeText.escaped(name))' to include",
            fix: "put it beside '\(SafeText.escaped(path, limit: 300))'")
        }
        let inner = try HarnessFile(
          path: target, seen: seen + [Self.real(path)])
        chain += inner.chain
        add(inner.entries.filter { $0.name != "task_list" })
      }
    }
    add((root.mapping ?? []).filter { $0.name != "include" })
    chain.append(path)
    entries = merged
  }

  /// The path by which files are told apart.
  private static func real(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  private static func wrong(_ node: Node, _ message: String, fix: String? = nil) -> Failure {
    Diagnostic("task.wrong-value", message, at: node.span, fix: fix).failure(.badInput)
  }
}

extension Node {
  /// The value as Python reads it from YAML 1.1, where the key does not say the type: `yes` is true.
  var pythonValue: JSONValue {
    switch content {
    case .sequence(let items): return .array(items.map(\.pythonValue))
    case .mapping(let entries):
      return .object(entries.map { JSONMember($0.name, $0.value.pythonValue) })
    case .scalar(let scalar):
      guard scalar.isPlain, scalar.tag == nil else { return .string(scalar.text) }
      if isNull { return .null }
      switch scalar.text.lowercased() {
      case "true", "yes", "on": return .bool(true)
      case "false", "no", "off": return .bool(false)
      default: break
      }
      if let integer = CoreSchema.integer(text: scalar.text) { return .integer(Int64(integer)) }
      // Without a point it is a text in YAML 1.1, `1e3` included.
      if scalar.text.contains("."), let number = CoreSchema.number(text: scalar.text) {
        return .number(number)
      }
      return .string(scalar.text)
    }
  }
}
