import Diagnostics
import Documents
private import Foundation

/// What rotary tables are read from: transformers 5 keeps everything in `rope_parameters`, possibly
/// one table for each kind of layer; 4 has `rope_scaling` beside `rope_theta`.
///
/// The order of precedence is that of transformers' `RotaryEmbeddingConfigMixin`.
struct RopeReader {
  let family: ModelFamily
  let headSize: Int
  let contextLength: Int

  /// The main table, and behind it the sliding layers' own if it is another.
  func ropes(_ read: inout ConfigurationReader) -> [Rope] {
    let (main, sliding) = sources(&read)
    var ropes = [rope(main, theta: family.ropeTheta, thetaKey: "rope_theta", &read)]
    if let sliding {
      let local =
        family.localRopeTheta.map { ($0, "rope_local_base_freq") }
        ?? (family.ropeTheta, "rope_theta")
      let rope = rope(sliding, theta: local.0, thetaKey: local.1, &read)
      if rope != ropes[0] { ropes.append(rope) }
    }
    return ropes
  }

  private func sources(_ read: inout ConfigurationReader) -> (JSONValue, JSONValue?) {
    let scaling = table("rope_scaling", &read)
    let parameters = table("rope_parameters", &read)
    func part(_ source: JSONValue, _ name: String) -> JSONValue? {
      source[name].flatMap { $0.objectValue == nil ? nil : $0 }
    }
    guard family.localRopeTheta != nil else {
      let source = scaling ?? parameters ?? .object([])
      let (full, sliding) = (part(source, "full_attention"), part(source, "sliding_attention"))
      return full == nil && sliding == nil ? (source, nil) : (full ?? .object([]), sliding)
    }
    let full = parameters.flatMap { part($0, "full_attention") }
    let sliding = parameters.flatMap { part($0, "sliding_attention") }
    if let parameters, full == nil, sliding == nil, parameters["rope_type"] != nil {
      read.problem(
        "config.rope", "'rope_parameters' is one table, expected one for each kind of layer",
        fix: "put the tables under 'full_attention' and 'sliding_attention'")
    }
    var members = full?.objectValue ?? []
    for member in scaling?.objectValue ?? [] {
      members.removeAll { $0.key == member.key }
      members.append(member)
    }
    return (.object(members), sliding ?? .object([]))
  }

  /// The object at `key`; nil when absent, null or empty.
  private func table(_ key: String, _ read: inout ConfigurationReader) -> JSONValue? {
    guard let value = read.value(key) else { return nil }
    guard let members = value.objectValue else {
      read.problem("config.wrong-type", "'\(key)' is \(value.kindName), expected an object")
      return nil
    }
    return members.isEmpty ? nil : value
  }

  private func rope(
    _ source: JSONValue, theta fallback: Double, thetaKey: String,
    _ read: inout ConfigurationReader
  ) -> Rope {
    var inner = ConfigurationReader(source, file: read.file)
    let thetas = 1e-3...1e15
    let theta =
      inner.value("rope_theta") != nil
      ? inner.number("rope_theta", in: thetas)
      : read.number(thetaKey, in: thetas, default: fallback)
    let dimensions = dimensions(&inner, &read)
    let scaling = scaling(&inner, &read, dimensions)
    if case .yarn? = scaling, theta <= 1 {
      inner.problem("config.rope", "'rope_theta' is \(theta), yarn needs more than 1")
    }
    for diagnostic in inner.diagnostics { read.adopt(diagnostic) }
    return Rope(theta: theta, scaling: scaling, dimensions: dimensions)
  }

  private func dimensions(
    _ inner: inout ConfigurationReader, _ read: inout ConfigurationReader
  ) -> Int {
    let key = "partial_rotary_factor"
    let part =
      inner.value(key) != nil
      ? inner.number(key, in: 0...1, default: 1) : read.number(key, in: 0...1, default: 1)
    if part == 1 { return headSize }
    guard family.rotatesPart else {
      inner.problem("config.rope", "'\(key)' is \(part), expected 1 in \(family.modelType)")
      return headSize
    }
    let dimensions = Int(Double(headSize) * part)
    if dimensions < 2 || dimensions % 2 != 0 {
      inner.problem(
        "config.rope",
        "'\(key)' \(part) rotates \(dimensions) of \(headSize) components, expected an even number")
    }
    return dimensions
  }

