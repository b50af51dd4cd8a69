import Diagnostics
import Documents
import Foundation
import ModelFiles
import Planning
import Reproducibility
import StageKit

/// What the metadata of a model file says of its making; needs no project.
struct FileLineage {
  /// The file that says it.
  let path: String
  /// Keys that begin with `orchestrate.`, and the licence.
  let fields: [JSONMember]

  /// Reads a GGUF or safetensors file, or the one in a folder of a model or adapter.
  ///
  /// - Throws: ``Failure`` of class `badInput`.
  init(_ named: String) throws {
    path = try Self.file(named)
    if path.hasSuffix(".gguf") {
      fields = try GGUFReader(path: path).pairs
        .filter { Self.isOurs($0.key) }
        .map { JSONMember($0.key, Self.json($0.value)) }
    } else if path.hasSuffix(".safetensors") {
      fields = try SafetensorsFile(path: path).metadata.filter { Self.isOurs($0.key) }
        .sorted { $0.key < $1.key }.map { key, value in
          let values = value.split(separator: "\n").map { JSONValue.string(String($0)) }
          return JSONMember(
            key, Lineage.isList(key) && values.count > 1 ? .array(values) : .string(value))
        }
    } else if DurableFile.name(of: path) == Lineage.fileName {
      let lineage = Lineage(try JSONReader.parse(DurableFile.read(path), file: path))
      fields = lineage.metadata.map { key, values in
        JSONMember(
          key,
          Lineage.isList(key)
            ? .array(values.map { .string($0) }) : .string(values.joined()))
      }
    } else {
      throw Diagnostic(
        "trace.unknown-format",
        "'\(SafeText.escaped(named, limit: 200))' is no file that says what it was made of",
        fix: "give a .gguf or .safetensors file, or a folder of a model or an adapter"
      ).failure(.usage)
    }
  }

  private static func isOurs(_ key: String) -> Bool {
    key.hasPrefix("orchestrate.") || key == "general.license"
  }

  private static func json(_ value: GGUFValue) -> JSONValue {
    switch value {
    case .string(let text): .string(text)
    case .strings(let texts): .array(texts.map { .string($0) })
    case .integer(let number, _): .integer(number)
    default: ModelFileView.json(value)
    }
  }

  private static func file(_ named: String) throws -> String {
    switch HostFile.info(named)?.kind {
    case .file: return named
    case .folder:
      let names = try DurableFile.names(in: named)
      let wanted = [Lineage.fileName, "adapter_model.safetensors", "model.safetensors"]
      if let name = wanted.first(where: names.contains)
        ?? names.first(where: { $0.hasSuffix(".gguf") || $0.hasSuffix(".safetensors") })
      {
        return named + "/" + name
      }
      throw Diagnostic(
        "trace.no-model", "the folder '\(SafeText.escaped(named, limit: 200))' holds no model file"
      ).failure(.badInput)
    default:
      throw Diagnostic(
        "io.no-file", "there is no file '\(SafeText.escaped(named, limit: 300))'"
      ).failure(.badInput)
    }
  }

  /// The artifact that the file was made of, as it says.
  var inputModel: Digest? {
    fields.first { $0.key == "orchestrate.input.model" }?.value.stringValue
      .flatMap(Digest.init(hex:))
  }

  var json: JSONValue { .object(fields) }

  /// `  input.model  3f2a…`; lists are one line for each.
  var lines: [String] {
    if fields.isEmpty {
      return ["  nothing: it was written with 'metadata: minimal', or by another program"]
    }
    let names = fields.map { $0.key.replacing("orchestrate.", with: "") }
    let width = names.map(\.count).max() ?? 0
    return zip(names, fields).flatMap { name, field -> [String] in
      let values =
        field.value.arrayValue?.map { $0.stringValue ?? JSONWriter.compact($0) }
        ?? [field.value.stringValue ?? JSONWriter.compact(field.value)]
      return values.enumerated().map { index, value in
        let shown = index == 0 ? name : ""
        return "  \(shown)\(String(repeating: " ", count: width - shown.count))  "
          + SafeText.escaped(value, limit: 200)
      }
    }
  }
}
