internal import Diagnostics
internal import Documents
private import Foundation
private import Glibc
internal import Reproducibility
internal import StageKit

/// Counts in steps that cost nothing, with checkpoints, metrics, progress and outputs like a
/// training stage: for trying out crashes, resumes and gates on a machine before real work.
///
/// The state is a chain of SHA-256 sums over the inputs and the steps, so that a step left out or
/// done twice shows in the output.
struct Drill: Stage {
  static let kind: StageKind = "drill"
  static let version = 1
  static let summary = "Counts in steps with checkpoints, to try out crashes and resumes."

  struct Parameters: StageParameters {
    let inputs: [String]
    let steps: Int
    let checkpointSteps: Int
    let stepMilliseconds: Int
    let files: Int
    let seed: Int
    let refuse: Bool

    init(_ read: inout ParameterReader) {
      inputs = read.strings("inputs", default: [], help: "Names of the input ports.")
      steps = read.integer("steps", default: 10, in: 0...1_000_000, help: "Steps to count.")
      checkpointSteps = read.integer(
        "checkpoint_steps", default: 5, in: 1...1_000_000, help: "Steps between checkpoints.")
      stepMilliseconds = read.integer(
        "step_milliseconds", default: 0, in: 0...60_000, help: "How long a step takes.")
      files = read.integer("files", default: 1, in: 1...10_000, help: "Files to write.")
      seed = read.integer("seed", default: 1, in: 0...Int.max, help: "Start of the chain.")
      refuse = read.flag("refuse", default: false, help: "End like a gate that says no.")
    }
  }

  static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: parameters.inputs.map { name in
        var port = Port(name, help: "Goes into the chain.")
        port.types = ArtifactType.allCases
        return port
      },
      outputs: [
        Port("files", .files, help: "The chain."),
        Port("verdict", .verdict, help: "Pass, or refused when asked to."),
      ])
  }

  func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    var chain = try start(parameters, context)
    var step = 0
    if let checkpoint = try context.checkpoints.latest(arithmetic: "") {
      step = checkpoint.step
      let text = try DurableFile.read(checkpoint.tree.path("chain"))
      guard let kept = Digest(hex: String(decoding: text, as: UTF8.self)) else {
        preconditionFailure("a checkpoint is verified before it is used")
      }
      chain = kept
    }
    while step < parameters.steps {
      if parameters.stepMilliseconds > 0 { usleep(UInt32(parameters.stepMilliseconds) * 1000) }
      step += 1
      chain = Digest(of: Array("\(chain.hex) \(step)".utf8))
      context.report(.metric(name: "value", step: step, value: Double(step) / 2))
      context.progress(step, of: parameters.steps, "steps")
      let isStopping = context.isStopRequested
      if step < parameters.steps, step % parameters.checkpointSteps == 0 || isStopping {
        try context.checkpoints.save(step: step, arithmetic: "") { folder in
          try DurableFile.writeFleeting(Array(chain.hex.utf8), to: folder + "/chain")
        }
        try context.checkCancelled()
      }
    }
    context.count("steps", step)
    try write(chain, parameters, context)
    return parameters.refuse ? .refused(["the drill was told to refuse"]) : .succeeded
  }

  private func start(_ parameters: Parameters, _ context: StageContext) throws -> Digest {
    var hasher = Digest.Hasher()
    hasher.update(Array("seed \(parameters.seed)".utf8))
    for port in parameters.inputs.sorted() {
      let tree = context.input(port).tree
      for name in tree.names { hasher.update(try DurableFile.read(tree.path(name))) }
    }
    return hasher.finish()
  }

  private func write(_ chain: Digest, _ parameters: Parameters, _ context: StageContext) throws {
    for index in 0..<parameters.files {
      let line = Digest(of: Array("\(chain.hex) file \(index)".utf8)).hex + "\n"
      try DurableFile.writeFleeting(
        Array(line.utf8), to: context.output("files") + "/part-\(index).txt")
    }
    let verdict = Verdict(
      decision: parameters.refuse ? .refused : .pass,
      rules: [
        Verdict.Rule(
          rule: "refuse: \(parameters.refuse)", decision: parameters.refuse ? .refused : .pass,
          sentence: parameters.refuse
            ? "the drill was told to refuse" : "the drill was not told to refuse")
      ])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try DurableFile.writeFleeting(
      Array(try encoder.encode(verdict)), to: context.output("verdict") + "/verdict.json")
  }
}
