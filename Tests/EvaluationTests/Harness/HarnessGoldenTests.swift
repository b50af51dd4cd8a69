import Documents
import Evaluation
import Foundation
import Parallelism
import Records
import Testing

/// What lm-evaluation-harness asks, counts and prints for its own tasks and for further files, over a
/// stand-in model (`Fixtures/harness.md`).
@Suite struct HarnessGoldenTests {
  static let fixture: JSONValue = {
    let path = "\(#filePath)".replacing(
      "Harness/HarnessGoldenTests.swift", with: "Fixtures/harness.json")
    guard let data = FileManager.default.contents(atPath: path),
      let json = try? JSONReader.parse(Array(data), file: path)
    else { preconditionFailure("no fixture at \(path)") }
    return json
  }()

  static func folder() throws -> HarnessFolder {
    let folder = try HarnessFolder()
    for member in fixture["documents"]?.objectValue ?? [] {
      let lines = (member.value.arrayValue ?? []).map { JSONWriter.compact($0) + "\n" }.joined()
      try folder.write(lines, "documents/" + member.key)
    }
    for member in fixture["tasks"]?.objectValue ?? [] {
      try folder.write(member.value.stringValue ?? "", member.key + ".yaml")
    }
    return folder
  }

  @Test("prompts, metrics and standard errors are the harness' own", arguments: 0..<6)
  func run(_ number: Int) throws {
    let folder = try Self.folder()
    let run = try #require(Self.fixture["runs"]?.arrayValue?[number])
    let names = (run["tasks"]?.arrayValue ?? []).compactMap(\.stringValue)
    var options = HarnessOptions()
    options.exampleCount = run["shots"]?.integerValue
    options.limit = run["limit"]?.doubleValue
    options.isChat = run["chat"]?.stringValue != nil
    options.isMultiturn = run["chat"]?.stringValue == "turns"
    options.system = options.isChat ? "You are brief." : nil
    let suite = try folder.suite(names, data: Self.data(names), options: options)
    let samples = run["samples"] ?? .null
    let results = try HarnessRun(suite).results(
      of: Self.model(samples), pool: ThreadPool(threads: 2))
    #expect(!results.tasks.isEmpty)
    for result in results.tasks { try Self.compare(result, samples[result.task.name] ?? .null) }
    let figures = results.json["results"] ?? .null
    for member in run["results"]?.objectValue ?? [] {
      for figure in member.value.objectValue ?? [] {
        let ours = try #require(
          figures[member.key]?[figure.key], "no \(figure.key) of \(member.key)")
        Self.expectEqual(ours, figure.value, "\(member.key) \(figure.key)")
      }
    }
  }

  /// `--data` for the built-in ones of `names`.
  private static func data(_ names: [String]) -> [String] {
    let subjects = (fixture["files"]?.objectValue ?? []).map(\.key).filter { $0.hasPrefix("mmlu_") }
    let tasks = names.flatMap { $0 == "mmlu_some" ? subjects : [$0] }
    return tasks.flatMap { task in
      (fixture["files"]?[task]?.objectValue ?? []).map {
        "\(task):\($0.key)=\($0.value.stringValue ?? "")"
      }
    }
  }

  private static func model(_ samples: JSONValue) -> TableModel {
    var model = TableModel()
    for sample in (samples.objectValue ?? []).flatMap({ $0.value.arrayValue ?? [] }) {
      let requests = sample["arguments"]?.arrayValue ?? []
      for (request, answers) in zip(requests, sample["resps"]?.arrayValue ?? []) {
        let texts = (request.arrayValue ?? []).compactMap(\.stringValue)
        model.answers[TableModel.key(texts)] = answer(answers.arrayValue ?? [])
      }
    }
    return model
  }

  private static func answer(_ answers: [JSONValue]) -> ModelAnswer {
    switch answers.first {
    case .array(let pair)?:
      .continuation(
        ContinuationMeasure(
          logProbability: pair[0].doubleValue ?? 0, tokens: 1, isGreedy: pair[1].boolValue ?? false)
      )
    case .string?:
      .completion(
        answers.map { CompletionAnswer(text: $0.stringValue ?? "", tokens: 1, ended: true) })
    default:
      .likelihood(Likelihood(logProbability: answers[0].doubleValue ?? 0, tokens: 1, bytes: 1))
    }
  }

  private static func compare(_ result: HarnessTaskResult, _ theirs: JSONValue) throws {
    let (ours, theirs) = (result.samples, theirs.arrayValue ?? [])
    let name = result.task.name
    #expect(ours.count == theirs.count, "\(name)")
    for (own, other) in zip(ours, theirs) {
      let place = "\(name) \(own["filter"]?.stringValue ?? "") \(own["doc_id"]?.integerValue ?? -1)"
      #expect(own["filter"] == other["filter"] && own["doc_id"] == other["doc_id"], "\(place)")
      let asked = result.task.requests(for: own["doc_id"]?.integerValue ?? 0)
      #expect(
        asked.map { .array(TableModel.texts($0).map { .string($0) }) }
          == other["arguments"]?.arrayValue, "\(place)")
      #expect(own["target"] == other["target"], "\(place)")
      for member in other["values"]?.objectValue ?? [] {
        // Pairs are what the task's figure is made of.
        guard member.value.arrayValue == nil else { continue }
        let value = try #require(own[member.key])
        expectEqual(value.arrayValue?.first ?? value, member.value, "\(place) \(member.key)")
      }
    }
  }

  /// Sums in another order: some roundings of doubles.
  private static func expectEqual(_ ours: JSONValue, _ theirs: JSONValue, _ place: String) {
    let other = theirs.doubleValue ?? theirs.stringValue.flatMap(Double.init)
    guard let other, let own = ours.doubleValue else {
      #expect(ours == theirs, "\(place)")
      return
    }
    #expect(abs(own - other) <= 1e-9 * max(1, abs(other)), "\(place): \(own), not \(other)")
  }
}