  private func scaling(
    _ inner: inout ConfigurationReader, _ read: inout ConfigurationReader, _ dimensions: Int
  ) -> RopeScaling? {
    let said = inner.string("rope_type") ?? inner.string("type") ?? "default"
    let known = family.ropeTypes ?? Self.types
    guard let kind = known[said] else {
      inner.problem(
        "config.rope", "the rope type '\(SafeText.escaped(said))' is not supported",
        fix: "supported rope types: "
          + Self.order.filter { known[$0] == $0 }.joined(separator: ", "))
      return nil
    }
    let factors = 1e-6...1e9
    switch kind {
    case "linear": return .linear(factor: inner.number("factor", in: factors))
    case "dynamic":
      if dimensions <= 2 {
        inner.problem("config.rope", "dynamic rope needs more than 2 components of a head")
      }
      return .dynamic(
        factor: inner.number("factor", in: factors), originalContextLength: contextLength)
    case "llama3": return llama3(&inner, original(&inner, &read), factors)
    case "yarn": return yarn(&inner, original(&inner, &read), factors)
    case "longrope": return longrope(&inner, original(&inner, &read), factors, dimensions)
    default: return nil
    }
  }

  /// Every type under its own name.
  private static let types = Dictionary(uniqueKeysWithValues: order.map { ($0, $0) })
  private static let order = ["default", "linear", "dynamic", "llama3", "yarn", "longrope"]

  /// The length of pretraining: of a key beside the table where the file or the family has one,
  /// else of the table, else the context length.
  private func original(
    _ inner: inout ConfigurationReader, _ read: inout ConfigurationReader
  ) -> Int {
    let key = "original_max_position_embeddings"
    let lengths = 1...Int(Int32.max)
    if let outside = family.originalContextLength {
      return read.integer(key, in: lengths, default: outside)
    }
    if read.value(key) != nil, family.localRopeTheta == nil {
      return read.integer(key, in: lengths)
    }
    return inner.integer(key, in: lengths, default: contextLength)
  }

  private func llama3(
    _ inner: inout ConfigurationReader, _ original: Int, _ factors: ClosedRange<Double>
  ) -> RopeScaling {
    let factor = inner.number("factor", in: factors)
    let low = inner.number("low_freq_factor", in: factors)
    let high = inner.number("high_freq_factor", in: factors)
    if low >= high, inner.diagnostics.isEmpty {
      inner.problem(
        "config.rope", "'low_freq_factor' \(low) is not below 'high_freq_factor' \(high)")
    }
    return .llama3(
      factor: factor, lowFrequencyFactor: low, highFrequencyFactor: high,
      originalContextLength: original)
  }

  private func yarn(
    _ inner: inout ConfigurationReader, _ original: Int, _ factors: ClosedRange<Double>
  ) -> RopeScaling {
    let factor = inner.number(
      "factor", in: factors, default: Double(contextLength) / Double(original))
    func mscale(_ scale: Double) -> Double { factor <= 1 ? 1 : 0.1 * scale * log(factor) + 1 }
    let up = inner.number("mscale", in: 0...1e6, default: 0)
    let down = inner.number("mscale_all_dim", in: 0...1e6, default: 0)
    let inferred = up > 0 && down > 0 ? mscale(up) / mscale(down) : mscale(1)
    // transformers looks for `truncate` beside the tables where there is one for each kind of layer.
    let truncates = inner.flag("truncate", default: true) || family.localRopeTheta != nil
    // It takes 0 for absent.
    let fast = inner.number("beta_fast", in: 0...1e9, default: 32)
    let slow = inner.number("beta_slow", in: 0...1e9, default: 1)
    return .yarn(
      RopeScaling.Yarn(
        factor: factor,
        attentionFactor: inner.number("attention_factor", in: 0...1e6, default: inferred),
        betaFast: fast == 0 ? 32 : fast, betaSlow: slow == 0 ? 1 : slow,
        originalContextLength: original, truncates: truncates))
  }

  private func longrope(
    _ inner: inout ConfigurationReader, _ original: Int, _ factors: ClosedRange<Double>,
    _ dimensions: Int
  ) -> RopeScaling {
    let factor = inner.number(
      "factor", in: factors, default: Double(contextLength) / Double(original))
    let inferred =
      factor <= 1 || original < 2 ? 1 : (1 + log(factor) / log(Double(original))).squareRoot()
    return .longrope(
      short: list("short_factor", dimensions / 2, factors, &inner),
      long: list("long_factor", dimensions / 2, factors, &inner),
      attentionFactor: inner.number("attention_factor", in: 0...1e6, default: inferred),
      originalContextLength: original)
  }

  private func list(
    _ key: String, _ count: Int, _ range: ClosedRange<Double>,
    _ inner: inout ConfigurationReader
  ) -> [Double] {
    guard let value = inner.value(key) else {
      inner.problem("config.missing", "'\(key)' is missing")
      return []
    }
    let numbers = value.arrayValue?.compactMap(\.doubleValue) ?? []
    guard value.arrayValue?.count == count, numbers.count == count,
      numbers.allSatisfy(range.contains)
    else {
      inner.problem(
        "config.rope",
        "'\(key)' is \(value.arrayValue.map { "a list of \($0.count)" } ?? value.kindName), "
          + "expected \(count) numbers from \(range.lowerBound) to \(range.upperBound)")
      return []
    }
    return numbers
  }
}
