import Documents
package import Reproducibility

extension Modelfile {
  /// Adds what the model's files say: how it wants to be sampled (`generation_config.json`), and its
  /// license.
  ///
  /// - Parameter trees: where the files are looked for, the first one first.
  package mutating func complete(from trees: [FileTree]) throws {
    let settings = trees.lazy.compactMap { $0["generation_config.json"] }.first
    if let settings { parameters = Self.parameters(of: try JSONFile.read(settings)) }
    for tree in trees where license == nil {
      guard let name = Self.licenseNames.first(where: { tree[$0] != nil }) else { continue }
      let file = try MappedFile(path: tree.path(name))
      // The mapping lives as long as the file does.
      license = withExtendedLifetime(file) { String(validating: file.bytes, as: UTF8.self) }
    }
  }

  private static let licenseNames = ["LICENSE", "LICENSE.txt", "LICENSE.md"]

  /// Ollama's names of what `generation_config.json` sets; a model that is not sampled has
  /// temperature 0.
  static func parameters(of settings: JSONValue) -> [Parameter] {
    let names = [
      ("temperature", "temperature"), ("top_k", "top_k"), ("top_p", "top_p"), ("min_p", "min_p"),
      ("repetition_penalty", "repeat_penalty"),
    ]
    if settings["do_sample"]?.boolValue == false {
      return [Parameter(name: "temperature", value: "0")]
    }
    return names.compactMap { key, name in
      switch settings[key] {
      case .integer(let value): Parameter(name: name, value: "\(value)")
      case .number(let value) where value.isFinite: Parameter(name: name, value: "\(value)")
      default: nil
      }
    }
  }
}
