import Diagnostics
import Foundation
import Planning
import StageKit
import Synchronization
import TestSupport

/// A small catalogue: one stage per shape of edge.
enum Toy {
  static let catalogue = StageCatalogue([
    Make.self, Clean.self, Train.self, Gate.self, Export.self,
  ])

  struct Make: Stage {
    static let kind: StageKind = "make"
    static let version = 1
    static let summary = "Reads rows."
    struct Parameters: StageParameters {
      let sources: [FilePattern]
      init(_ read: inout ParameterReader) {
        sources = read.list("sources", help: "Where rows come from.") {
          let path = $0.files("path", help: "A path or a glob.")
          _ = $0.string("type", default: "text", help: "What a row is.")
          return path
        }
      }
    }
    static func ports(for parameters: Parameters) -> Ports {
      Ports(
        outputs: [
          Port("records", .records, help: "The rows."), Port("report", .report, help: "Counts."),
        ])
    }
    static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs) -> [Diagnostic] {
      inputs.files.values.joined().filter { $0.bytes == 0 }.map {
        Diagnostic("toy.empty", "'\($0.name)' is empty", severity: .error)
      }
    }
    func run(_ parameters: Parameters, in context: StageContext) -> StageOutcome { .succeeded }
  }

  struct Clean: Stage {
    static let kind: StageKind = "clean"
    static let version = 2
    static let summary = "Cleans rows."
    enum Mode: String, CaseIterable { case drop, keep }
    struct Parameters: StageParameters {
      init(_ read: inout ParameterReader) {
        _ = read.number("threshold", default: 0.8, in: 0...1, help: "How much.")
        _ = read.strings("labels", default: [], help: "Which ones.")
        _ = read.choice("mode", default: Mode.drop, help: "What to do.")
        _ = read.optionalInteger(
          "limit", in: 1...Int.max, smoke: .rows, help: "At most so many.")
        _ = read.optionalInteger(
          "steps", in: 1...Int.max, smoke: .ifGiven(20), help: "At most so many steps.")
        _ = read.flag("strict", default: false, help: "Whether to be strict.")
      }
    }
    static func ports(for parameters: Parameters) -> Ports {
      Ports(
        inputs: [Port("records", .records, help: "Rows.")],
        outputs: [
          Port("kept", .records, help: "Rows."), Port("clusters", .clusters, help: "Groups."),
        ])
    }
    func run(_ parameters: Parameters, in context: StageContext) -> StageOutcome { .succeeded }
  }

  struct Train: Stage {
    static let kind: StageKind = "train"
    static let version = 1
    static let summary = "Trains."
    struct Parameters: StageParameters {
      init(_ read: inout ParameterReader) {
        _ = read.number("learning_rate", in: 0...1, help: "Step size.")
        _ = read.integer("lora_r", default: 16, in: 1...1024, smoke: .atMost(4), help: "Rank.")
      }
    }
    static func ports(for parameters: Parameters) -> Ports {
      Ports(
        inputs: [
          Port("model", .model, help: "Base."), Port("train", .records, help: "Rows."),
          Port("validation", .records, optional: true, help: "Rows."),
        ], outputs: [Port("model", .model, help: "Result.")])
    }
    func run(_ parameters: Parameters, in context: StageContext) -> StageOutcome { .succeeded }
  }

  struct Gate: Stage {
    static let kind: StageKind = "gate"
    static let version = 1
    static let summary = "Says yes or no."
    struct Parameters: StageParameters { init(_ read: inout ParameterReader) {} }
    static func ports(for parameters: Parameters) -> Ports {
      Ports(
        inputs: [Port("candidate", .model, help: "Model.")],
        outputs: [Port("verdict", .verdict, help: "Decision.")])
    }
    func run(_ parameters: Parameters, in context: StageContext) -> StageOutcome { .succeeded }
  }

  struct Export: Stage {
    static let kind: StageKind = "export"
    static let version = 1
    static let summary = "Writes files."
    struct Parameters: StageParameters { init(_ read: inout ParameterReader) {} }
    static func ports(for parameters: Parameters) -> Ports {
      Ports(
        inputs: [Port("model", .model, .files, help: "Model.")],
        outputs: [Port("files", .files, help: "Files.")])
    }
    func run(_ parameters: Parameters, in context: StageContext) -> StageOutcome { .succeeded }
  }
}

/// A text with marks: `«` stands before each place that a diagnostic must name, in order.
struct Marked {
  var text = ""
  var places: [SourceSpan] = []

  init(_ marked: String, file: String) {
    var line = 1
    var column = 1
    for scalar in marked.unicodeScalars {
      if scalar == "«" {
        places.append(SourceSpan(file: file, line: line, column: column))
        continue
      }
      text.unicodeScalars.append(scalar)
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
  }
}

extension TemporaryFolder {
  /// Writes `text` as the pipeline of this folder and loads it.
  func load(
    _ text: String, overrides: [String] = [], environment: [String: String] = [:],
    isSmoke: Bool = false
  ) throws -> LoadedPipeline {
    try Planner.load(
      write("p.yaml", text), overrides: overrides, environment: environment,
      catalogue: Toy.catalogue, isSmoke: isSmoke)
  }
}
