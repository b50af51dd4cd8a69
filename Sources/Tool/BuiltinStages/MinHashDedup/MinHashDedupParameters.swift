internal import Curation
internal import Documents
package import StageKit

package struct MinHashDedupParameters: StageParameters {
  /// Where band keys and shingles are kept.
  enum Storage: String, CaseIterable {
    /// In memory as far as `memory` goes, the rest in files.
    case auto
    case memory
    case disk
  }
  enum Texts: String, CaseIterable { case all, user, assistant, column }

  let rules: DedupRules
  let substring: SubstringRules?
  let maxRemoval: Double
  let allowLargeRemoval: Bool

  package init(_ read: inout ParameterReader) {
    let method = read.choice(
      "method", default: DedupRules.Method.minhash,
      help: "What is removed: exact and normalised find equal texts, minhash near ones as well.")
    let threshold = read.number(
      "threshold", default: 0.8, in: 0.3...1,
      help: "Jaccard similarity at or above which two rows are duplicates.")
    let shingler = Self.shingler(&read)
    let minHash = Self.minHash(threshold, &read)
    let texts = Self.texts(&read)
    let verification = read.choice(
      "verify", default: DedupRules.Verification.exact,
      help: "Whether candidates are compared exactly; none joins them as they are.")
    let keep = read.choice(
      "keep", default: DedupRules.Keep.first, help: "Which row of a cluster stays.")
    let bestBy = read.optionalString(
      "best_by", help: "For keep: best: the column whose highest number stays.")
    let clustering = read.choice(
      "cluster", default: DedupRules.Clustering.components,
      help: "components joins what is linked by pairs; greedy keeps one row for those near it.")
    let scope = read.choice(
      "compare", default: DedupRules.Scope.all,
      help: "Which rows are compared: all, those within a source, or those across sources.")
    let sourceField = read.string(
      "source_field", default: "source",
      help: "The column that names where a row comes from, for removals by source.")
    substring = SubstringRules(&read)
    maxRemoval = read.number(
      "max_removal", default: 0.5, in: 0...1,
      help: "The share of a source above which removals are refused.")
    allowLargeRemoval = read.flag(
      "allow_large_removal", default: false,
      help: "Go on even if more than 'max_removal' of a source is removed.")
    let memory = Self.memory(&read)
    rules = DedupRules(
      minHash, shingler, method: method, texts: texts, verification: verification, keep: keep,
      scoreColumn: bestBy, sourceColumn: sourceField, clustering: clustering, scope: scope,
      memory: memory)
    if keep == .best, bestBy == nil { read.problem("best_by", "keep: best needs a column") }
  }

  private static func shingler(_ read: inout ParameterReader) -> Shingler {
    let unit = read.choice(
      "shingle", default: Shingler.Unit.words, help: "What a shingle is made of.")
    let words = read.integer(
      "shingle_words", default: 5, in: 1...64, help: "Words of a shingle, for shingle: words.")
    let characters = read.integer(
      "shingle_characters", default: 24, in: 1...64,
      help: "Characters of a shingle, for shingle: characters.")
    let lowercase = read.flag(
      "lowercase", default: true, help: "Compare texts in lower case.")
    let digits = read.choice(
      "digits", default: Normalisation.Digits.keep, help: "zero reads every digit as 0.")
    let accents = read.choice(
      "accents", default: Normalisation.Accents.keep, help: "strip reads letters without marks.")
    return Shingler(
      unit, size: min(64, max(1, unit == .words ? words : characters)),
      Normalisation(lowercase: lowercase, digits: digits, accents: accents))
  }

  private static func minHash(_ threshold: Double, _ read: inout ParameterReader) -> MinHash {
    let permutations = read.integer(
      "permutations", default: MinHash.permutationsDefault, in: 16...4096,
      help: "Permutations a signature may have; bands follow from them and the threshold.")
    let bands = read.optionalInteger(
      "bands", in: 1...1024, help: "Bands of a signature, instead of those that follow.")
    let rows = read.optionalInteger(
      "rows_per_band", in: 1...64, help: "Rows of a band, instead of those that follow.")
    let seed = read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of the signatures.")
    if (bands == nil) != (rows == nil) {
      read.problem(
        bands == nil ? "bands" : "rows_per_band", "'bands' and 'rows_per_band' go together")
    }
    if let bands, let rows {
      return MinHash(threshold: threshold, bands: bands, rows: rows, seed: UInt64(seed))
    }
    return MinHash(
      threshold: min(1, max(0.3, threshold)), permutations: max(16, permutations),
      seed: UInt64(seed))
  }

  private static func texts(_ read: inout ParameterReader) -> DedupRules.Texts {
    let texts = read.choice(
      "texts", default: Texts.all,
      help: "What is compared: all texts, what the user says, the answers, or a column.")
    let column = read.optionalString("column", help: "For texts: column: the column compared.")
    switch texts {
    case .all: return .all
    case .user: return .user
    case .assistant: return .assistant
    case .column:
      if column == nil { read.problem("column", "texts: column needs a column") }
      return .column(column ?? "")
    }
  }

  private static func memory(_ read: inout ParameterReader) -> Int {
    let text = read.string(
      "memory", default: "3GB",
      help: "What the search may hold in memory (500MB, 2GB); beyond, it uses files.")
    let storage = read.choice(
      "storage", default: Storage.auto,
      help: "Where band keys and shingles are kept; auto follows 'memory'.")
    let bytes = ByteSize.bytes(text)
    if bytes == nil {
      read.problem("memory", "expected a number and KB, MB or GB", fix: "write, for example, '2GB'")
    }
    switch storage {
    case .auto: return bytes ?? 3_000_000_000
    case .memory: return Int.max
    case .disk: return 0
    }
  }
}

/// Sizes as people write them.
enum ByteSize {
  private static let units: [(String, Int)] = [
    ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("TIB", 1 << 40), ("KB", 1000),
    ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
  ]

  /// `2GB`, `1.5 GiB`, `500000000`; nil when it is something else.
  static func bytes(_ text: String) -> Int? {
    let upper = text.uppercased().filter { $0 != " " }
    for (name, factor) in units where upper.hasSuffix(name) {
      return scaled(String(upper.dropLast(name.count)), factor)
    }
    return scaled(upper, 1)
  }

  private static func scaled(_ number: String, _ factor: Int) -> Int? {
    guard let value = Double(number), value >= 0, value.isFinite else { return nil }
    return Int(exactly: (value * Double(factor)).rounded())
  }
}
