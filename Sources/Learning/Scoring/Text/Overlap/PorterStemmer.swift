/// Porter's stemmer of English (Porter 1980, "An algorithm for suffix stripping") with the changes
/// of NLTK's `PorterStemmer`, its default mode, which rouge_score uses.
struct PorterStemmer {
  /// The stem of a word of lower-case ASCII letters and digits.
  static func stem(_ word: ArraySlice<UInt8>) -> [UInt8] {
    if let known = irregular[String(decoding: word, as: UTF8.self)] { return known }
    if word.count <= 2 { return Array(word) }
    var stemmer = PorterStemmer(word: Array(word))
    stemmer.plurals()
    stemmer.pastAndProgressive()
    stemmer.finalY()
    stemmer.apply(PorterRules.second)
    stemmer.apply(PorterRules.third)
    stemmer.apply(PorterRules.fourth)
    stemmer.finalE()
    return stemmer.word
  }

  private static let irregular: [String: [UInt8]] = {
    let stems = [
      ("sky", "sky skies"), ("die", "dying"), ("lie", "lying"), ("tie", "tying"), ("news", "news"),
      ("inning", "innings inning"), ("outing", "outings outing"), ("canning", "cannings canning"),
      ("howe", "howe"), ("proceed", "proceed"), ("exceed", "exceed"), ("succeed", "succeed"),
    ]
    var table: [String: [UInt8]] = [:]
    for (stem, words) in stems {
      for word in words.split(separator: " ") { table[String(word)] = Array(stem.utf8) }
    }
    return table
  }()

  private var word: [UInt8]

  private func ends(_ suffix: StaticString) -> Bool {
    let length = suffix.utf8CodeUnitCount
    guard word.count >= length else { return false }
    return suffix.withUTF8Buffer { word.suffix(length).elementsEqual($0) }
  }

  private mutating func replace(_ count: Int, by text: StaticString = "") {
    word.removeLast(count)
    text.withUTF8Buffer { word.append(contentsOf: $0) }
  }

  /// Step 1a.
  private mutating func plurals() {
    if ends("ies") {
      replace(3, by: word.count == 4 ? "ie" : "i")
    } else if ends("sses") {
      replace(2)
    } else if ends("s"), !ends("ss") {
      replace(1)
    }
  }

  /// Step 1b.
  private mutating func pastAndProgressive() {
    if ends("ied") { return replace(3, by: word.count == 4 ? "ie" : "i") }
    if ends("eed") {
      if measure(word.count - 3) > 0 { replace(1) }
      return
    }
    if ends("ed"), hasVowel(word.count - 2) {
      replace(2)
    } else if ends("ing"), hasVowel(word.count - 3) {
      replace(3)
    } else {
      return
    }
    if ends("at") || ends("bl") || ends("iz") { return replace(0, by: "e") }
    let last = word[word.count - 1]
    if word.count >= 2, word[word.count - 2] == last, isConsonant(word.count - 1) {
      if last != UInt8(ascii: "l"), last != UInt8(ascii: "s"), last != UInt8(ascii: "z") {
        replace(1)
      }
    } else if measure(word.count) == 1, endsShort(word.count) {
      replace(0, by: "e")
    }
  }

  /// Step 1c.
  private mutating func finalY() {
    if ends("y"), word.count > 2, isConsonant(word.count - 2) { replace(1, by: "i") }
  }

  /// Steps 2 to 4: of the rules the first whose suffix fits; when its condition fails, none.
  private mutating func apply(_ rules: PorterRules) {
    while rules.isSecond, ends("alli"), measure(word.count - 4) > 0 { replace(2) }
    for rule in rules.list where ends(rule.suffix) {
      let length = rule.suffix.utf8CodeUnitCount
      let stem = word.count - length
      guard measure(stem + rule.keptLetters) > rules.least else { return }
      if let letters = rule.after, !(stem > 0 && letters.contains(word[stem - 1])) { return }
      return replace(length, by: rule.replacement)
    }
  }

  /// Step 5.
  private mutating func finalE() {
    if ends("e") {
      let measure = measure(word.count - 1)
      if measure > 1 || (measure == 1 && !endsShort(word.count - 1)) { replace(1) }
    }
    if ends("ll"), measure(word.count - 1) > 1 { replace(1) }
  }
}

extension PorterStemmer {
  private static let vowels = Set("aeiou".utf8)

  /// Whether a letter is a consonant: y is one at the beginning and after a vowel.
  private func isConsonant(_ index: Int) -> Bool {
    var run = 0
    while index - run > 0, word[index - run] == UInt8(ascii: "y") { run += 1 }
    let isFirst = !Self.vowels.contains(word[index - run])
    return run % 2 == 0 ? isFirst : !isFirst
  }

  /// How many times a vowel is followed by a consonant in the first `count` letters.
  private func measure(_ count: Int) -> Int {
    var (changes, wasConsonant) = (0, true)
    for index in 0..<count {
      let isConsonant = isConsonant(index, after: wasConsonant)
      if isConsonant, !wasConsonant { changes += 1 }
      wasConsonant = isConsonant
    }
    return changes
  }

  private func hasVowel(_ count: Int) -> Bool {
    var wasConsonant = true
    for index in 0..<count {
      wasConsonant = isConsonant(index, after: wasConsonant)
      if !wasConsonant { return true }
    }
    return false
  }

  private func isConsonant(_ index: Int, after wasConsonant: Bool) -> Bool {
    if word[index] == UInt8(ascii: "y") { return index == 0 || !wasConsonant }
    return !Self.vowels.contains(word[index])
  }

  /// Whether the first `count` letters end with consonant, vowel, consonant, the last none of w, x
  /// and y, or are a vowel and a consonant.
  private func endsShort(_ count: Int) -> Bool {
    if count == 2 { return !isConsonant(0) && isConsonant(1) }
    guard count >= 3, isConsonant(count - 3), !isConsonant(count - 2), isConsonant(count - 1)
    else { return false }
    return !Set("wxy".utf8).contains(word[count - 1])
  }
}

/// A step of rules that share a condition: more than `least` changes from vowel to consonant in
/// what is left of the word.
private struct PorterRules: Sendable {
  struct Rule: Sendable {
    let suffix: StaticString
    let replacement: StaticString
    /// Letters of the suffix that the condition counts in.
    var keptLetters = 0
    /// What the letter before must be one of.
    var after: [UInt8]?
  }

  let list: [Rule]
  var least = 0
  var isSecond = false

  private static func rules(_ pairs: KeyValuePairs<StaticString, StaticString>) -> [Rule] {
    pairs.map { Rule(suffix: $0.key, replacement: $0.value) }
  }

  static let second = PorterRules(
    list: rules([
      "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize",
      "bli": "ble", "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize",
      "ation": "ate", "ator": "ate", "alism": "al", "iveness": "ive", "fulness": "ful",
      "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "fulli": "ful",
    ]) + [Rule(suffix: "logi", replacement: "log", keptLetters: 1)], isSecond: true)

  static let third = PorterRules(
    list: rules([
      "icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": "",
    ]))

  static let fourth = PorterRules(
    list: rules([
      "al": "", "ance": "", "ence": "", "er": "", "ic": "", "able": "", "ible": "", "ant": "",
      "ement": "", "ment": "", "ent": "",
    ]) + [Rule(suffix: "ion", replacement: "", after: Array("st".utf8))]
      + rules([
        "ou": "", "ism": "", "ate": "", "iti": "", "ous": "", "ive": "", "ize": "",
      ]), least: 1)
}
