import Diagnostics

/// A LoRA read from a GGUF file, by Hugging Face's names and in their order of rows.
package struct GGUFAdapterFile: Sendable {
  package let file: GGUFReader
  /// In order of path.
  package let modules: [AdapterFiles.Module]

  private struct Place: Sendable {
    var stored: String
    var index: Int
    var interleavedHeadSize: Int?
  }

  private let places: [String: Place]

  /// - Parameter base: the model that the adapter belongs to.
  /// - Throws: ``Failure`` of class `badInput` when the file is no adapter of it.
  package init(path: String, base: ModelConfiguration) throws {
    let file = try GGUFReader(path: path)
    self.file = file
    func problem(_ message: String) -> Failure {
      Diagnostic("gguf.adapter", "\(SafeText.path(path)): \(message)").failure(.badInput)
    }
    guard file["general.type"]?.string == "adapter",
      file[GGUFAdapter.typeKey]?.string == "lora",
      let alpha = file[GGUFAdapter.alphaKey]?.number, alpha.isFinite
    else { throw problem("the file is no LoRA adapter") }
    let architecture = try GGUFExport.architecture(for: base)
    let found = file["general.architecture"]?.string ?? ""
    guard found == architecture.name else {
      throw problem(
        "the adapter is for '\(SafeText.escaped(found))', the model is \(architecture.name)")
    }
    var modules: [AdapterFiles.Module] = []
    var places: [String: Place] = [:]
    var known: Set<String> = []
    for stored in GGUFLayout(base, architecture).tensors where stored.shape.count > 1 {
      let (aName, bName) = (stored.name + ".lora_a", stored.name + ".lora_b")
      guard let a = file.tensor(aName), let b = file.tensor(bName) else { continue }
      known.formUnion([aName, bName])
      let stacked = stored.parts.count > 1 ? [stored.parts.count] : []
      let (out, columns) = (stored.shape[stored.shape.count - 2], stored.shape.last ?? 0)
      guard a.dimensions.count > 1, let rank = b.dimensions.first, rank > 0,
        a.dimensions == [columns, rank] + stacked, b.dimensions == [rank, out] + stacked
      else {
        throw problem("'\(stored.name)' has A of \(a.dimensions) and B of \(b.dimensions)")
      }
      for (index, part) in stored.parts.enumerated() {
        let path = String(part.dropLast(".weight".count))
        places[path] = Place(
          stored: stored.name, index: index, interleavedHeadSize: stored.interleavedHeadSize)
        modules.append(
          AdapterFiles.Module(
            path: path, kind: .linear, rank: rank, inputSize: columns, outputSize: out,
            scaling: alpha == 0 ? 1 : alpha / Double(rank), hasMagnitude: false))
      }
    }
    if let surplus = file.tensors.first(where: { !known.contains($0.name) }) {
      throw problem("'\(SafeText.escaped(surplus.name))' belongs to no matrix of the model")
    }
    self.modules = modules.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    self.places = places
  }

  /// A of the module, R × in, row-major.
  package func a(_ module: AdapterFiles.Module) throws -> [Float] {
    try part(module, ".lora_a", count: module.rank * module.inputSize).values
  }

  /// B of the module, out × R, row-major.
  package func b(_ module: AdapterFiles.Module) throws -> [Float] {
    let (values, place) = try part(module, ".lora_b", count: module.rank * module.outputSize)
    guard let headSize = place.interleavedHeadSize else { return values }
    return HeadRows.halved(values, rows: module.outputSize, headSize: headSize)
  }

  private func part(_ module: AdapterFiles.Module, _ end: String, count: Int) throws
    -> (values: [Float], place: Place)
  {
    guard let place = places[module.path] else {
      preconditionFailure("'\(module.path)' is no module of the adapter")
    }
    let all = try file.floats(place.stored + end)
    return (Array(all[place.index * count..<(place.index + 1) * count]), place)
  }
}
