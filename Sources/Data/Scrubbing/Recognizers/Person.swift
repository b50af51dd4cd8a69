extension Recognizer {
  /// Names of people: behind a title (`Dr. Ford`), behind words that announce one (`my name is …`,
  /// `Best regards, …`, `"name": "…"`), by lists and endings of given and family names, by the
  /// e-mail address beside them, and wherever a name found elsewhere in the text comes back.
  ///
  /// The range holds the name without its title. Scores: title 0.85, announced 0.8, both lists 0.7,
  /// one list 0.5 to 0.6, a listed given name alone 0.45, a name that comes back 0.6.
  static let person = Recognizer(
    entity: .person,
    search: .words { words, found in
      for name in PersonFinder.names(in: words) {
        found.append(
          Detection(
            .person, words[name.first].start..<words[name.last].end, score: name.score))
      }
    })
}

/// A run of words taken for a name.
struct FoundName {
  var first: Int
  /// Inclusive.
  var last: Int
  var score: Double
}
