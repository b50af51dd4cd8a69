/// The cues near a place.
struct Context {
  /// Within three words before.
  var near: CueSet = []
  /// Within eight words before.
  var wide: CueSet = []
  /// What the closest word that says whose a value is, says.
  var nearest: CueSet = []
  /// Words between that one and the place.
  var distance = Int.max
  /// UTF-8 offset behind that one; 0 for the head of a column.
  var nearestEnd = 0
  /// Behind the value, in the same part of the sentence.
  var after: CueSet = []

  /// Cues that compete for ``nearest``: what cannot be two of these at once.
  static let competing: CueSet = CueSet.personal.union([
    .phone, .card, .iban, .birth, .impersonal, .company, .routing, .provider, .prescriber,
    .doctorNumber, .practiceNumber, .gst, .register, .secret, .password,
  ])

  /// Whether one of `cues` is near and nothing that competes is nearer.
  func has(_ cues: CueSet) -> Bool {
    if !nearest.isDisjoint(with: cues) { return distance <= 6 }
    if !near.isDisjoint(with: cues), nearest.isDisjoint(with: .impersonal) { return true }
    return (nearest.isEmpty || distance > 3) && !after.isDisjoint(with: cues)
  }

  /// Whether a word of identity numbers is near.
  var isIdentity: Bool { has([.identity, .idWord]) }

  /// Whether the closest cue makes a number no one's.
  var isImpersonal: Bool {
    nearest.contains(.impersonal)
      && nearest.isDisjoint(with: CueSet.personal.union([.phone, .card]))
      && distance <= 4
  }
}
