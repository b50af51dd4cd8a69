import Documents
import Evaluation
import Foundation
import Generation
import ModelFiles
import Parallelism
import Records
import Reproducibility
import Tensors

/// Answers of a model to requests in a file, and how long they take: what `lm_eval_requests.py` does
/// with lm-evaluation-harness.
///
///     evaluation-bench MODEL REQUESTS.jsonl ANSWERS.jsonl [THREADS]
///
/// A request is `{"context", "continuation"}`, `{"text"}` or `{"prompt", "max_gen_toks", "until"}`.
@main
enum EvaluationBench {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 4 else {
      FileHandle.standardError.write(
        Data("usage: evaluation-bench MODEL REQUESTS.jsonl ANSWERS.jsonl [THREADS]\n".utf8))
      exit(64)
    }
    let threads = arguments.count > 4 ? Int(arguments[4]) ?? 0 : 0
    let pool = ThreadPool(
      threads: threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount)
    let folder = try ModelFolder(FileTree(folder: arguments[1]))
    let model = try LanguageModelUnderTest(folder, template: nil, pool: pool)
    let requests = try String(contentsOfFile: arguments[2], encoding: .utf8)
      .split(separator: "\n").map {
        try request(JSONReader.parse(Array($0.utf8), file: arguments[2]))
      }
    let clock = ContinuousClock()
    var answers: [ModelAnswer] = []
    let before = processorSeconds
    let time = try clock.measure { answers = try model.answers(to: requests) { _ in } }
    let processor = processorSeconds - before
    let lines = answers.map { JSONWriter.compact(json($0)) + "\n" }.joined()
    try Data(lines.utf8).write(to: URL(fileURLWithPath: arguments[3]))
    let fields = [
      "\"requests\": \(requests.count)", "\"seconds\": \(time / .seconds(1))",
      "\"cpu_seconds\": \(processor)", "\"threads\": \(pool.threads)",
      "\"arithmetic\": \"\(CPUBackend(pool: pool).arithmeticClass)\"",
    ]
    print("{" + fields.joined(separator: ", ") + "}")
  }

  /// Of all threads of this process, user and system.
  private static var processorSeconds: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func request(_ json: JSONValue) -> ModelRequest {
    func text(_ key: String) -> String { json[key]?.stringValue ?? "" }
    if json["context"] != nil {
      return .continuation(context: text("context"), continuation: text("continuation"))
    }
    if json["text"] != nil { return .text(text("text")) }
    var settings = CompletionSettings(
      maxNewTokens: Int(json["max_gen_toks"]?.integerValue ?? 64),
      stops: json["until"]?.arrayValue?.compactMap(\.stringValue) ?? [])
    if json["json"]?.boolValue == true { settings.constraint = .json }
    return .completion(.text(text("prompt")), settings)
  }

  private static func json(_ answer: ModelAnswer) -> JSONValue {
    switch answer {
    case .continuation(let measure):
      .object([
        JSONMember("logprob", .number(measure.logProbability)),
        JSONMember("greedy", .bool(measure.isGreedy)),
        JSONMember("tokens", .integer(Int64(measure.tokens))),
      ])
    case .likelihood(let likelihood):
      .object([
        JSONMember("logprob", .number(likelihood.logProbability)),
        JSONMember("tokens", .integer(Int64(likelihood.tokens))),
      ])
    case .preference: .null
    case .completion(let answers):
      .object([
        JSONMember("text", .string(answers.first?.text ?? "")),
        JSONMember("tokens", .integer(Int64(answers.first?.tokens ?? 0))),
        JSONMember("ended", .bool(answers.first?.ended ?? false)),
      ])
    }
  }
}
