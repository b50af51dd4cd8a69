internal import Diagnostics
internal import Scrubbing
package import StageKit

extension PIIScrub {
  package struct Parameters: StageParameters {
    let entities: [String]
    let standard: ScrubOperator
    let operators: [Entity: ScrubOperator]
    let scoreThreshold: Double
    let allowList: [String]
    let denyList: [String]
    let excludedColumns: [String]
    let mask: MaskStyle
    let key: String?
    let thresholds: [Entity: Double]
    let custom: [CustomRecognizer]
    let sample: Int

    package init(_ read: inout ParameterReader) {
      let known = Entity.known.map(\.name)
      entities = read.strings(
        "entities", default: Entity.standard.map(\.name),
        help: "What to look for, in Presidio's names: \(known.joined(separator: ", ")).")
      standard = read.choice(
        "operator", default: ScrubOperator.replace,
        help: "What is done to what was found: '<ENTITY>', nothing left, masked, hashed with the "
          + "key, an invented value of the same kind, or kept and counted.")
      let written = read.pairs("operators", help: "Operators for single entities: 'PERSON: hash'.")
      scoreThreshold = read.number(
        "score_threshold", default: 0.4, in: 0...1, help: "Findings below this score are dropped.")
      allowList = read.strings(
        "allow_list", default: [], help: "Values that are no personal data, in any spelling.")
      denyList = read.strings(
        "deny_list", default: [], help: "Texts that always are, as whole words in any case.")
      excludedColumns = read.strings(
        "exclude_columns", default: [],
        help: "Columns beside the content that are left as they are.")
      let character = read.string("masking_char", default: "*", help: "What 'mask' writes.")
      let count = read.optionalInteger(
        "chars_to_mask", in: 1...10_000, help: "Characters that 'mask' covers; default all.")
      let fromEnd = read.flag(
        "from_end", default: false, help: "Whether 'mask' covers from the end.")
      mask = MaskStyle(character: character, charactersToMask: count, fromEnd: fromEnd)
      key = read.optionalString(
        "key", help: "Key of 'hash' and 'pseudonym': the same key gives the same values.")

      let limits = read.pairs(
        "thresholds", help: "Scores that single entities must reach: 'US_SSN: 0.6'.")
      custom = Self.recognizers(&read)
      sample = read.integer(
        "sample", default: 50, in: 0...10_000,
        help: "Rows with findings in 'sample.jsonl' for review, texts masked to their shape.")
      thresholds = Self.thresholds(limits, &read)
      let named = known + custom.map(\.entity.name)
      var chosen: [Entity: ScrubOperator] = [:]
      for (name, value) in written {
        if let scrubOperator = ScrubOperator(rawValue: value) {
          chosen[Entity(name)] = scrubOperator
        } else {
          let names = ScrubOperator.allCases.map(\.rawValue)
          read.problem(
            "operators", "'\(SafeText.escaped(value))' is none of \(names.joined(separator: ", "))",
            fix: NearestName.suggestion(for: value, among: names).map { "did you mean '\($0)'?" })
        }
      }
      operators = chosen
      Self.check(entities, "entities", known, &read)
      Self.check(
        written.map(\.key).filter { $0 != Entity.denyList.name }, "operators", named, &read)
      Self.check(limits.map(\.key), "thresholds", named, &read)
      if key?.isEmpty ?? true, ([standard] + chosen.values).contains(where: \.needsKey) {
        read.problem(
          "key", "the operators 'hash' and 'pseudonym' need a key",
          fix: "add 'key:' with a long random text, and keep it as secret as the data")
      }
    }

    private static func check(
      _ names: [String], _ parameter: String, _ known: [String], _ read: inout ParameterReader
    ) {
      for name in names where !known.contains(name) {
        let nearest = NearestName.suggestion(for: name, among: known)
        read.problem(
          parameter, "'\(SafeText.escaped(name))' is no entity this version finds",
          fix: nearest.map { "did you mean '\($0)'?" }
            ?? "it finds \(known.joined(separator: ", "))")
      }
    }

    private static func thresholds(
      _ written: [(key: String, value: String)], _ read: inout ParameterReader
    ) -> [Entity: Double] {
      var result: [Entity: Double] = [:]
      for (name, value) in written {
        if let number = Double(value), (0...1).contains(number) {
          result[Entity(name)] = number
        } else {
          read.problem(
            "thresholds",
            "'\(SafeText.escaped(name))' is '\(SafeText.escaped(value))', expected a number from 0 to 1"
          )
        }
      }
      return result
    }

    func rowScrubber(showsSurroundings: Bool) -> RowScrubber {
      let detector = Detector(
        entities: entities.map { Entity($0) }, scoreThreshold: scoreThreshold,
        thresholds: thresholds, allowList: allowList, denyList: denyList, custom: custom)
      let scrubber = Scrubber(
        detector: detector, operator: standard, operators: operators, mask: mask, key: key ?? "")
      return RowScrubber(
        scrubber, excludedColumns: excludedColumns, showsSurroundings: showsSurroundings)
    }
  }
}
