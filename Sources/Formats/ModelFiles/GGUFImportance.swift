import BlockFormats
import Diagnostics
import Parallelism

/// An importance matrix: for each matrix of a model the mean square of what each of its columns is
/// multiplied with, over some text. Quantizers keep columns exact where that is large.
///
/// ```swift
/// let importance = try GGUFImportance(path: "imatrix.gguf")
/// try plan.write(to: path, pool: pool, weights: weights, importance: importance)
/// ```
///
/// Files are those of llama.cpp: GGUF of type `imatrix`, and the older form that has no magic.
package struct GGUFImportance: Sendable, Hashable {
  /// What was added up for one tensor of the file, or for each of the matrices stacked in it.
  package struct Entry: Sendable, Hashable {
    /// Sums of squares, matrices × columns.
    package var sums: [Float]
    /// How many rows were added up for each matrix; 0 for an expert that no token chose.
    package var counts: [Int]

    package init(sums: [Float], counts: [Int]) {
      precondition(!counts.isEmpty && sums.count % counts.count == 0)
      self.sums = sums
      self.counts = counts
    }
  }

  /// By llama.cpp's names of tensors: `blk.0.attn_q.weight`.
  package let entries: [String: Entry]
  /// Names of the texts.
  package let datasets: [String]
  /// Windows of text that were read, and tokens in each.
  package let chunkCount: Int
  package let chunkTokens: Int

  /// Mean squares, matrices × columns.
  private let means: [String: [Float]]

  package init(
    _ entries: [String: Entry], datasets: [String] = [], chunkCount: Int = 0, chunkTokens: Int = 0
  ) {
    self.entries = entries
    self.datasets = datasets
    self.chunkCount = chunkCount
    self.chunkTokens = chunkTokens
    means = entries.mapValues { entry in
      let columns = entry.sums.count / entry.counts.count
      return entry.sums.indices.map { index in
        let count = entry.counts[index / columns]
        return count > 0 ? entry.sums[index] / Float(count) : 1
      }
    }
  }

  /// What the errors of the columns of one of a tensor's matrices weigh; nil where nothing is known
  /// of it or its type takes none.
  func columns(of tensor: GGUFPlan.Tensor, part: Int) -> [Float]? {
    guard tensor.format.usesImportance, let all = means[tensor.name],
      all.count == tensor.columns * max(1, tensor.parts.count)
    else { return nil }
    return Array(all[part * tensor.columns..<(part + 1) * tensor.columns])
  }

  /// Refuses a matrix of another model. The embedding's is not used where it does not fit, as in
  /// llama.cpp.
  func check(for plan: GGUFPlan) throws {
    let fits = plan.tensors.filter { means[$0.name] != nil }
    for tensor in fits where tensor.name != "token_embd.weight" && tensor.format.usesImportance {
      let expected = tensor.columns * max(1, tensor.parts.count)
      let found = means[tensor.name]?.count ?? 0
      guard found != expected else { continue }
      throw Diagnostic(
        "gguf.importance",
        "the importance matrix has \(found) columns for '\(tensor.name)', expected \(expected)",
        fix: "make the importance matrix from this model"
      ).failure(.badInput)
    }
    guard fits.isEmpty else { return }
    throw Diagnostic(
      "gguf.importance",
      "the importance matrix has none of the model's tensors (\(entries.count) others)",
      fix: "make the importance matrix from this model"
    ).failure(.badInput)
  }

  /// Keys that tell which matrix a file was made with, as llama.cpp's quantizer writes them but
  /// without the path.
  package var pairs: [GGUFPair] {
    var pairs: [GGUFPair] = []
    if let dataset = datasets.first {
      pairs.append(GGUFPair("quantize.imatrix.dataset", .string(dataset)))
    }
    pairs.append(GGUFPair("quantize.imatrix.entries_count", .uint32(entries.count)))
    if chunkCount > 0 {
      pairs.append(GGUFPair("quantize.imatrix.chunks_count", .uint32(chunkCount)))
    }
    return pairs
  }
}

// MARK: - Writing

extension GGUFImportance {
  private static let sumsEnd = ".in_sum2"
  private static let countsEnd = ".counts"

  /// Writes the GGUF form.
  ///
  /// - Throws: ``Failure`` of class `io`.
  package func write(to path: String) throws {
    let pairs = [
      GGUFPair("general.type", .string("imatrix")),
      GGUFPair("imatrix.datasets", .strings(datasets)),
      GGUFPair("imatrix.chunk_count", .uint32(chunkCount)),
      GGUFPair("imatrix.chunk_size", .uint32(chunkTokens)),
    ]
    var tensors: [GGUFPlan.Tensor] = []
    for (name, entry) in entries.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    {
      let matrices = entry.counts.count
      // ggml leaves out dimensions of 1 at the end.
      let stacked = matrices > 1 ? [matrices] : []
      tensors.append(
        GGUFPlan.Tensor(
          name: name + Self.sumsEnd, format: .f32,
          dimensions: [entry.sums.count / matrices] + stacked, values: entry.sums))
      tensors.append(
        GGUFPlan.Tensor(
          name: name + Self.countsEnd, format: .f32, dimensions: [1] + stacked,
          values: entry.counts.map { Float($0) }))
    }
    let plan = GGUFPlan(pairs: pairs, tensors: tensors)
    _ = try plan.write(to: path, pool: ThreadPool(threads: 1)) { _ in [] }
  }
}

