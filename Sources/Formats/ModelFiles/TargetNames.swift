/// Names of modules and how PEFT compares them.
enum TargetNames {
  /// Whether `name` is the path or its end after a dot.
  static func match(_ path: String, _ name: String) -> Bool {
    path == name || path.hasSuffix("." + name)
  }

  /// The last names of `paths`, each once, in order of first appearance.
  static func last(_ paths: [String]) -> [String] {
    var seen: Set<Substring> = []
    return paths.compactMap { path in
      let name = path.split(separator: ".").last ?? ""
      return seen.insert(name).inserted ? String(name) : nil
    }
  }

  /// The number of the layer that `path` is in: the first whole part of digits that is not the
  /// last, with something before it that matches one of `patterns`, or without them at least two
  /// parts before it.
  static func layer(of path: String, _ patterns: [PathPattern]) -> Int? {
    let parts = path.split(separator: ".")
    for index in parts.indices.dropLast() where parts[index].utf8.allSatisfy(isDigit) {
      let before = parts[..<index].joined(separator: ".")
      let fits = patterns.isEmpty ? index >= 2 : patterns.contains { $0.matches(before) }
      if fits, let number = Int(parts[index]) { return number }
    }
    return nil
  }

  /// The fewest shortest ends that tell `targets` from the model's other modules (PEFT's
  /// `_find_minimal_target_modules`).
  static func shortest(_ targets: [String], in model: ModelConfiguration) -> [String] {
    let chosen = Set(targets)
    var others: Set<String> = []
    for (name, _) in model.tensorShapes {
      let parts = name.split(separator: ".").dropLast().map(String.init)
      for count in 1...max(1, parts.count) {
        let path = parts.prefix(count).joined(separator: ".")
        if !chosen.contains(path) { others.formUnion(ends(path)) }
      }
    }
    var result: Set<String> = []
    for path in targets.sorted(by: { ends($0).lexicographicallyPrecedes(ends($1)) }) {
      if result.contains(where: { path.hasSuffix("." + $0) }) { continue }
      if let end = ends(path).first(where: { !result.contains($0) && !others.contains($0) }) {
        result.insert(end)
      }
    }
    return result.sorted()
  }

  /// `a.b.c` → c, b.c, a.b.c
  private static func ends(_ path: String) -> [String] {
    let parts = path.split(separator: ".")
    return parts.indices.reversed().map { parts[$0...].joined(separator: ".") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
