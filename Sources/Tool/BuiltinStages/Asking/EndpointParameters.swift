internal import Diagnostics
internal import Documents
internal import Endpoints
private import Foundation
internal import StageKit

/// Parameters of a stage that may ask an endpoint. Another endpoint of the same stage has the same
/// keys with a word before them (`judge_endpoint`).
struct EndpointParameters: Sendable {
  /// Nil: no endpoint is named, a model of the pipeline answers.
  let settings: EndpointSettings?
  let costs: CostLimits
  let keyVariable: String?
  let keyHeader: String
  /// The key of the endpoint, for messages.
  let name: String

  private static let any = 0...Double.greatestFiniteMagnitude

  /// - Parameter role: what the endpoint is: "the judge".
  init(_ read: inout ParameterReader, prefix: String = "", role: String) {
    name = prefix + "endpoint"
    let url = read.optionalString(
      name,
      help:
        "The base URL of an OpenAI-compatible endpoint, such as https://api.example.com/v1, that "
        + "is \(role); without it a model of the pipeline is.")
    let model = read.optionalString(
      prefix + "endpoint_model", help: "What the endpoint calls the model.")
    let method = read.choice(
      prefix + "api", default: EndpointMethod.chat,
      help: "chat asks /chat/completions, completion asks /completions.")
    keyVariable = read.optionalString(
      prefix + "api_key_env",
      help: "The environment variable that holds the key; the key itself is never stored.")
    keyHeader = read.string(
      prefix + "api_key_header", default: "Authorization",
      help: "The header that carries the key: 'Bearer KEY' in Authorization, else the key alone.")
    let extra = read.open(
      prefix + "request", expected: "a mapping",
      help: "Members added to every request, such as { seed: 1 }; max_completion_tokens replaces "
        + "max_tokens.")
    let concurrency = read.integer(
      prefix + "concurrency", default: 4, in: 1...64, help: "Requests on their way at once.")
    let limits = Self.limits(&read, prefix)
    let retries = RetryRule(
      retriesMax: read.integer(
        prefix + "retries", default: 5, in: 0...100,
        help: "How often a request is sent again after 408, 409, 425, 429, 5xx, a timeout or a "
          + "broken connection."),
      baseSeconds: read.number(
        prefix + "retry_delay", default: 1, in: 0...600,
        help: "Seconds before the first repetition; doubled each time, at most 60, drawn between "
          + "half and all of it; never less than Retry-After."))
    let refused = read.choice(
      prefix + "on_refused", default: Refusal.fail,
      help:
        "What happens when the endpoint will not answer a prompt (400, 413, 422): fail, or skip "
        + "it.")
    costs = CostLimits(
      inputPrice: read.number(
        prefix + "input_price", default: 0, in: Self.any, help: "Price of a million input tokens."),
      outputPrice: read.number(
        prefix + "output_price", default: 0, in: Self.any,
        help: "Price of a million output tokens."),
      costMax: read.optionalNumber(
        prefix + "max_cost", in: Self.any,
        help: "The stage stops before its answers cost more, in the currency of the prices."),
      requestsMax: read.optionalInteger(
        prefix + "max_requests", in: 1...Int.max,
        help: "The stage stops before it asks more different requests."))
    settings = Self.settings(
      &read, prefix, url, model, method, extra, concurrency, limits, retries, refused)
    check(&read, prefix)
  }

  enum Refusal: String, CaseIterable { case fail, skip }

  private static func limits(_ read: inout ParameterReader, _ prefix: String) -> HTTPLimits {
    var limits = HTTPLimits()
    func milliseconds(_ key: String, _ value: Double, _ help: String) -> Int {
      Int(read.number(prefix + key, default: value, in: 0.1...86_400, help: help) * 1000)
    }
    limits.connectMilliseconds = milliseconds(
      "connect_timeout", 10, "Seconds for the connection.")
    limits.totalMilliseconds = milliseconds("timeout", 600, "Seconds for a whole answer.")
    limits.idleMilliseconds = milliseconds(
      "idle_timeout", 300, "Seconds without a byte, waiting for the first one included.")
    limits.answerBytesMax = read.integer(
      prefix + "max_answer_bytes", default: 64 << 20, in: 1024...(1 << 30),
      help: "An answer that is longer, unpacked, is an error.")
    return limits
  }

  private static func settings(
    _ read: inout ParameterReader, _ prefix: String, _ url: String?, _ model: String?,
    _ method: EndpointMethod, _ extra: Node?, _ concurrency: Int, _ limits: HTTPLimits,
    _ retries: RetryRule, _ refused: Refusal
  ) -> EndpointSettings? {
    guard let url else {
      if model != nil {
        read.problem(
          prefix + "endpoint_model", "there is no endpoint to ask for it",
          fix: "add '\(prefix)endpoint: https://…'")
      }
      return nil
    }
    guard let model else {
      read.problem(
        prefix + "endpoint", "the endpoint's model is missing",
        fix: "add '\(prefix)endpoint_model: NAME'")
      return nil
    }
    var members: [JSONMember] = []
    if let extra {
      let value = CoreSchema.json(extra)
      if let given = value.objectValue {
        members = given
      } else {
        read.problem(prefix + "request", "is \(value.kindName), expected a mapping")
      }
    }
    for taken in ["messages", "prompt", "stream", "n", "model"]
    where members.contains(where: { $0.key == taken }) {
      read.problem(prefix + "request", "'\(taken)' is set by the stage", fix: "leave it out")
    }
    do {
      return EndpointSettings(
        try EndpointAddress(url), method, model: model, extra: members, concurrency: concurrency,
        limits: limits, retries: retries, acceptsRefusals: refused == .skip)
    } catch {
      let found = (error as? Failure)?.diagnostics.first
      read.problem(prefix + "endpoint", found?.message ?? "is no URL", fix: found?.fix)
      return nil
    }
  }

  private func check(_ read: inout ParameterReader, _ prefix: String) {
    if costs.costMax != nil, costs.inputPrice == 0, costs.outputPrice == 0 {
      read.problem(
        prefix + "max_cost", "nothing has a price",
        fix: "add '\(prefix)input_price' and '\(prefix)output_price'")
    }
    if let keyVariable, !Self.isVariable(keyVariable) {
      // What stands there may be the key itself.
      read.problem(
        prefix + "api_key_env", "is no name of an environment variable",
        fix: "write the variable's name, such as OPENAI_API_KEY, never the key")
    }
  }

  private static func isVariable(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100
      && name.utf8.allSatisfy { byte in
        byte == 95 || (48...57).contains(byte) || (65...90).contains(byte)
          || (97...122).contains(byte)
      } && !(48...57).contains(name.utf8.first ?? 48)
  }

  /// What can be known before the run: whether there is a key, and whether it would travel openly.
  func preflight() -> [Diagnostic] {
    guard let settings, let keyVariable else { return [] }
    do {
      _ = try EndpointKey(variable: keyVariable, header: keyHeader)
    } catch {
      return (error as? Failure)?.diagnostics ?? []
    }
    guard !settings.address.isEncrypted, !settings.address.isLocal else { return [] }
    return [
      Diagnostic(
        "endpoint.open",
        "the key in '\(keyVariable)' goes to '\(settings.address.host)' without "
          + "encryption", fix: "use https, or leave out 'api_key_env' where none is needed",
        severity: .warning)
    ]
  }
}
