package import Documents

/// A tokenizer.json without what makes it large.
package enum TokenizerOutline {
  /// The contents of the file; of a BPE model without vocabulary and merges, which are not parsed.
  ///
  /// - Throws: ``Failure`` when the file cannot be read or is no JSON.
  package static func read(path: String) throws -> JSONValue {
    let bytes = try TokenizerFile.bytes(path: path)
    if let found = VocabularyScan.outline(bytes, file: "tokenizer.json") { return found.rest }
    return try TokenizerFile.json(bytes, name: "tokenizer.json")
  }
}
