import ArgumentParser
import Diagnostics
import Documents
import Foundation
import Planning
import Records

/// `orchestrate inspect FILE`: what is in a file, checked to its end.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Checks a file to its end and shows what is in it.",
    discussion: """
      YAML and JSON documents are printed as JSON, plain scalars by the YAML 1.2 core schema. \
      Files of records (.jsonl, .csv, .tsv, .txt) are read like 'ingest' reads them and counted; \
      every bad row is named by its line. Of a GGUF or safetensors file and of a model or adapter \
      folder keys and tensors are listed. Of a tokenizer.json its steps are shown, and a text goes \
      through it; a .jinja template writes a short conversation.
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case adapter, gguf, json, model, safetensors, template, tokenizer, yaml
  }

  @Argument(
    help: """
      A .yaml, .yml, .json, .jsonl, .csv, .tsv, .txt, .gguf, .safetensors or .jinja file, or a folder.
      """)
  var file: String

  @Option(name: .customLong("as"), help: "What the file is, where its name does not tell.")
  var kind: Kind?

  @Option(help: "Of an adapter: the folder of the model that it must fit.")
  var base: String?

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(help: "Shows every error in full.")
  var allErrors = false

  func run() throws {
    if let kind { return try inspect(as: kind) }
    if HostFile.info(file)?.kind == .folder { return try modelFolder() }
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    switch ending {
    case "yaml", "yml": try inspect(as: .yaml)
    case "gguf": try inspect(as: .gguf)
    case "safetensors": try inspect(as: .safetensors)
    case "jinja", "jinja2", "j2": try inspect(as: .template)
    case "json" where name == "adapter_config.json": try inspect(as: .adapter)
    case "json": try document()
    default:
      guard let format = SourceFormat.byEnding(of: file) else {
        throw Diagnostic(
          "inspect.unknown-format",
          "'\(SafeText.escaped(file, limit: 300))' has an ending that is not known",
          fix: "known: .yaml .yml .json .jsonl .ndjson .csv .tsv .txt .gguf .safetensors .jinja, "
            + "folders of models and adapters; --as KIND says what it is"
        ).failure(.usage)
      }
      try records(format)
    }
  }

  private func inspect(as kind: Kind) throws {
    switch kind {
    case .adapter, .model: try modelFolder()
    case .gguf: try gguf()
    case .json: try document()
    case .safetensors: try safetensors()
    case .template: try template()
    case .tokenizer: try tokenizer(HostFile.bytes(file, limit: 1 << 30))
    case .yaml:
      let bytes = try HostFile.bytes(file, limit: YAMLReader.byteCountMax)
      print(JSONWriter.compact(CoreSchema.json(try YAMLReader.parse(bytes, file: file))))
    }
  }

  private func document() throws {
    let bytes = try HostFile.bytes(file, limit: 1 << 30)
    if kind == nil, looksLikeTokenizer(bytes) { return try tokenizer(bytes) }
    print(JSONWriter.compact(try JSONReader.parse(bytes, file: file)))
  }

  private func records(_ format: SourceFormat) throws {
    guard HostFile.info(file)?.kind == .file else {
      throw Diagnostic("io.no-file", "there is no file '\(SafeText.escaped(file, limit: 300))'")
        .failure(.badInput)
    }
    let reader = try SourceReader(
      file, file: file, format: format, packing: SourcePacking.byEnding(of: file).packing,
      isDigested: false)
    var shape: RowShape?
    var good = 0
    var bad: [Diagnostic] = []
    var badCount = 0
    while let batch = try reader.next() {
      if shape == nil, format != .text {
        shape = RowIntake.detect(batch, ColumnNames(), header: reader.header)
      }
      let shaper = format == .text ? nil : RowShaper(shape ?? .auto, ColumnNames())
      let intake = RowIntake(file: file, format: format, shaper: shaper, header: reader.header)
      let parsed = intake.rows(batch, 0..<batch.records.count)
      good += parsed.rows.count
      badCount += parsed.bad.count
      bad += parsed.bad.prefix(1000 - bad.count).map(\.row.diagnostic)
    }
    if badCount > 0 { throw Failure(bad, .badInput) }
    guard good > 0 else {
      throw Diagnostic(
        "source.no-rows", "the file is empty: it holds no rows",
        at: SourceSpan(file: file, line: 1)
      ).failure(.badInput)
    }
    let type = shape?.rawValue ?? "text"
    if json {
      print(
        JSONWriter.compact(
          .object([
            "format": .string(format.rawValue), "rows": .integer(Int64(good)),
            "type": .string(type),
          ])))
    } else {
      print("\(SafeText.escaped(file, limit: 300)): \(good) rows of type \(type)")
    }
  }
}
