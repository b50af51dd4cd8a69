/// What a ``NumberScheme`` asks before its check: plain numbers, so that the many schemes of one length
/// are gone through without a copy or a call.
struct NumberGate: Sendable {
  private let layouts: InlineArray<8, UInt64>
  /// Bit n: ``NumberRun/Gap`` n may stand between the groups; 0: any one sign.
  private let gaps: UInt8
  private let cue: CueSet
  private let bare: Double
  private let grouped: Double
  private let isChecked: Bool
  private let limit: Double

  init(_ scheme: NumberScheme, limit: Double) {
    precondition(scheme.layouts.count <= 8, "more than eight layouts")
    layouts = InlineArray<8, UInt64> { $0 < scheme.layouts.count ? scheme.layouts[$0] : 0 }
    gaps = scheme.gaps.reduce(0) { $0 | 1 << $1.rawValue }
    cue = scheme.cue
    bare = scheme.bare
    grouped = scheme.grouped
    isChecked = scheme.isChecked
    self.limit = limit
  }

  /// The score of the candidate as a number of the scheme if its check passes; 0 when it is none or
  /// stays below the limit.
  func score(_ candidate: NumberCandidate, _ context: Context) -> Double {
    let isNamed = context.has(cue)
    let isIdentity = isNamed || context.isIdentity
    var score: Double
    if candidate.groupCount == 1 {
      score = bare
    } else if hasLayout(candidate.layout), hasGaps(candidate, isIdentity: isIdentity) {
      score = grouped
    } else if isIdentity, isChecked, candidate.gap != .wide {
      score = bare
    } else {
      return 0
    }
    if isNamed {
      score = max(score + 0.35, isChecked ? 0.7 : 0.45)
    } else if isIdentity, isChecked {
      score = max(score + 0.25, 0.5)
    } else if isIdentity {
      score += 0.2
    } else if !context.nearest.isEmpty, context.distance <= 4 {
      score -= 0.3
    }
    return score >= limit ? score : 0
  }

  private func hasLayout(_ layout: UInt64) -> Bool {
    for place in layouts.indices where layouts[place] == layout { return true }
    return false
  }

  private func hasGaps(_ candidate: NumberCandidate, isIdentity: Bool) -> Bool {
    if gaps == 0 { return candidate.gap != .wide || candidate.groupCount > 3 && isIdentity }
    return gaps >> candidate.gap.rawValue & 1 == 1 || gaps >> NumberRun.Gap.wide.rawValue & 1 == 1
  }
}
