internal import Documents
internal import StageKit

/// Keys of `SpecReader+Scheduling`.
extension PipelineSchema {
  static let retry: JSONValue = .object([
    "type": "object", "additionalProperties": false,
    "properties": .object([
      "attempts": .object([
        "description": "All tries together.", "type": "integer", "minimum": 1, "maximum": 100,
      ]),
      "backoff": duration("Wait before the second try; doubled before each further one."),
      "backoff_max": duration("No wait is longer (1h)."),
      "jitter": .object([
        "description": "deterministic: waits half to all of it, by stage and try.",
        "enum": .array(RetryPolicy.Jitter.allCases.map { .string($0.rawValue) }),
      ]),
      "on": .object([
        "description":
          "Ends after which it is tried again (all of them); numbers are exit statuses of 'shell'.",
        "anyOf": .array([reason, .object(["type": "array", "minItems": 1, "items": reason])]),
      ]),
    ]),
  ])

  private static let reason: JSONValue = .object([
    "anyOf": .array([
      .object(["enum": .array(RetryReason.all.map { .string($0.text) })]),
      .object(["type": "integer", "minimum": 1, "maximum": 255]),
    ])
  ])

  static let resources: JSONValue = .object([
    "description": "What the stage holds of the machine while it runs.",
    "type": "object", "additionalProperties": false,
    "properties": .object([
      "cpu": .object([
        "description": "Threads (the run's share).", "type": .array(["integer", "string"]),
        "minimum": 1, "maximum": 4096,
      ]),
      "memory": .object([
        "description": "512MB, 4GB, 1.5GB.", "type": "string",
        "pattern": "^[0-9.]+ ?([KMGT]i?B?|B)$|\\$\\{[^}]+\\}",
      ]),
      "gpu": .object([
        "description": "Whole devices.", "type": .array(["integer", "string"]),
        "minimum": 0, "maximum": 64,
      ]),
    ]),
  ])

  static let priority: JSONValue = .object([
    "description": "Among stages that are ready the highest runs first (0).",
    "type": .array(["integer", "string"]), "minimum": -1000, "maximum": 1000,
  ])

  static let hooks: JSONValue = .object([
    "description": "Commands to run once a run has ended; they never change how it ended.",
    "type": "object", "additionalProperties": false,
    "properties": .object(
      RunHooks.Moment.allCases.map { JSONMember($0.rawValue, command) } + [
        JSONMember(
          "environment",
          .object([
            "description": "Variables for every command.", "type": "object",
            "additionalProperties": ParameterDeclaration.variable,
          ])),
        JSONMember("timeout", duration("For each command (60s).")),
      ]),
  ])

  private static let command: JSONValue = .object([
    "description": "A text for the shell, or a program and its arguments.",
    "anyOf": .array([
      .object(["type": "string"]),
      .object(["type": "array", "minItems": 1, "items": .object(["type": "string"])]),
    ]),
  ])
}
