import Foundation

/// What to measure, by the names of the Python peer (`torch_train.py`).
struct BenchOptions {
  enum Method: String, CaseIterable { case lora, full, dpo, qlora, generate, score }
  enum DataType: String, CaseIterable { case f32, bf16 }

  var shape = BenchShape.smol135m
  var method = Method.lora
  var dtype = DataType.f32
  /// Tokens of a row.
  var sequence = 512
  var batch = 2
  var steps = 3
  var warmup = 1
  var threads = 2
  var rank = 16
  var prompt = 32
  var new = 48
  /// Rows that go through the model at once; a step may take several such parts.
  var micro = 1_000_000
  /// Tokens of the prompt that both answers of a preference pair begin with; 0: they share nothing.
  var shared = 0
  /// Layers that are computed again for backward.
  var repeatedLayers = 0
  /// GFLOP/s taken as the whole; 0: not known.
  var peak = 0.0
  /// Products alone, not a model.
  var measuresProducts = false
  /// The card that computes, by its number; nil: the processors.
  var card: Int?
  /// A table of where a step's time goes, before the figures.
  var profiles = false

  /// - Throws: a sentence about the first argument that is not understood.
  init(_ arguments: [String]) throws(Mistake) {
    var index = 0
    while index < arguments.count {
      let name = arguments[index]
      if name == "--products" || name == "--profile" {
        if name == "--products" { measuresProducts = true } else { profiles = true }
        index += 1
        continue
      }
      guard index + 1 < arguments.count else { throw Mistake("\(name) has no value") }
      try set(name, arguments[index + 1])
      index += 2
    }
  }

  struct Mistake: Error {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
  }

  private mutating func set(_ name: String, _ value: String) throws(Mistake) {
    switch name {
    case "--shape": shape = try Self.choice(name, value)
    case "--method": method = try Self.choice(name, value)
    case "--dtype": dtype = try Self.choice(name, value)
    case "--seq": sequence = try Self.count(name, value, from: 2)
    case "--batch": batch = try Self.count(name, value)
    case "--steps": steps = try Self.count(name, value)
    case "--warmup": warmup = try Self.count(name, value, from: 0)
    case "--threads": threads = try Self.count(name, value)
    case "--rank": rank = try Self.count(name, value)
    case "--prompt": prompt = try Self.count(name, value)
    case "--new": new = try Self.count(name, value)
    case "--shared": shared = try Self.count(name, value, from: 0)
    case "--micro": micro = try Self.count(name, value)
    case "--ckpt": repeatedLayers = try Self.count(name, value, from: 0)
    case "--device":
      guard value == "cpu" || value == "cuda" || value.hasPrefix("cuda:"),
        value == "cpu" || value == "cuda" || Int(value.dropFirst(5)) != nil
      else { throw Mistake("\(name) is '\(value)', expected cpu, cuda or cuda:N") }
      card = value == "cpu" ? nil : Int(value.dropFirst(5)) ?? 0
    case "--peak":
      guard let number = Double(value) else { throw Mistake("\(name) is '\(value)', not a number") }
      peak = number
    default: throw Mistake("'\(name)' is not an option")
    }
  }

  private static func count(_ name: String, _ value: String, from least: Int = 1)
    throws(Mistake) -> Int
  {
    guard let number = Int(value), (least...1_000_000).contains(number) else {
      throw Mistake("\(name) is '\(value)', expected a whole number from \(least) on")
    }
    return number
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ value: String
  ) throws(Mistake) -> Choice {
    guard let choice = Choice(rawValue: value) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw Mistake("\(name) is '\(value)', expected one of \(all)")
    }
    return choice
  }
}
