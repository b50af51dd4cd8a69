import Diagnostics
import Documents
package import Reproducibility

/// What `model.json` says of a model folder: its form and what it builds on.
///
/// A Hugging Face folder without the file counts as form `full`, a PEFT folder as `adapter`.
package struct ModelManifest: Sendable, Hashable, Codable {
  package enum Form: String, Sendable, Hashable, Codable, CaseIterable {
    /// Weights and configuration in the folder.
    case full
    /// Low-rank updates; the weights are in the model `base`.
    case adapter
    /// Weights made from a base and adapters.
    case merged
    /// A GGUF file.
    case gguf
    /// A tokenizer without weights.
    case tokenizer
  }

  /// Name of the file in a model folder.
  package static let fileName = "model.json"

  package var formatVersion = 1
  package var form: Form
  /// The artifact whose weights an adapter changes.
  package var base: Digest?
  /// How weights are stored: `float32`, `float16`, `bfloat16`; empty when there are none.
  package var dtype: String
  /// Digests of tokenizer and template files by name, apart from the weights.
  package var tokenizerFiles: [String: Digest]

  package init(
    form: Form, base: Digest? = nil, dtype: String = "", tokenizerFiles: [String: Digest] = [:]
  ) {
    self.form = form
    self.base = base
    self.dtype = dtype
    self.tokenizerFiles = tokenizerFiles
  }

  /// Reads `model.json`.
  ///
  /// - Throws: ``Failure`` of class `badInput` with every problem of the file.
  package init(path: String) throws {
    let json = try JSONFile.read(path)
    var read = ConfigurationReader(json, file: path)
    try read.finish()
    let version = read.integer("formatVersion", in: 1...1)
    let formName = read.string("form") ?? ""
    let form = Form(rawValue: formName)
    if form == nil {
      let known = Form.allCases.map(\.rawValue).joined(separator: ", ")
      read.problem(
        "model.form", "'form' is '\(SafeText.escaped(formName))', expected one of \(known)")
    }
    let baseText = read.string("base")
    let base = baseText.flatMap { Digest(hex: $0) }
    if baseText != nil, base == nil {
      read.problem("model.base", "'base' is not a SHA-256 of 64 hexadecimal digits")
    }
    if form == .adapter, base == nil, baseText == nil {
      read.problem("model.base", "'base' is missing; an adapter needs the digest of its base")
    }
    var files: [String: Digest] = [:]
    for member in read.value("tokenizerFiles")?.objectValue ?? [] {
      files[member.key] = member.value.stringValue.flatMap { Digest(hex: $0) }
    }
    let dtype = read.string("dtype") ?? ""
    try read.finish()
    self.init(form: form ?? .full, base: base, dtype: dtype, tokenizerFiles: files)
    formatVersion = version
  }

  /// The text of `model.json`.
  var json: JSONValue {
    var members = [JSONMember("formatVersion", .integer(Int64(formatVersion)))]
    members.append(JSONMember("form", .string(form.rawValue)))
    if let base { members.append(JSONMember("base", .string(base.hex))) }
    if !dtype.isEmpty { members.append(JSONMember("dtype", .string(dtype))) }
    let files = tokenizerFiles.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    members.append(
      JSONMember(
        "tokenizerFiles", .object(files.map { JSONMember($0.key, .string($0.value.hex)) })))
    return .object(members)
  }
}
