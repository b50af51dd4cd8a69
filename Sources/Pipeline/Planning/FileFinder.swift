package import Diagnostics
private import Foundation
package import StageKit

/// A file outside the store that a pipeline names.
package struct FoundFile: Sendable, Hashable {
  /// Relative to the pipeline's folder, or absolute when the pattern is.
  package var name: String
  /// Absolute.
  package var path: String
  package var span: SourceSpan

  package init(name: String, path: String, span: SourceSpan) {
    self.name = name
    self.path = path
    self.span = span
  }
}

/// Finds the files that paths and globs name: `*` and `?` within a name, `**` for any folders.
///
/// Names that start with a dot are matched only by patterns that do. Links to files are followed,
/// links to folders only where they are written out.
package struct FileFinder {
  /// Absolute; relative patterns start here.
  let folder: String

  package init(folder: String) { self.folder = folder }

  /// - Throws: ``Failure`` of class `badInput` when nothing matches.
  package func files(_ input: FileInput) throws -> [FoundFile] {
    let pattern = input.pattern
    let shown = SafeText.escaped(pattern, limit: 200)
    guard !pattern.isEmpty, !pattern.utf8.contains(0) else {
      throw problem("files.bad-path", "'\(shown)' is no path", input.span)
    }
    let isAbsolute = pattern.hasPrefix("/")
    let parts = pattern.split(separator: "/").filter { $0 != "." }.map(String.init)
    guard parts.contains(where: Self.isWild) else { return try literal(input, parts) }
    var names: [String] = []
    match(parts[...], in: isAbsolute ? "/" : folder, prefix: isAbsolute ? "/" : "", &names)
    names = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !names.isEmpty else {
      throw problem(
        "files.no-match", "'\(shown)' matches no file", input.span,
        fix: "paths are relative to the folder of the pipeline file")
    }
    return names.map {
      FoundFile(name: $0, path: isAbsolute ? $0 : folder + "/" + $0, span: input.span)
    }
  }

  // MARK: - Private

  private func literal(_ input: FileInput, _ parts: [String]) throws -> [FoundFile] {
    let isAbsolute = input.pattern.hasPrefix("/")
    let name = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
    let path = isAbsolute ? name : folder + "/" + name
    let shown = SafeText.escaped(input.pattern, limit: 200)
    switch HostFile.info(path)?.kind {
    case .file: return [FoundFile(name: name, path: path, span: input.span)]
    case .folder where !input.endings.isEmpty: return try below(path, name, input)
    case .folder:
      throw problem(
        "files.not-a-file", "'\(shown)' is a folder, expected a file", input.span,
        fix: "name its files: \(shown)/*")
    case .other: throw problem("files.not-a-file", "'\(shown)' is no regular file", input.span)
    case nil:
      let parent = (path as NSString).deletingLastPathComponent
      let siblings = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
      let last = parts.last ?? ""
      let nearest = NearestName.suggestion(for: last, among: siblings)
      throw problem(
        "files.no-match", "there is no file '\(shown)'", input.span,
        fix: nearest.map { "did you mean '\(SafeText.escaped($0))'?" }
          ?? "paths are relative to the folder of the pipeline file")
    }
  }

  /// The files below a folder that have one of the endings asked for, by name.
  private func below(_ path: String, _ name: String, _ input: FileInput) throws -> [FoundFile] {
    var names: [String] = []
    list(path, "", &names, depth: 0)
    names = names.filter { name in
      let lower = name.lowercased()
      return input.endings.contains { lower.hasSuffix($0) }
    }
    guard !names.isEmpty else {
      throw problem(
        "files.no-match",
        "the folder '\(SafeText.escaped(input.pattern, limit: 200))' holds no file of a known ending",
        input.span, fix: "known are \(input.endings.prefix(12).joined(separator: " ")) …")
    }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let prefix = name.isEmpty || name.hasSuffix("/") ? name : name + "/"
    return names.map { FoundFile(name: prefix + $0, path: path + "/" + $0, span: input.span) }
  }

  private func match(
    _ parts: ArraySlice<String>, in folder: String, prefix: String, _ names: inout [String],
    depth: Int = 0
  ) {
    guard let part = parts.first, depth < 64 else { return }
    let rest = parts.dropFirst()
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    if !Self.isWild(part) {
      take(part, rest, base, prefix, &names, depth)
      return
    }
    if part == "**" {
      match(rest.isEmpty ? ["*"] : rest, in: folder, prefix: prefix, &names, depth: depth + 1)
    }
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
    for entry in entries {
      if part == "**" {
        guard !entry.hasPrefix("."), isRealFolder(base + entry) else { continue }
        match(parts, in: base + entry, prefix: prefix + entry + "/", &names, depth: depth + 1)
      } else if Self.matches(entry, part) {
        take(entry, rest, base, prefix, &names, depth)
      }
    }
  }

  /// Goes on below `base + name`, or takes it when the pattern ends here.
  private func take(
    _ name: String, _ rest: ArraySlice<String>, _ base: String, _ prefix: String,
    _ names: inout [String], _ depth: Int
  ) {
    let kind = HostFile.info(base + name)?.kind
    if rest.isEmpty {
      if kind == .file { names.append(prefix + name) }
    } else if kind == .folder {
      match(rest, in: base + name, prefix: prefix + name + "/", &names, depth: depth + 1)
    }
  }

  private func isRealFolder(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeDirectory
  }

  static func isWild(_ part: String) -> Bool {
    part.utf8.contains(UInt8(ascii: "*")) || part.utf8.contains(UInt8(ascii: "?"))
  }

  /// Whether `name` fits `pattern`, `*` standing for any run and `?` for one character.
  package static func matches(_ name: String, _ pattern: String) -> Bool {
    if name.hasPrefix("."), !pattern.hasPrefix(".") { return false }
    let text = Array(name.unicodeScalars)
    let wanted = Array(pattern.unicodeScalars)
    var (t, w) = (0, 0)
    var retry: (text: Int, pattern: Int)?
    while t < text.count {
      if w < wanted.count, wanted[w] == "*" {
        retry = (t, w)
        w += 1
      } else if w < wanted.count, wanted[w] == "?" || wanted[w] == text[t] {
        (t, w) = (t + 1, w + 1)
      } else if let last = retry {
        retry = (last.text + 1, last.pattern)
        (t, w) = (last.text + 1, last.pattern + 1)
      } else {
        return false
      }
    }
    return wanted[w...].allSatisfy { $0 == "*" }
  }

  private func problem(_ code: String, _ message: String, _ span: SourceSpan, fix: String? = nil)
    -> Failure
  {
    Diagnostic(code, message, at: span, fix: fix).failure(.badInput)
  }
}
