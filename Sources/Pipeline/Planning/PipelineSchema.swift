package import Documents
package import StageKit

/// The JSON Schema (draft 7) of a pipeline file, made from what the stages declare.
package enum PipelineSchema {
  package static func schema(_ catalogue: StageCatalogue) -> JSONValue {
    .object([
      "$schema": "http://json-schema.org/draft-07/schema#",
      "title": "Orchestrate pipeline",
      "type": "object",
      "additionalProperties": false,
      "required": .array(["name", "stages"]),
      "properties": .object([
        "name": text("What the pipeline is called."),
        "include": .object([
          "description":
            "Files below this one's folder whose params and stages are added; paths are relative to this file.",
          "anyOf": .array([
            .object(["type": "string"]),
            .object(["type": "array", "items": .object(["type": "string"])]),
          ]),
        ]),
        "params": .object([
          "description": "Values for ${params.x}; 'orchestrate run -p x=…' overrides them.",
          "type": "object", "propertyNames": name,
        ]),
        "executor": executor, "slurm": slurm,
        "stages": .object([
          "description": "Stages by name; edges come from 'inputs'.",
          "type": "object", "minProperties": 1, "propertyNames": name,
          "additionalProperties": stage(catalogue),
        ]),
        "hooks": hooks, "tracking": tracking,
      ]),
    ])
  }

  private static let name: JSONValue = .object([
    "pattern": "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"
  ])

  static func text(_ help: String) -> JSONValue {
    .object(["description": .string(help), "type": "string"])
  }

  private static func stage(_ catalogue: StageCatalogue) -> JSONValue {
    let kinds = catalogue.kinds
    return .object([
      "type": "object",
      "additionalProperties": false,
      "required": .array(["uses"]),
      "properties": .object([
        "uses": .object([
          "description": "The kind of stage.", "enum": .array(kinds.map { .string($0.name) }),
        ]),
        "with": .object(["description": "Parameters of the stage.", "type": "object"]),
        "inputs": .object([
          "description":
            "Input port: a stage, stage.port, a path that starts with ./ ../ or /, or registry:NAME@ALIAS.",
          "type": "object", "additionalProperties": .object(["type": "string"]),
        ]),
        "needs": .object([
          "description": "Stages that must succeed first though nothing of theirs is read.",
          "anyOf": .array([
            .object(["type": "string"]),
            .object(["type": "array", "items": .object(["type": "string"])]),
          ]),
        ]),
        "if": .object([
          "description":
            "Skips the stage when false: ${params.x} == 'y', not, and, or; eval.accuracy > 0.8 is decided while the run goes on.",
          "type": .array(["string", "boolean"]),
        ]),
        "strategy": strategy, "retry": retry, "resources": resources, "priority": priority,
        "shards": .object([
          "description": "Processes that share the chunks of the stage's rows.",
          "type": .array(["integer", "string"]), "minimum": 1, "maximum": 1024,
        ]),
        "executor": executor, "slurm": slurm,
        "timeout": duration("After this the stage is stopped: 30s, 10m, 2h."),
      ]),
      "allOf": .array(kinds.compactMap { kind in catalogue[kind].map { condition(kind, $0) } }),
    ])
  }

  static func duration(_ help: String) -> JSONValue {
    .object([
      "description": .string(help), "type": "string",
      "pattern": "^([0-9.]+(ms|s|m|h|d))+$|\\$\\{[^}]+\\}",
    ])
  }

  /// What `uses: kind` says of `with` and `inputs`.
  private static func condition(_ kind: StageKind, _ type: any Stage.Type) -> JSONValue {
    let declarations = type.declarations
    let inputs = type.declaredPorts.inputs
    var properties = [JSONMember("with", ParameterDeclaration.schema(declarations))]
    properties.append(
      JSONMember(
        "inputs",
        .object([
          "type": "object", "additionalProperties": false,
          "properties": .object(
            inputs.map { port in JSONMember(port.name, text(port.help)) }),
          "required": .array(inputs.filter { !$0.isOptional }.map { .string($0.name) }),
        ])))
    var then = [JSONMember("properties", .object(properties))]
    var required: [JSONValue] = []
    if declarations.contains(where: { $0.defaultValue == nil }) { required.append("with") }
    if inputs.contains(where: { !$0.isOptional }) { required.append("inputs") }
    if !required.isEmpty { then.append(JSONMember("required", .array(required))) }
    return .object([
      "if": .object(["properties": .object(["uses": .object(["const": .string(kind.name)])])]),
      "then": .object(then),
    ])
  }
}
