package import Documents
package import StageKit

/// What a stage kind is, takes and makes: for `orchestrate explain` and the docs page.
package enum StageGuide {
  /// One line per kind, for `orchestrate explain`.
  package static func list(_ catalogue: StageCatalogue) -> String {
    let kinds = catalogue.kinds
    let width = kinds.map(\.name.count).max() ?? 0
    return kinds.map { kind in
      "  \(kind.name.padded(to: width))  \(catalogue[kind]?.summary ?? "")\n"
    }.joined()
  }

  /// Ports and parameters as text for a terminal.
  package static func text(_ type: any Stage.Type) -> String {
    let ports = type.declaredPorts
    var out = "\(type.kind) (version \(type.version)): \(type.summary)\n"
    out += section("inputs", ports.inputs.map { ($0.name, describe($0), $0.help) })
    out += section("outputs", ports.outputs.map { ($0.name, describe($0), $0.help) })
    out += section("with", rows(type.declarations, ""))
    return out
  }

  /// The page `docs/stages.md`.
  package static func page(_ catalogue: StageCatalogue) -> String {
    var out = """
      # Stages

      Written by `orchestrate schema --docs` from what the stages declare; do not edit.

      """
    for kind in catalogue.kinds {
      guard let type = catalogue[kind] else { continue }
      let ports = type.declaredPorts
      out += "\n## \(kind)\n\n\(type.summary) Version \(type.version).\n"
      out += table(
        ["input", "type", ""], ports.inputs.map { ["`\($0.name)`", describe($0), $0.help] })
      out += table(
        ["output", "type", ""], ports.outputs.map { ["`\($0.name)`", describe($0), $0.help] })
      out += table(
        ["parameter", "type and default", ""],
        rows(type.declarations, "").map { ["`\($0.name)`", $0.type, $0.help] })
    }
    return out
  }

  // MARK: - Private

  private static func describe(_ port: Port) -> String {
    port.types.map(\.rawValue).joined(separator: " or ") + (port.isOptional ? ", optional" : "")
  }

  private static func rows(_ declarations: [ParameterDeclaration], _ prefix: String)
    -> [(name: String, type: String, help: String)]
  {
    declarations.flatMap { declaration in
      let name = prefix + declaration.key
      var type = declaration.type.expected
      switch declaration.defaultValue {
      case nil: type += ", required"
      case .null?: type += ", optional"
      case let value?: type += ", default \(ValueText.short(value))"
      }
      var rows = [(name: name, type: type, help: declaration.help)]
      if case .objects(let inner) = declaration.type { rows += self.rows(inner, name + "[].") }
      return rows
    }
  }

  private static func section(_ title: String, _ rows: [(name: String, type: String, help: String)])
    -> String
  {
    if rows.isEmpty { return "" }
    let width = rows.map(\.name.count).max() ?? 0
    var out = "\n\(title):\n"
    for row in rows {
      out += "  \(row.name.padded(to: width))  \(row.type)\n"
      out += "  \(String(repeating: " ", count: width))    \(row.help)\n"
    }
    return out
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    if rows.isEmpty { return "" }
    func line(_ cells: [String]) -> String {
      "| "
        + cells.map {
          $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
        }
        .joined(separator: " | ") + " |\n"
    }
    return "\n" + line(head) + line(head.map { _ in "---" }) + rows.map(line).joined()
  }
}

extension StageGuide {
  /// The same for programs: ports, and the parameters as JSON Schema.
  package static func json(_ type: any Stage.Type) -> JSONValue {
    func ports(_ ports: [Port]) -> JSONValue {
      .array(
        ports.map {
          .object([
            "name": .string($0.name), "types": .array($0.types.map { .string($0.rawValue) }),
            "optional": .bool($0.isOptional), "help": .string($0.help),
          ])
        })
    }
    let declared = type.declaredPorts
    return .object([
      "kind": .string(type.kind.name), "version": .integer(Int64(type.version)),
      "summary": .string(type.summary), "inputs": ports(declared.inputs),
      "outputs": ports(declared.outputs),
      "with": ParameterDeclaration.schema(type.declarations),
    ])
  }
}
