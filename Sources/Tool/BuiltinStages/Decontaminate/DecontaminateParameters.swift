package import StageKit

package struct DecontaminateParameters: StageParameters {
  struct Against: Sendable {
    var name: String
    var path: FilePattern
    var fields: [String]
  }

  let against: [Against]
  let words: Int
  let wordsMin: Int
  let share: Double
  let commonRows: Int
  let nearDuplicate: Double?
  let keepsRows: Bool

  package init(_ read: inout ParameterReader) {
    against = read.list(
      "against", optional: true, help: "Evaluation sets in files, besides the input 'test'."
    ) { entry in
      Against(
        name: entry.string("name", help: "The set's name in rules and reports."),
        path: entry.files("path", help: "JSON Lines or JSON, an item a row."),
        fields: entry.strings(
          "fields", default: [],
          help: "Columns whose texts make up the item: the question alone, or more; default all."))
    }
    words = read.integer(
      "ngram_words", default: 13, in: 2...64, help: "Words of a window of a long item.")
    wordsMin = read.integer(
      "ngram_words_min", default: 8, in: 1...64,
      help:
        "Words of a window of an item with fewer than ngram_words; a still shorter item must be "
        + "the whole of a text.")
    share = read.number(
      "share", default: 0.5, in: 0.01...1,
      help: "Share of an item's windows found in a row at which the row holds the item.")
    commonRows = read.integer(
      "common_rows", default: 10, in: 1...Int.max,
      help: "A window in this many rows that hold no item is common speech and is left out.")
    nearDuplicate = read.optionalNumber(
      "near_duplicate", in: 0.3...1,
      help:
        "Also drop rows with a text whose Jaccard similarity to an item (word pairs) is at least "
        + "this: paraphrases that change a word in every window.")
    keepsRows = read.flag(
      "report_only", default: false, help: "Drop nothing; hits.jsonl lists what would go.")
    var names: [String] = []
    for entry in against {
      if names.contains(entry.name) || entry.name == "test" {
        read.problem(
          "against", "the name '\(entry.name)' is taken", fix: "name each set differently")
      }
      names.append(entry.name)
    }
    if wordsMin > words {
      read.problem("ngram_words_min", "it is larger than ngram_words")
    }
  }
}
