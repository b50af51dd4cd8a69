internal import Diagnostics
internal import Documents

/// A tensor as a safetensors file holds it.
package struct StoredTensor: Sendable, Hashable {
  package var name: String
  /// The format's own word: `U8`, `F32`.
  package var type: String
  package var shape: [Int]
  /// Little endian, row-major.
  package var bytes: [UInt8]

  package init(name: String, type: String, shape: [Int], bytes: [UInt8]) {
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }
}

/// The tensors that bitsandbytes writes for one quantised weight.
///
/// | name | type | shape | what |
/// |---|---|---|---|
/// | `w` | U8 | (n+1)/2, 1 | codes |
/// | `w.absmax` | F32, or U8 when nested | blocks of 64 | scales |
/// | `w.quant_map` | F32 | 16 | ``NF4/code`` |
/// | `w.nested_absmax` | F32 | blocks of 256 scales | scales of the scales |
/// | `w.nested_quant_map` | F32 | 256 | ``DynamicMap/code`` |
/// | `w.quant_state.bitsandbytes__nf4` | U8 | bytes | JSON: sizes, the weight's type and shape |
///
/// Source: bitsandbytes 0.50, `QuantState.as_dict` and `from_dict`.
extension NF4Tensor {
  /// Ends the name of the tensor that tells an NF4 weight from any other.
  package static let stateSuffix = ".quant_state.bitsandbytes__nf4"

  /// - Parameter type: of the weight before: `float32`, `float16`, `bfloat16`.
  package func bitsandbytesTensors(_ name: String, type: String) -> [StoredTensor] {
    var state =
      "{\"quant_type\": \"nf4\", \"blocksize\": \(NF4.blockSize), \"dtype\": \"\(type)\", "
      + "\"shape\": [\(shape.map(String.init).joined(separator: ", "))]"
    var tensors = [StoredTensor(name: name, type: "U8", shape: [codes.count, 1], bytes: codes)]
    func floats(_ suffix: String, _ values: [Float]) {
      tensors.append(
        StoredTensor(
          name: name + suffix, type: "F32", shape: [values.count],
          bytes: values.withUnsafeBytes { Array($0) }))
    }
    switch scales {
    case .plain(let values): floats(".absmax", values)
    case .nested(let nested):
      tensors.append(
        StoredTensor(
          name: name + ".absmax", type: "U8", shape: [nested.codes.count], bytes: nested.codes))
      floats(".nested_absmax", nested.absmax)
      floats(".nested_quant_map", DynamicMap.signed.code)
      state +=
        ", \"nested_blocksize\": \(DynamicMap.blockSize), \"nested_dtype\": \"float32\", "
        + "\"nested_offset\": \(Double(nested.offset))"
    }
    floats(".quant_map", NF4.code)
    let text = Array((state + "}").utf8)
    tensors.append(
      StoredTensor(name: name + Self.stateSuffix, type: "U8", shape: [text.count], bytes: text))
    return tensors
  }

  /// The weight `name`, whose state tensor exists.
  ///
  /// - Parameter tensor: a tensor of the file by name, or nil where there is none.
  /// - Returns: the tensor and the type it had before it was quantised.
  /// - Throws: ``Failure`` of class `badInput` that names the tensor that is missing or wrong, and
  ///   what `tensor` throws.
  package static func bitsandbytes(
    _ name: String, _ tensor: @escaping (String) throws -> StoredTensor?
  ) throws -> (tensor: NF4Tensor, type: String) {
    let reader = BitsandbytesReader(name: name, tensor: tensor)
    let state = try BitsandbytesState(reader)
    let elements = state.shape.reduce(1, *)
    let blocks = NF4.blockCount(elements)
    try reader.check(reader.floats(".quant_map", count: 16), NF4.code, ".quant_map")
    let codes = try reader.bytes("", count: NF4.codeBytes(elements))
    guard let offset = state.nestedOffset else {
      let scales = Scales.plain(try reader.floats(".absmax", count: blocks))
      return (NF4Tensor(shape: state.shape, codes: codes, scales: scales), state.type)
    }
    try reader.check(
      reader.floats(".nested_quant_map", count: 256), DynamicMap.signed.code, ".nested_quant_map")
    let nested = NestedScales(
      codes: try reader.bytes(".absmax", count: blocks),
      absmax: try reader.floats(".nested_absmax", count: DynamicMap.blockCount(blocks)),
      offset: offset)
    return (NF4Tensor(shape: state.shape, codes: codes, scales: .nested(nested)), state.type)
  }
}

