extension LoadedPipeline {
  /// Files outside the store that the pipeline reads, absolute, as far as they are there.
  package var watchedPaths: [String] {
    guard let found = try? findFiles() else { return [] }
    return Set(found.all.map(\.path)).sorted()
  }
}
