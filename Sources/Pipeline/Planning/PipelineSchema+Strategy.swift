internal import Documents

extension PipelineSchema {
  /// `strategy:` of a stage.
  static let strategy: JSONValue = .object([
    "description":
      "Runs the stage once per combination of values, and takes the best where asked to.",
    "type": "object", "additionalProperties": false, "required": .array(["matrix"]),
    "properties": .object([
      "matrix": .object([
        "description":
          "Lists of values by name; ${matrix.NAME} is the value of an instance. 'include' and 'exclude' as beside it.",
        "type": "object",
        "properties": .object(["include": include, "exclude": exclude]),
        "additionalProperties": .object([
          "anyOf": .array([
            .object(["type": "array", "minItems": 1]),
            .object(["type": "string", "pattern": "^\\$\\{[^}]+\\}$"]),
          ])
        ]),
      ]),
      "include": include, "exclude": exclude,
      "select": .object([
        "description": "The stage's own name means its best instance.",
        "type": "object", "additionalProperties": false,
        "required": .array(["metric", "mode"]),
        "properties": .object([
          "metric": .object([
            "description": "A metric that the instances report: its last value counts.",
            "type": "string",
          ]),
          "mode": .object(["enum": .array(["min", "max"])]),
        ]),
      ]),
    ]),
  ])

  private static let combinations: JSONValue = .object([
    "type": "array", "items": .object(["type": "object"]),
  ])

  private static let include: JSONValue = .object([
    "description": "Values added to the combinations they fit, or combinations of their own.",
    "anyOf": .array([.object(["type": "object"]), combinations]),
  ])

  private static let exclude: JSONValue = .object([
    "description": "Combinations that are left out.",
    "anyOf": .array([.object(["type": "object"]), combinations]),
  ])
}
