import Diagnostics

extension AdapterFiles {
  /// What an adapter says of itself without its base: targets given by their last names are in every
  /// layer, so that a layer above one without them shows an adapter that is not whole, or is not
  /// this configuration's.
  ///
  /// - Throws: ``Failure`` of class `badInput` for the first such target.
  package func checkLayers() throws {
    guard case .names(let targets) = configuration.targetModules,
      configuration.layersToTransform == nil, configuration.excludedModules == nil
    else { return }
    var layers: [String: Set<Int>] = [:]
    for module in modules {
      let parts = module.path.split(separator: ".")
      guard parts.count > 4, parts[0] == "model", parts[1] == "layers", let layer = Int(parts[2]),
        let name = parts.last, targets.contains(String(name))
      else { continue }
      layers[String(name), default: []].insert(layer)
    }
    for name in layers.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let present = layers[name], let highest = present.max(), present.count <= highest,
        let missing = (0...highest).first(where: { !present.contains($0) })
      else { continue }
      throw Diagnostic(
        "adapter.layers",
        "the adapter changes '\(SafeText.escaped(name))' of layer \(highest), but not of layer "
          + "\(missing), and target_modules names it for every layer",
        fix: "copy the adapter again; where it is whole, add layers_to_transform to "
          + Self.configurationName
      ).failure(.badInput)
    }
  }
}
