/// Finds personal data and takes it out. Immutable; shared between threads.
///
/// ```swift
/// let scrubber = Scrubber(detector: Detector(), operator: .replace)
/// scrubber.scrub("write to ann@firm.org").text  // "write to <EMAIL_ADDRESS>"
/// ```
package struct Scrubber: Sendable {
  package let detector: Detector
  private let standard: ScrubOperator
  private let byEntity: [Entity: ScrubOperator]
  private let mask: MaskStyle
  private let keyed: KeyedDigest
  private let pseudonym: Pseudonym

  /// - Parameters:
  ///   - operators: operators for single entities.
  ///   - key: of `hash` and `pseudonym`.
  package init(
    detector: Detector, operator standard: ScrubOperator,
    operators: [Entity: ScrubOperator] = [:], mask: MaskStyle = MaskStyle(), key: String = ""
  ) {
    self.detector = detector
    self.standard = standard
    self.byEntity = operators
    self.mask = mask
    self.keyed = KeyedDigest(key: key)
    self.pseudonym = Pseudonym(key: key)
  }

  /// A text after scrubbing, and what was found at which place of the original.
  package struct Scrubbed: Sendable {
    package var text: String
    package var detections: [Detection]
    /// The values found, masked to their shape (`xxx@xxxx.xx`, `+00 000`), in the same order.
    package var shapes: [String]
    /// For each, the shape of what stands around it, the finding itself as `<ENTITY>`; empty unless
    /// asked for.
    package var surroundings: [String] = []
  }

  /// - Parameter context: text that is read before `text` as a hint and belongs to neither result:
  ///   the name of a column, for example.
  /// - Parameter showsSurroundings: whether to fill ``Scrubbed/surroundings``.
  package func scrub(_ text: String, context: String = "", showsSurroundings: Bool = false)
    -> Scrubbed
  {
    var whole = context + text
    let offset = context.utf8.count
    return whole.withUTF8 { bytes in
      var detections = detector.detections(in: ByteText(bytes))
      detections.removeAll { $0.range.lowerBound < offset }
      guard !detections.isEmpty else {
        return Scrubbed(text: text, detections: [], shapes: [])
      }
      var out: [UInt8] = []
      var shapes: [String] = []
      var position = offset
      for detection in detections {
        out.append(contentsOf: bytes[position..<detection.range.lowerBound])
        let value = String(decoding: bytes[detection.range], as: UTF8.self)
        out.append(contentsOf: replacement(for: value, detection.entity).utf8)
        shapes.append(Self.shape(of: value))
        position = detection.range.upperBound
      }
      out.append(contentsOf: bytes[position...])
      let surroundings = showsSurroundings ? Self.surroundings(bytes, detections, from: offset) : []
      for index in detections.indices {
        let range = detections[index].range
        detections[index].range = range.lowerBound - offset..<range.upperBound - offset
      }
      return Scrubbed(
        text: String(decoding: out, as: UTF8.self), detections: detections, shapes: shapes,
        surroundings: surroundings)
    }
  }

  /// `text` with every detection replaced; detections in order and without overlaps.
  package func scrub(_ text: ByteText, _ detections: [Detection]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.count + 16 * detections.count)
    var position = 0
    for detection in detections {
      out.append(contentsOf: text.bytes[position..<detection.range.lowerBound])
      let value = String(decoding: text.bytes[detection.range], as: UTF8.self)
      out.append(contentsOf: replacement(for: value, detection.entity).utf8)
      position = detection.range.upperBound
    }
    out.append(contentsOf: text.bytes[position...])
    return String(decoding: out, as: UTF8.self)
  }

  private func replacement(for value: String, _ entity: Entity) -> String {
    switch byEntity[entity] ?? standard {
    case .replace: return "<\(entity.name)>"
    case .redact: return ""
    case .mask: return mask.apply(to: value)
    case .hash:
      let digits = keyed.bytes(entity.name, NormalizedValue.of(value)).prefix(16)
      return digits.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    case .pseudonym: return pseudonym.value(for: value, entity)
    case .keep: return value
    }
  }

  /// Letters as `x`, digits as `0`, everything else as it is; at most 40 characters.
  static func shape(of value: some StringProtocol) -> String {
    String(
      value.prefix(40).map { character in
        character.isNumber ? "0" : character.isLetter ? "x" : character
      })
  }

  /// Up to 24 characters on both sides, as shapes.
  private static func surroundings(
    _ bytes: UnsafeBufferPointer<UInt8>, _ detections: [Detection], from start: Int
  ) -> [String] {
    detections.map { detection in
      let before = bytes[max(start, detection.range.lowerBound - 96)..<detection.range.lowerBound]
      let after = bytes[
        detection.range.upperBound..<min(bytes.count, detection.range.upperBound + 96)]
      return shape(of: String(decoding: before, as: UTF8.self).suffix(24))
        + "<\(detection.entity.name)>"
        + shape(of: String(decoding: after, as: UTF8.self).prefix(24))
    }
  }
}
