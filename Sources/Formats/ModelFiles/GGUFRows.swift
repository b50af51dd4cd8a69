import BlockFormats
import Diagnostics

/// Makes the encoded bytes of rows of a planned tensor; any thread, any order.
struct GGUFRows: Sendable {
  private let weights: any GGUFWeights
  private let importance: GGUFImportance?

  init(_ weights: any GGUFWeights, _ importance: GGUFImportance?) {
    self.weights = weights
    self.importance = importance
  }

  /// The whole tensor's values in its own order where they cannot be read by rows; nil where they
  /// can.
  func computed(_ tensor: GGUFPlan.Tensor) throws -> [Float]? {
    if tensor.parts.isEmpty { return tensor.values }
    let isVector = tensor.dimensions.count < 2
    let isMoved = isVector && tensor.interleavedHeadSize != nil
    if !isMoved, tensor.parts.allSatisfy({ weights.storedType(of: $0) != nil }) { return nil }
    var values: [Float] = []
    for part in tensor.parts {
      var floats = try weights.floats(part)
      if let headSize = tensor.interleavedHeadSize {
        let rows = isVector ? floats.count : floats.count / tensor.columns
        floats = HeadRows.interleaved(floats, rows: rows, headSize: headSize)
      }
      values = tensor.parts.count == 1 ? floats : values + floats
    }
    precondition(values.count == tensor.elementCount, "'\(tensor.name)' has another size")
    return values
  }

  /// Encodes `rows` of the tensor.
  ///
  /// - Parameter computed: what ``computed(_:)`` gave.
  /// - Throws: ``Failure`` that names the weight where a value is not finite or beyond the type.
  func encode(
    _ tensor: GGUFPlan.Tensor, _ rows: Range<Int>, _ computed: [Float]?,
    to bytes: UnsafeMutableRawBufferPointer
  ) throws {
    let rowBytes = tensor.columns / tensor.format.blockElements * tensor.format.blockBytes
    for run in runs(tensor, rows) {
      let target = UnsafeMutableRawBufferPointer(
        rebasing: bytes[
          (run.rows.lowerBound - rows.lowerBound)
            * rowBytes..<(run.rows.upperBound
            - rows.lowerBound) * rowBytes])
      if let computed {
        try encode(computed, tensor, run, to: target)
      } else if let type = weights.storedType(of: run.name) {
        try encode(stored: type, tensor, run, to: target)
      }
    }
  }

  // MARK: - Runs

  /// Rows of one part.
  private struct Run {
    var part: Int
    var name: String
    /// Among all rows of the tensor.
    var rows: Range<Int>
    /// The same among the rows of the part.
    var inPart: Range<Int>
  }

  private func runs(_ tensor: GGUFPlan.Tensor, _ rows: Range<Int>) -> [Run] {
    let all = tensor.elementCount / max(1, tensor.columns)
    let each = all / max(1, tensor.parts.count)
    var runs: [Run] = []
    var first = rows.lowerBound
    while first < rows.upperBound {
      let part = first / each
      let end = min(rows.upperBound, (part + 1) * each)
      runs.append(
        Run(
          part: part, name: tensor.parts.isEmpty ? tensor.name : tensor.parts[part],
          rows: first..<end, inPart: first - part * each..<end - part * each))
      first = end
    }
    return runs
  }

  // MARK: - Stored

  private func encode(
    stored type: TensorType, _ tensor: GGUFPlan.Tensor, _ run: Run,
    to bytes: UnsafeMutableRawBufferPointer
  ) throws {
    let columns = tensor.columns
    let rowBytes = columns * type.byteCount
    // Heads are read whole, since their rows change places within them.
    let head = tensor.interleavedHeadSize ?? 1
    let span =
      run.inPart.lowerBound / head * head..<(run.inPart.upperBound + head - 1) / head * head
    try weights.withStoredBytes(
      of: run.name, span.lowerBound * columns..<span.upperBound * columns
    ) { source in
      try checkFinite(source, type, run.name, from: span.lowerBound * columns)
      if type.floatFormat?.ggmlType == tensor.format.ggmlType, !tensor.addsOne {
        return gather(source, rowBytes, tensor, run.inPart, from: span.lowerBound, to: bytes)
      }
      try withUnsafeTemporaryAllocation(of: Float.self, capacity: run.rows.count * columns) {
        values in
        decode(source, type, tensor, run.inPart, from: span.lowerBound, to: values)
        try encode(values, tensor, run, to: bytes)
      }
    }
  }