/// The JSON of `quant_state.bitsandbytes__nf4`, checked.
private struct BitsandbytesState {
  let shape: [Int]
  let type: String
  /// Nil without double quantisation.
  let nestedOffset: Float?

  init(_ reader: BitsandbytesReader) throws {
    let suffix = NF4Tensor.stateSuffix
    let bytes = try reader.stored(suffix, type: "U8").bytes
    let json = try JSONReader.parse(bytes, file: reader.name + suffix)
    func expect(_ key: String, _ value: JSONValue) throws {
      guard json[key] == value else {
        throw reader.problem(
          suffix, "'\(key)' is \(Self.text(json[key])), expected \(Self.text(value))")
      }
    }
    try expect("quant_type", "nf4")
    try expect("blocksize", .integer(Int64(NF4.blockSize)))
    guard let type = json["dtype"]?.stringValue,
      ["float32", "float16", "bfloat16"].contains(type)
    else {
      throw reader.problem(
        suffix,
        "'dtype' is \(Self.text(json["dtype"])), expected float32, float16 or bfloat16")
    }
    shape = try Self.shape(json["shape"], reader)
    self.type = type
    guard json["nested_offset"] != nil || json["nested_blocksize"] != nil else {
      nestedOffset = nil
      return
    }
    try expect("nested_blocksize", .integer(Int64(DynamicMap.blockSize)))
    guard let offset = json["nested_offset"]?.doubleValue, Float(offset).isFinite else {
      throw reader.problem(
        suffix, "'nested_offset' is \(Self.text(json["nested_offset"])), expected a number")
    }
    nestedOffset = Float(offset)
  }

  private static func shape(_ json: JSONValue?, _ reader: BitsandbytesReader) throws -> [Int] {
    let sizes = (json?.arrayValue ?? []).compactMap(\.integerValue)
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow, product <= 1 << 48 else { count = 0; break }
      count = product
    }
    guard !sizes.isEmpty, sizes.count == json?.arrayValue?.count, count > 0 else {
      throw reader.problem(
        NF4Tensor.stateSuffix, "'shape' is \(text(json)), expected positive sizes")
    }
    return sizes
  }

  private static func text(_ value: JSONValue?) -> String {
    value.map { SafeText.escaped(JSONWriter.compact($0)) } ?? "absent"
  }
}

/// The tensors of one weight.
private struct BitsandbytesReader {
  let name: String
  let tensor: (String) throws -> StoredTensor?

  func stored(_ suffix: String, type: String) throws -> StoredTensor {
    guard let stored = try tensor(name + suffix) else {
      throw problem(suffix, "it is missing")
    }
    guard stored.type == type else {
      throw problem(suffix, "its type is \(stored.type), expected \(type)")
    }
    return stored
  }

  func bytes(_ suffix: String, count: Int) throws -> [UInt8] {
    let bytes = try stored(suffix, type: "U8").bytes
    guard bytes.count == count else {
      throw problem(suffix, "it has \(bytes.count) bytes, expected \(count)")
    }
    return bytes
  }

  func floats(_ suffix: String, count: Int) throws -> [Float] {
    let bytes = try stored(suffix, type: "F32").bytes
    guard bytes.count == 4 * count else {
      throw problem(suffix, "it has \(bytes.count / 4) values, expected \(count)")
    }
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  func check(_ values: [Float], _ expected: [Float], _ suffix: String) throws {
    guard values == expected else {
      throw problem(suffix, "its values are not those of the code book that can be read here")
    }
  }

  func problem(_ suffix: String, _ cause: String) -> Failure {
    Diagnostic(
      "nf4.bad-tensor",
      "the tensor '\(SafeText.escaped(name + suffix))' of a weight in NF4: \(cause)",
      fix: "write the weights again with bitsandbytes (nf4, blocksize 64), or use the weights in "
        + "their original precision"
    ).failure(.badInput)
  }
}
