internal import Documents
internal import Reproducibility

/// Combinations of a matrix by the rules of GitHub Actions (docs.github.com, "Running variations of
/// jobs in a workflow"): the product of the lists, less what `exclude` matches, and then with what
/// `include` adds to them or beside them.
struct Matrix {
  struct Combination {
    /// In the order of the axes; what `include` added comes last.
    var values: [Node.Entry]
    /// How many of them come from lists; 0 for one that `include` made.
    var listed: Int

    func value(_ name: String) -> Node? { values.first { $0.name == name }?.value }
  }

  /// GitHub's limit for one job.
  static let countMax = 256

  /// Names of the lists, in the order of the file.
  private(set) var axes: [String] = []
  private(set) var combinations: [Combination] = []

  mutating func multiply(_ axis: String, by values: [Node]) {
    if axes.isEmpty { combinations = [Combination(values: [], listed: 0)] }
    axes.append(axis)
    // Far more than the limit is not worth the memory.
    guard combinations.count <= Self.countMax else { return }
    combinations = combinations.flatMap { combination in
      values.map { value in
        let key = Node(.scalar(.init(axis)), at: value.span)
        return Combination(
          values: combination.values + [Node.Entry(key: key, value: value)],
          listed: combination.listed + 1)
      }
    }
  }

  /// Takes away every combination that has all of these values.
  mutating func exclude(_ entries: [Node.Entry]) {
    combinations.removeAll { combination in
      entries.allSatisfy { entry in
        combination.value(entry.name).map { Self.isEqual($0, entry.value) } ?? false
      }
    }
  }

  /// Adds the values to every combination of the lists where none of a list would change; to none:
  /// makes a combination of them.
  mutating func include(_ entries: [Node.Entry]) {
    var isTaken = false
    for index in combinations.indices where combinations[index].listed > 0 {
      let listed = combinations[index].values.prefix(combinations[index].listed)
      let isFitting = listed.allSatisfy { own in
        entries.first { $0.name == own.name }.map { Self.isEqual($0.value, own.value) } ?? true
      }
      if !isFitting { continue }
      isTaken = true
      for entry in entries {
        if let at = combinations[index].values.firstIndex(where: { $0.name == entry.name }) {
          combinations[index].values[at] = entry
        } else {
          combinations[index].values.append(entry)
        }
      }
    }
    if !isTaken { combinations.append(Combination(values: entries, listed: 0)) }
  }

  private static func isEqual(_ a: Node, _ b: Node) -> Bool {
    JSONWriter.canonical(CoreSchema.json(a)) == JSONWriter.canonical(CoreSchema.json(b))
  }

  // MARK: - Names

  /// A name per combination: that of the stage, then list and value for each list:
  /// `sft-learning_rate-1e-4-lora_r-16`. It depends on the values alone, so that a value more or
  /// another order changes no name.
  ///
  /// Characters other than letters, digits, `-` and `_` become `_`. A name that two combinations
  /// would share, or that is longer than 64, ends in a part of the values' SHA-256.
  func names(_ stage: String) -> [String] {
    let plain = combinations.map { combination in
      let shown = combination.values.prefix(combination.listed > 0 ? combination.listed : .max)
      return stage + shown.map { "-\($0.name)-\(Self.text($0.value))" }.joined()
    }
    var counts: [String: Int] = [:]
    for name in plain { counts[name, default: 0] += 1 }
    return zip(combinations, plain).map { combination, name in
      if counts[name] == 1, name.utf8.count <= 64 { return name }
      let members = combination.values.map { JSONMember($0.name, CoreSchema.json($0.value)) }
      let digest = Digest(canonical: .object(members)).hex.prefix(8)
      return String(name.prefix(64 - 9)) + "-" + digest
    }
  }

  private static func text(_ node: Node) -> String {
    guard let scalar = node.scalar else {
      return String(Digest(canonical: CoreSchema.json(node)).hex.prefix(6))
    }
    return String(
      scalar.text.unicodeScalars.map { scalar -> Character in
        let isKept =
          scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-")
        return isKept ? Character(scalar) : "_"
      })
  }
}
