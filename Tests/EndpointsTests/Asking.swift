import Diagnostics
import Documents
import Endpoints
import TestSupport

/// What tests ask with: short waits, one retry unless told.
enum Asking {
  static let key = "sk-planted-0123456789abcdef"

  static func settings(
    _ url: String, retries: Int = 0, total: Int = 20_000, idle: Int = 20_000,
    answerMax: Int = 12 << 20, concurrency: Int = 4
  ) throws -> EndpointSettings {
    var limits = HTTPLimits()
    limits.connectMilliseconds = 2000
    limits.totalMilliseconds = total
    limits.idleMilliseconds = idle
    limits.answerBytesMax = answerMax
    return EndpointSettings(
      try EndpointAddress(url), model: "m", concurrency: concurrency, limits: limits,
      retries: RetryRule(retriesMax: retries, baseSeconds: 0.01, secondsMax: 0.05))
  }

  static func client(
    _ settings: EndpointSettings, cache: AnswerCache? = nil, limits: CostLimits = CostLimits(),
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws -> EndpointClient {
    EndpointClient(
      settings, key: try EndpointKey(variable: "PLANTED", environment: ["PLANTED": key]),
      cache: cache, ledger: CostLedger(limits), isStopped: isStopped)
  }

  static func question(_ text: String, sample: Int = 0) -> ChatRequest {
    ChatRequest([ChatMessage("user", text)], maxTokens: 16, sample: sample)
  }

  /// The message of the failure, and its fix.
  static func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let failure as Failure {
      return failure.diagnostics.map { "\($0.code): \($0.message) | \($0.fix ?? "")" }
        .joined(separator: "\n")
    } catch {
      return "\(error)"
    }
  }
}