// MARK: - Reading

extension GGUFImportance {
  /// Reads either form.
  ///
  /// - Throws: ``Failure`` of class `badInput` for anything but a well-formed importance matrix.
  package init(path: String) throws {
    let file = try MappedFile(path: path)
    if file.withAllBytes({ $0.prefix(4).elementsEqual("GGUF".utf8) }) {
      try self.init(GGUFReader(path: path))
    } else {
      self = try file.withAllBytes { try Self(legacy: $0, path) }
    }
  }

  private static func problem(_ path: String, _ message: String) -> Failure {
    Diagnostic(
      "gguf.importance", "\(SafeText.path(path)): \(message)",
      fix: "make the importance matrix anew"
    ).failure(.badInput)
  }

  private init(_ file: GGUFReader) throws {
    func problem(_ message: String) -> Failure { Self.problem(file.path, message) }
    guard file["general.type"]?.string == "imatrix" else {
      throw problem("'general.type' is not imatrix: the file is no importance matrix")
    }
    guard let datasets = file["imatrix.datasets"]?.strings,
      let chunks = file["imatrix.chunk_count"]?.integer,
      let tokens = file["imatrix.chunk_size"]?.integer
    else {
      throw problem("imatrix.datasets, imatrix.chunk_count or imatrix.chunk_size is missing")
    }
    var entries: [String: Entry] = [:]
    for tensor in file.tensors where tensor.name.hasSuffix(Self.sumsEnd) {
      let name = String(tensor.name.dropLast(Self.sumsEnd.count))
      let shown = SafeText.escaped(name)
      guard let countTensor = file.tensor(name + Self.countsEnd) else {
        throw problem("'\(shown)' has sums but no counts")
      }
      guard tensor.layout.name == "F32", countTensor.layout.name == "F32" else {
        throw problem("the sums and counts of '\(shown)' are not F32")
      }
      let sums = try file.floats(tensor.name)
      let counts = try file.floats(countTensor.name)
      guard !counts.isEmpty, !sums.isEmpty, sums.count % counts.count == 0 else {
        throw problem("'\(shown)' has \(sums.count) sums for \(counts.count) counts")
      }
      guard sums.allSatisfy({ $0 >= 0 && $0.isFinite }),
        counts.allSatisfy({ $0 >= 0 && $0 <= 0x1p53 })
      else { throw problem("'\(shown)' holds numbers that are negative or not finite") }
      entries[name] = Entry(
        sums: sums, counts: counts.map { Int($0.rounded(.toNearestOrAwayFromZero)) })
    }
    for tensor in file.tensors where !tensor.name.hasSuffix(Self.sumsEnd) {
      guard tensor.name.hasSuffix(Self.countsEnd),
        entries[String(tensor.name.dropLast(Self.countsEnd.count))] != nil
      else { throw problem("'\(SafeText.escaped(tensor.name))' belongs to no sums") }
    }
    guard !entries.isEmpty else { throw problem("there are no entries") }
    self.init(entries, datasets: datasets, chunkCount: chunks, chunkTokens: tokens)
  }

  /// The older form: a count of entries; for each a name, the number of calls, a count of values
  /// and those, already means times the number of calls; then, if anything, the number of chunks
  /// and the name of the text. All integers are i32.
  private init(legacy bytes: UnsafeRawBufferPointer, _ path: String) throws {
    var scanner = GGUFScanner(bytes, file: path)
    func problem(_ message: String) -> Failure { Self.problem(path, message) }
    func integer(_ what: String, _ range: ClosedRange<Int>) throws -> Int {
      let value = Int(try scanner.integer(Int32.self, what))
      guard range.contains(value) else { throw problem("\(what) is \(value)") }
      return value
    }
    let count = try integer("the number of entries", 1...1 << 20)
    var entries: [String: Entry] = [:]
    for _ in 0..<count {
      let name = try scanner.text(
        try integer("the length of a name", 1...GGUFReader.nameBytesMax), "a name")
      let shown = SafeText.escaped(name)
      let calls = try integer("the number of calls of '\(shown)'", 0...Int(Int32.max))
      let values = try integer("the number of values of '\(shown)'", 1...scanner.left / 4 + 1)
      guard values * 4 <= scanner.left else {
        throw problem("'\(shown)' has \(values) values, but only \(scanner.left) bytes are left")
      }
      var sums: [Float] = []
      sums.reserveCapacity(values)
      for _ in 0..<values {
        sums.append(Float(bitPattern: try scanner.integer(UInt32.self, "a value")))
      }
      guard sums.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw problem("'\(shown)' holds numbers that are negative or not finite")
      }
      let entry = Entry(sums: sums, counts: [max(1, calls)])
      guard entries.updateValue(entry, forKey: name) == nil else {
        throw problem("'\(shown)' is there twice")
      }
    }
    var (chunks, datasets) = (0, [String]())
    if scanner.left > 0 {
      chunks = try integer("the number of chunks", 0...Int(Int32.max))
      if scanner.left > 0 {
        let length = try integer("the length of the text's name", 0...1 << 16)
        if length > 0 { datasets = [try scanner.text(length, "the text's name")] }
      }
    }
    guard scanner.left == 0 else {
      throw problem("\(scanner.left) bytes at the end belong to nothing")
    }
    self.init(entries, datasets: datasets, chunkCount: chunks)
  }
}