  private func gather(
    _ source: UnsafeRawBufferPointer, _ rowBytes: Int, _ tensor: GGUFPlan.Tensor,
    _ rows: Range<Int>, from first: Int, to bytes: UnsafeMutableRawBufferPointer
  ) {
    guard let headSize = tensor.interleavedHeadSize else { return bytes.copyMemory(from: source) }
    for row in rows {
      let from = (HeadRows.stored(row, headSize: headSize) - first) * rowBytes
      let to = (row - rows.lowerBound) * rowBytes
      UnsafeMutableRawBufferPointer(rebasing: bytes[to..<to + rowBytes])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + rowBytes]))
    }
  }

  private func decode(
    _ source: UnsafeRawBufferPointer, _ type: TensorType, _ tensor: GGUFPlan.Tensor,
    _ rows: Range<Int>, from first: Int, to values: UnsafeMutableBufferPointer<Float>
  ) {
    guard let format = type.floatFormat else { preconditionFailure("the weight holds floats") }
    guard let headSize = tensor.interleavedHeadSize else { return format.decode(source, values) }
    let columns = tensor.columns
    let rowBytes = columns * type.byteCount
    for row in rows {
      let from = (HeadRows.stored(row, headSize: headSize) - first) * rowBytes
      let to = (row - rows.lowerBound) * columns
      format.decode(
        UnsafeRawBufferPointer(rebasing: source[from..<from + rowBytes]),
        UnsafeMutableBufferPointer(rebasing: values[to..<to + columns]))
    }
  }

  // MARK: - Computed

  private func encode(
    _ computed: [Float], _ tensor: GGUFPlan.Tensor, _ run: Run,
    to bytes: UnsafeMutableRawBufferPointer
  ) throws {
    let range = run.rows.lowerBound * tensor.columns..<run.rows.upperBound * tensor.columns
    try computed.withUnsafeBufferPointer { all in
      let given = UnsafeBufferPointer(rebasing: all[range])
      try checkFinite(
        UnsafeRawBufferPointer(given), .F32, run.name,
        from: run.inPart.lowerBound * tensor.columns)
      try withUnsafeTemporaryAllocation(of: Float.self, capacity: given.count) { values in
        _ = values.update(fromContentsOf: given)
        try encode(values, tensor, run, to: bytes)
      }
    }
  }

  // MARK: - Values

  /// Adds what the architecture adds, checks the range and encodes.
  private func encode(
    _ values: UnsafeMutableBufferPointer<Float>, _ tensor: GGUFPlan.Tensor, _ run: Run,
    to bytes: UnsafeMutableRawBufferPointer
  ) throws {
    if tensor.addsOne { for index in values.indices { values[index] += 1 } }
    let format = tensor.format
    let values = UnsafeBufferPointer(values)
    if format.largest < .infinity, Self.largest(values) > format.largest {
      throw try beyond(tensor, run.name)
    }
    guard let importance = importance?.columns(of: tensor, part: run.part) else {
      return format.encodeRows(values, columns: tensor.columns, importance: nil, to: bytes)
    }
    importance.withUnsafeBufferPointer {
      format.encodeRows(values, columns: tensor.columns, importance: $0, to: bytes)
    }
  }

  private static func largest(_ values: UnsafeBufferPointer<Float>) -> Float {
    var bits: UInt32 = 0
    for value in values { bits = max(bits, value.bitPattern & 0x7FFF_FFFF) }
    return Float(bitPattern: bits)
  }

  /// What to say of a weight with values beyond the type; reads it once more to count them.
  private func beyond(_ tensor: GGUFPlan.Tensor, _ name: String) throws -> Failure {
    var values = tensor.parts.isEmpty ? tensor.values : try weights.floats(name)
    if tensor.addsOne { values = values.map { $0 + 1 } }
    do {
      try tensor.format.checkRange(values, tensor: name)
      preconditionFailure("'\(name)' was beyond the type before")
    } catch let failure as Failure {
      return failure
    }
  }

  private func checkFinite(
    _ bytes: UnsafeRawBufferPointer, _ type: TensorType, _ name: String, from first: Int
  ) throws {
    guard let place = FiniteScan.firstNotFinite(bytes, type) else { return }
    throw Diagnostic(
      "model.not-finite",
      "the tensor '\(SafeText.escaped(name))' holds \(place.isNaN ? "NaN" : "infinity") "
        + "(value \(first + place.index))",
      fix: "the training that made the weights diverged; lower the learning rate"
    ).failure(.badInput)
  }
}
