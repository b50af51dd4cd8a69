internal import Diagnostics

/// Which files hold the documents of which task: what `--data` says.
package struct HarnessDataFiles: Sendable, Hashable {
  /// Paths by task or group, then by split; the empty split is the one that is measured.
  private var files: [String: [String: [String]]] = [:]

  package init() {}

  /// From `TASK=FILE` and `TASK:SPLIT=FILE`; a pair given twice adds a file.
  ///
  /// - Throws: ``Failure`` for what is not of that form.
  package init(_ arguments: [String]) throws {
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let names = parts[0].split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty, (1...2).contains(names.count),
        names.allSatisfy({ !$0.isEmpty })
      else {
        throw Diagnostic(
          "task.wrong-data", "'\(SafeText.escaped(argument))' names no data",
          fix: "write TASK=FILE, or TASK:SPLIT=FILE for another split than the measured one, such "
            + "as gsm8k:train=train.jsonl"
        ).failure(.badInput)
      }
      add(
        String(parts[1]), task: String(names[0]), split: names.count == 2 ? String(names[1]) : "")
    }
  }

  package mutating func add(_ path: String, task: String, split: String = "") {
    files[task, default: [:]][split, default: []].append(path)
  }

  /// Names of tasks and groups that have files, sorted.
  package var names: [String] { files.keys.sorted() }

  /// The files of a split, by the first of `names` that has any.
  func paths(_ names: [String], split: String, isMeasured: Bool) -> [String]? {
    for name in names {
      if let paths = files[name]?[split] { return paths }
      if isMeasured, let paths = files[name]?[""] { return paths }
    }
    return nil
  }
}
