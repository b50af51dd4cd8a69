internal import Evaluation
internal import Parallelism
internal import Records
internal import Scoring
package import StageKit

/// Measures a model on tasks, alone or beside its base, and decides nothing.
package struct Evaluate: Stage {
  package static let kind: StageKind = "evaluate"
  package static let version = 1
  package static let summary = "Measures a model on tasks, and its baseline on the same rows."

  package struct Parameters: StageParameters {
    let tasks: [TaskParameters]
    let batchSize: Int
    let seed: UInt64
    let device: DeviceClass

    package init(_ read: inout ParameterReader) {
      let tasks = read.list("tasks", help: "What is measured.") { TaskParameters(&$0) }
      batchSize = read.integer(
        "batch_size", default: 512, in: 1...65_536,
        help: "Rows asked at once; results do not depend on it.")
      seed = UInt64(
        read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of bootstrap intervals."))
      device = read.device()
      self.tasks = tasks
      TaskParameters.check(tasks, &read)
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("model", .model, help: "The model that is measured."),
        Port(
          "baseline", .model, optional: !parameters.tasks.contains(where: \.comparesModels),
          help: "A model that is measured on the same rows."),
        Port(
          "test", .records, optional: parameters.tasks.allSatisfy { $0.data != nil },
          help: "Rows that no model was trained on, for tasks without 'data'."),
      ],
      outputs: [
        Port("scores", .scores, help: "Metrics with intervals, and results by row id."),
        Port("report", .report, help: "The same for people."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let rows = try context.optionalInput("test").map { try RecordsReader($0.tree).rows() } ?? []
    let tasks = try parameters.tasks.map {
      try $0.task(
        asked: [], files: context.files, test: rows, threads: context.pool.threads)
    }
    let run = EvaluationRun(tasks: tasks, rules: [], batchSize: parameters.batchSize)
    var contestants = try Contestants(["model", "baseline"], parameters.device, context)
    let results = try contestants.measure(run, context) { _ in }
    let report = try run.report(
      results[0].results, Array(results.dropFirst()),
      ScoreSettings(
        seed: parameters.seed, pool: context.pool, models: contestants.identities),
      notes: contestants.notes + Contestants.endings(results))
    try EvaluationFiles(report).write(
      run.itemLines(results[0].results, Array(results.dropFirst())), context, verdict: false)
    contestants.count(report, context)
    return .succeeded
  }
}
