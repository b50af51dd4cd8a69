internal import Curation
internal import Documents
internal import Records
internal import Reproducibility

/// Metadata of a records artifact in the form of ML Croissant 1.0 (JSON-LD), for a file beside
/// `records.json`.
///
/// Every chunk is a file object with its digest; the set of chunks is what the fields are read
/// from.
struct Croissant {
  private let facts: DataFacts
  private let manifest: RecordsManifest

  init(_ facts: DataFacts, _ manifest: RecordsManifest) {
    self.facts = facts
    self.manifest = manifest
  }

  var json: JSONValue {
    let parameters = facts.parameters
    var members: [JSONMember] = [
      JSONMember("@context", Self.context),
      JSONMember("@type", "sc:Dataset"),
      JSONMember("name", .string(parameters.title)),
      JSONMember("conformsTo", "http://mlcommons.org/croissant/1.0"),
      JSONMember(
        "description",
        .string(parameters.text.isEmpty ? "\(facts.profile.rows) rows" : parameters.text)),
      JSONMember("license", .string(parameters.license)),
      JSONMember("url", .string(parameters.url)),
    ]
    let languages = DataCard.languages(facts)
    if !languages.isEmpty {
      members.append(JSONMember("inLanguage", .array(languages.map { .string($0) })))
    }
    members.append(JSONMember("distribution", .array(files + [fileSet])))
    members.append(JSONMember("recordSet", .array([recordSet])))
    return .object(members)
  }

  private var files: [JSONValue] {
    manifest.chunks.map { chunk in
      .object([
        "@type": "cr:FileObject", "@id": .string(chunk.file), "name": .string(chunk.file),
        "contentUrl": .string(chunk.file), "contentSize": .string("\(chunk.bytes) B"),
        "encodingFormat": "application/jsonlines", "sha256": .string(chunk.digest.hex),
      ])
    }
  }

  private var fileSet: JSONValue {
    .object([
      "@type": "cr:FileSet", "@id": "chunks", "name": "chunks",
      "description": "All rows, in order of file names.",
      "encodingFormat": "application/jsonlines", "includes": "chunks/*.jsonl",
    ])
  }

  private var recordSet: JSONValue {
    let contents = DataCard.contents(facts.profile).map { name, text in
      Self.field(name, text, name == "label" ? "sc:Boolean" : "sc:Text", column: name, path: nil)
    }
    let columns = DataColumns(facts.profile).list.map { column in
      Self.field(
        "fields/" + column.name, "The column \(column.name): \(column.holds).", column.type,
        column: "fields", path: "$[" + JSONWriter.compact(.string(column.name)) + "]")
    }
    return .object([
      "@type": "cr:RecordSet", "@id": "rows", "name": "rows", "key": .object(["@id": "rows/id"]),
      "field": .array(contents + columns),
    ])
  }

  private static func field(
    _ name: String, _ text: String, _ type: String, column: String, path: String?
  ) -> JSONValue {
    var source: [JSONMember] = [
      JSONMember("fileSet", .object(["@id": "chunks"])),
      JSONMember("extract", .object(["column": .string(column)])),
    ]
    if let path { source.append(JSONMember("transform", .object(["jsonPath": .string(path)]))) }
    return .object([
      "@type": "cr:Field", "@id": .string("rows/" + name), "name": .string(name),
      "description": .string(text), "dataType": .string(type), "source": .object(source),
    ])
  }

  /// The context of the specification of version 1.0, as it is.
  private static let context: JSONValue = {
    func typed(_ name: String, _ type: String) -> JSONMember {
      JSONMember(name, .object(["@id": .string("cr:" + name), "@type": .string(type)]))
    }
    let own = [
      "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject",
      "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField",
      "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate",
      "separator", "source", "subField", "transform",
    ]
    return .object(
      [
        JSONMember("@language", "en"), JSONMember("@vocab", "https://schema.org/"),
        JSONMember("conformsTo", "dct:conformsTo"),
        JSONMember("cr", "http://mlcommons.org/croissant/"),
        JSONMember("rai", "http://mlcommons.org/croissant/RAI/"),
        JSONMember("dct", "http://purl.org/dc/terms/"), JSONMember("sc", "https://schema.org/"),
        typed("data", "@json"), typed("dataType", "@vocab"), typed("examples", "@json"),
      ] + own.map { JSONMember($0, .string("cr:" + $0)) })
  }()
}
