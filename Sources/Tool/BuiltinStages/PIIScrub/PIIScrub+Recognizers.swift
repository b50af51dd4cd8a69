internal import Diagnostics
internal import Scrubbing
internal import StageKit

extension PIIScrub.Parameters {
  /// The user's own recognizers, as Presidio's YAML names their parts.
  static func recognizers(_ read: inout ParameterReader) -> [CustomRecognizer] {
    read.list(
      "recognizers", optional: true, help: "Recognizers of your own, beside those built in."
    ) { read -> CustomRecognizer? in
      let name = read.string("name", default: "custom", help: "What messages call it.")
      let entity = read.string("entity", help: "What it finds, in capitals: 'EMPLOYEE_ID'.")
      let patterns = read.list("patterns", help: "What a value looks like.") { read in
        (
          regex: read.string(
            "regex",
            help: "A regular expression; case is ignored. No look-around and no back-references."),
          score: read.number("score", default: 0.5, in: 0...1, help: "Score of a match.")
        )
      }
      let context = read.strings(
        "context", default: [],
        help: "Words; one of them among the five before a match adds 0.35 to its score.")
      let check = read.optionalString(
        "checksum", help: "A check that a match must pass: luhn, iban, mod97 or verhoeff.")
      return recognizer(name, entity, patterns, context, check, &read)
    }.compactMap { $0 }
  }

  private static func recognizer(
    _ name: String, _ entity: String, _ patterns: [(regex: String, score: Double)],
    _ context: [String], _ checkName: String?, _ read: inout ParameterReader
  ) -> CustomRecognizer? {
    var check: CustomRecognizer.Check?
    if let checkName {
      check = CustomRecognizer.Check(rawValue: checkName)
      if check == nil {
        let names = CustomRecognizer.Check.allCases.map(\.rawValue)
        read.problem(
          "checksum",
          "'\(SafeText.escaped(checkName))' is none of \(names.joined(separator: ", "))",
          fix: NearestName.suggestion(for: checkName, among: names).map { "did you mean '\($0)'?" })
        return nil
      }
    }
    let isName = entity.utf8.allSatisfy { $0 == 0x5F || $0 &- 0x41 < 26 || $0 &- 0x30 < 10 }
    guard isName, !entity.isEmpty else {
      read.problem(
        "entity", "'\(SafeText.escaped(entity))' is no name of an entity",
        fix: "use capitals, digits and '_', such as EMPLOYEE_ID")
      return nil
    }
    do {
      return try CustomRecognizer(
        name: name, entity: Entity(entity), patterns: patterns, context: context, check: check)
    } catch {
      let found = (error as? Failure)?.diagnostics.first
      read.problem(
        "patterns", found?.message ?? "a pattern cannot be read",
        fix: "write the pattern without it")
      return nil
    }
  }
}
