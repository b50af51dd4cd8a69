/// What TRL's GRPOTrainer logs of a micro-batch, as sums: names and what they are means of.
///
/// | name | mean over tokens of |
/// |---|---|
/// | `kl` | the divergence from the reference (where beta is not 0) |
/// | `clip_ratio/low_mean`, `/high_mean`, `/region_mean` | ratios cut below, above, either way |
/// | `clip_ratio/low_min`, `/high_max` | the least and the largest of it over completions |
/// | `cispo_clip_ratio` | ratios of a positive advantage above the bound |
///
/// At the level of sequences a completion counts once, whatever its length.
package struct PolicyStatistics: Sendable, Hashable {
  private var divergence = 0.0
  private var low = 0.0
  private var high = 0.0
  private var counted = 0.0
  private var divergenceCounted = 0.0
  private var lowMin: Double?
  private var highMax: Double?
  private var names: Set<String> = []

  init() {}

  mutating func add(
    _ completion: PolicyLoss.Completion, _ parts: PolicyLoss.Parts, _ loss: PolicyLoss
  ) {
    let tokens = Double(parts.ratios.count)
    guard tokens > 0 else { return }
    let unit = loss.level == .sequence ? 1 / tokens : 1
    let advantage = completion.advantage
    if loss.beta != 0 {
      divergence += parts.divergence.reduce(0, +) / loss.beta
      divergenceCounted += tokens
      names.insert("kl")
    }
    counted += tokens * unit
    if loss.kind.clips {
      let below = parts.ratios.count { $0 < 1 - loss.epsilonLow && advantage < 0 }
      let above = parts.ratios.count { $0 > 1 + loss.epsilonHigh && advantage > 0 }
      low += Double(below) * unit
      high += Double(above) * unit
      lowMin = min(lowMin ?? .infinity, Double(below) / tokens)
      highMax = max(highMax ?? 0, Double(above) / tokens)
      names.insert("clip_ratio")
    } else if loss.kind == .cispo {
      high += Double(parts.ratios.count { $0 > loss.epsilonHigh && advantage > 0 }) * unit
      names.insert("cispo_clip_ratio")
    }
  }

  /// By TRL's names, in a fixed order.
  package var means: [NamedValue] {
    let units = max(1, counted)
    var means: [NamedValue] = []
    if names.contains("kl") {
      means.append(NamedValue("kl", divergence / max(1, divergenceCounted)))
    }
    if names.contains("clip_ratio") {
      means += [
        NamedValue("clip_ratio/low_mean", low / units),
        NamedValue("clip_ratio/high_mean", high / units),
        NamedValue("clip_ratio/region_mean", (low + high) / units),
        NamedValue("clip_ratio/low_min", lowMin ?? 0),
        NamedValue("clip_ratio/high_max", highMax ?? 0),
      ]
    }
    if names.contains("cispo_clip_ratio") {
      means.append(NamedValue("cispo_clip_ratio", high / units))
    }
    return means
  }
}
