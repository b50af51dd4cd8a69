import Diagnostics
import Documents
package import Reproducibility

/// Writes the weights of a model folder as transformers does: `model.safetensors`, or from a size
/// on `model-00001-of-00003.safetensors` and so on with `model.safetensors.index.json`.
package struct ShardedWeights {
  /// A file that was written.
  package struct File: Sendable, Hashable {
    package var name: String
    package var byteCount: Int
    package var digest: Digest
  }

  private let shards: [[OutputTensor]]

  /// Tensors fill a shard in the order given; the next one begins where a tensor would not fit. A
  /// tensor larger than a shard has one of its own.
  ///
  /// - Parameter shardBytesMax: of the values of a shard; positive.
  package init(_ tensors: [OutputTensor], shardBytesMax: Int) {
    var shards: [[OutputTensor]] = []
    var size = 0
    for tensor in tensors {
      if shards.isEmpty || size + tensor.byteCount > shardBytesMax {
        shards.append([])
        size = 0
      }
      shards[shards.count - 1].append(tensor)
      size += tensor.byteCount
    }
    self.shards = shards
  }

  /// Writes the files into `folder`, one tensor in memory at a time.
  ///
  /// - Parameters:
  ///   - metadata: of every file, beside what `transformers` expects.
  ///   - progress: called with the number of files done.
  package func write(
    to folder: String, metadata: [String: String] = [:], progress: (Int) throws -> Void
  ) throws -> [File] {
    var files: [File] = []
    var map: [JSONMember] = []
    var total = 0
    for (index, tensors) in shards.enumerated() {
      let name = shards.count == 1 ? "model.safetensors" : Self.name(index + 1, of: shards.count)
      let digest = try SafetensorsWriter.write(
        tensors, metadata: SafetensorsWriter.metadata.merging(metadata) { own, _ in own },
        to: folder + "/" + name)
      let size = try MappedFile(path: folder + "/" + name).bytes.count
      files.append(File(name: name, byteCount: size, digest: digest))
      map += tensors.map { JSONMember($0.name, .string(name)) }
      total += tensors.reduce(0) { $0 + $1.byteCount }
      try progress(index + 1)
    }
    if shards.count > 1 {
      map.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let index: JSONValue = .object([
        "metadata": .object(["total_size": .integer(Int64(total))]), "weight_map": .object(map),
      ])
      try JSONFile.write(index, to: folder + "/model.safetensors.index.json")
    }
    return files
  }

  private static func name(_ number: Int, of count: Int) -> String {
    func padded(_ value: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }
    return "model-\(padded(number))-of-\(padded(count)).safetensors"
  }

  /// `5GB`, `500MiB` or a number of bytes; nil when it is none. Units of ten as transformers reads
  /// them, `KiB` and so on of two.
  package static func bytes(_ text: String) -> Int? {
    let units: [(String, Int)] = [
      ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("KB", 1_000), ("MB", 1_000_000),
      ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ]
    let upper = text.uppercased()
    for (unit, size) in units where upper.hasSuffix(unit) {
      guard let count = Int(upper.dropLast(unit.count)), count > 0 else { return nil }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
      return overflow ? nil : bytes
    }
    return Int(text).flatMap { $0 > 0 ? $0 : nil }
  }
}
