package import Documents
private import Reproducibility

extension RunSpec {
  package var json: JSONValue {
    var members: [JSONMember] = [
      JSONMember("externals", .array(externals.map(\.json))),
      JSONMember("formatVersion", .integer(Int64(formatVersion))),
    ]
    if let hooks { members.append(.rare("hooks", hooks)) }
    if let includes { members.append(.rare("includes", includes)) }
    if let overridden { members.append(.rare("overridden", overridden)) }
    if let selection { members.append(.rare("selection", selection)) }
    if let forced { members.append(.rare("forced", forced)) }
    if let reasons { members.append(.rare("reasons", reasons)) }
    if let tracking { members.append(.rare("tracking", tracking)) }
    members += [
      JSONMember(
        "parameters",
        .object(
          parameters.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) })),
      JSONMember("pipelineDigest", .string(pipelineDigest.hex)),
      JSONMember("pipelineName", .string(pipelineName)),
      JSONMember("pipelinePath", .string(pipelinePath)),
      JSONMember("stages", .array(stages.map(\.json))),
    ]
    return .object(members)
  }

  /// - Throws: ``Failure`` of class `io` when it is no spec: the record is damaged.
  package init(json: JSONValue) throws {
    let read = RecordedJSON(json)
    self.init(
      pipelineName: try read.string("pipelineName"),
      pipelinePath: try read.string("pipelinePath"),
      pipelineDigest: try read.digest("pipelineDigest"),
      parameters: Dictionary(
        try read.object("parameters").map { ($0.key, try RecordedJSON($0.value).string()) },
        uniquingKeysWith: { $1 }),
      stages: try read.array("stages").map(StageRequest.init(json:)),
      externals: try read.array("externals").map(ExternalTree.init(json:)),
      hooks: try json["hooks"].map { try RecordedJSON($0).rare() },
      tracking: try json["tracking"].map { try RecordedJSON($0).rare() })
    formatVersion = try read.integer("formatVersion")
    includes = try json["includes"].map { try RecordedJSON($0).rare() }
    overridden = try json["overridden"].map { try RecordedJSON($0).rare() }
    selection = try json["selection"].map { try RecordedJSON($0).rare() }
    forced = try json["forced"].map { try RecordedJSON($0).rare() }
    reasons = try json["reasons"].map { try RecordedJSON($0).rare() }
  }
}

extension ExternalTree {
  var json: JSONValue {
    .object([
      "folder": .string(folder),
      "manifest": .object([
        "files": .array(
          manifest.files.map {
            .object([
              "digest": .string($0.digest.hex), "name": .string($0.name),
              "size": .integer(Int64($0.size)),
            ])
          }),
        "references": .array(manifest.references.map { .string($0.hex) }),
        "type": .string(manifest.type.rawValue),
      ]),
    ])
  }

  init(json: JSONValue) throws {
    let manifest = RecordedJSON(try RecordedJSON(json).value("manifest"))
    guard let type = ArtifactType(rawValue: try manifest.string("type")) else {
      throw RecordedJSON.damaged
    }
    self.init(
      folder: try RecordedJSON(json).string("folder"),
      manifest: ArtifactManifest(
        type: type,
        files: try manifest.array("files").map { file in
          let read = RecordedJSON(file)
          return .init(
            name: try read.string("name"), size: try read.integer("size"),
            digest: try read.digest("digest"))
        },
        references: try manifest.array("references").map { item in
          guard let digest = Digest(hex: try RecordedJSON(item).string()) else {
            throw RecordedJSON.damaged
          }
          return digest
        }))
  }
}
