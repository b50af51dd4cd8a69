package import BlockFormats
import Diagnostics

/// A model read back from a GGUF file: configuration, tokenizer arrays and weights by Hugging
/// Face's names, dequantized or as blocks.
///
/// ```swift
/// let model = try GGUFModel(path: "model-Q4_K_M.gguf")
/// let embedding = try model.floats("model.embed_tokens.weight")
/// ```
///
/// The families are those that are exported, see ``GGUFExport``.
package struct GGUFModel: Sendable {
  package let file: GGUFReader
  package let configuration: ModelConfiguration
  package let vocabulary: GGUFVocabulary

  private let places: [String: Place]

  /// Rows of a stored tensor that are one of Hugging Face's.
  private struct Place: Sendable {
    var tensor: GGUFTensor
    /// Of the stored tensor's rows; of a vector its values.
    var rows: Range<Int>
    var interleavedHeadSize: Int?
    var addsOne: Bool
  }

  /// - Throws: ``Failure`` of class `badInput` when the file is no such model.
  package init(path: String) throws {
    file = try GGUFReader(path: path)
    let name = file["general.architecture"]?.string ?? ""
    guard let architecture = GGUFArchitecture.named(name) else {
      let known = GGUFArchitecture.all.map(\.name).joined(separator: ", ")
      throw Diagnostic(
        "gguf.model",
        "\(SafeText.path(path)): the architecture is '\(SafeText.escaped(name))', expected one of "
          + known
      ).failure(.badInput)
    }
    vocabulary = try GGUFVocabulary(file)
    configuration = try Self.configuration(of: file, architecture, vocabulary)
    places = try Self.places(file, configuration, architecture)
  }

  /// The values of a weight by its Hugging Face name, row-major. The head of a tied model is its
  /// embedding.
  ///
  /// - Throws: ``Failure`` when there is no such weight or its type cannot be decoded.
  package func floats(_ name: String) throws -> [Float] {
    let place = try place(of: name)
    let format = try format(of: place, name)
    let isVector = place.tensor.dimensions.count < 2
    let columns = isVector ? 1 : place.tensor.dimensions[0]
    var values = file.withBytes(place.tensor, bytes(of: place)) {
      format.decoded($0, count: place.rows.count * columns)
    }
    if let headSize = place.interleavedHeadSize {
      values = HeadRows.halved(values, rows: place.rows.count, headSize: headSize)
    }
    if place.addsOne { for index in values.indices { values[index] -= 1 } }
    return values
  }

  /// Calls `body` with a matrix as the file holds it: rows × columns, each row whole blocks.
  ///
  /// Rows are in llama.cpp's order where ``rowOrder(of:)`` says so; gathering them needs no
  /// decoding.
  ///
  /// - Throws: ``Failure`` when there is no such weight or its type is not known, and what `body`
  ///   throws.
  package func withBlocks<Result>(
    _ name: String,
    _ body: (
      _ format: BlockFormat, _ rows: Int, _ columns: Int, _ blocks: UnsafeRawBufferPointer
    ) throws -> Result
  ) throws -> Result {
    let place = try place(of: name)
    let format = try format(of: place, name)
    let isVector = place.tensor.dimensions.count < 2
    let columns = isVector ? place.rows.count : place.tensor.dimensions[0]
    return try file.withBytes(place.tensor, bytes(of: place)) {
      try body(format, isVector ? 1 : place.rows.count, columns, $0)
    }
  }

  /// Where the rows of a weight stand in the file's blocks: row r of Hugging Face's is row
  /// `order[r]` of the blocks. Nil when they are in the same order.
  package func rowOrder(of name: String) throws -> [Int]? {
    let place = try place(of: name)
    guard let headSize = place.interleavedHeadSize else { return nil }
    return (0..<place.rows.count).map { HeadRows.interleaved($0, headSize: headSize) }
  }

  /// How the weight is stored.
  package func format(of name: String) throws -> BlockFormat {
    try format(of: place(of: name), name)
  }

  private func place(of name: String) throws -> Place {
    let isTiedHead = name == "lm_head.weight" && configuration.tiesWordEmbeddings
    if let place = places[isTiedHead ? "model.embed_tokens.weight" : name] { return place }
    throw Diagnostic(
      "gguf.no-tensor",
      "\(SafeText.path(file.path)): there is no weight '\(SafeText.escaped(name))'"
    ).failure(.badInput)
  }

  private func format(of place: Place, _ name: String) throws -> BlockFormat {
    if let format = BlockFormat.numbered(place.tensor.layout.ggmlType) { return format }
    let known = BlockFormat.all.map(\.name).joined(separator: ", ")
    throw Diagnostic(
      "gguf.not-decoded",
      "\(SafeText.path(file.path)): '\(SafeText.escaped(place.tensor.name))' is "
        + "\(place.tensor.layout.name), expected one of \(known)",
      fix: "use the model in another type"
    ).failure(.badInput)
  }

  private func bytes(of place: Place) -> Range<Int> {
    let layout = place.tensor.layout
    let isVector = place.tensor.dimensions.count < 2
    let columns = isVector ? 1 : place.tensor.dimensions[0]
    func offset(_ row: Int) -> Int { row * columns / layout.blockElements * layout.blockBytes }
    return offset(place.rows.lowerBound)..<offset(place.rows.upperBound)
  }

  // MARK: - Places

  /// A file can announce many layers and hold none.
  private static let problemsMax = 20

  private static func places(
    _ file: GGUFReader, _ model: ModelConfiguration, _ architecture: GGUFArchitecture
  ) throws -> [String: Place] {
    var places: [String: Place] = [:]
    var diagnostics: [Diagnostic] = []
    for stored in GGUFLayout(model, architecture).tensors {
      if let fused = try fused(stored, file, model) {
        places[stored.parts[0]] = fused
        continue
      }
      let expected = Array(stored.shape.reversed())
      guard let tensor = file.tensor(stored.name), tensor.dimensions == expected else {
        let found = file.tensor(stored.name).map { "\($0.dimensions)" } ?? "missing"
        diagnostics.append(
          Diagnostic(
            "gguf.model",
            "\(SafeText.path(file.path)): '\(stored.name)' is \(found), expected \(expected)"))
        if diagnostics.count == problemsMax { break }
        continue
      }
      let rows = stored.shape.count < 2 ? stored.shape[0] : stored.rows
      let each = rows / stored.parts.count
      for (index, part) in stored.parts.enumerated() {
        places[part] = Place(
          tensor: tensor, rows: index * each..<(index + 1) * each,
          interleavedHeadSize: stored.interleavedHeadSize, addsOne: stored.addsOne)
      }
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
    return places
  }

  /// The place of q, k or v in a file that keeps the three as one (an option of the converter).
  private static func fused(
    _ stored: GGUFLayout.Stored, _ file: GGUFReader, _ model: ModelConfiguration
  ) throws -> Place? {
    guard file.tensor(stored.name) == nil else { return nil }
    let parts = stored.name.split(separator: ".")
    guard parts.count == 4, let index = ["attn_q", "attn_k", "attn_v"].firstIndex(of: parts[2]),
      let tensor = file.tensor("\(parts[0]).\(parts[1]).attn_qkv.\(parts[3])")
    else { return nil }
    let q = model.headCount * model.headSize
    let kv = model.keyValueHeadCount * model.headSize
    let starts = [0, q, q + kv, q + 2 * kv]
    let columns = parts[3] == "weight" ? [model.hiddenSize] : []
    guard tensor.dimensions == columns + [starts[3]] else { return nil }
    return Place(
      tensor: tensor, rows: starts[index]..<starts[index + 1],
      interleavedHeadSize: stored.interleavedHeadSize, addsOne: stored.addsOne)
  }
}
