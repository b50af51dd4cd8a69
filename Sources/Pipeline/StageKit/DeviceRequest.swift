/// What a stage or a command computes on. The class of it decides the bits of what is made, so it is
/// part of the fingerprint; which of several cards does it is not.
package enum DeviceClass: String, Sendable, Hashable {
  case cpu, cuda
}

/// `auto`, `cpu`, `cuda` or `cuda:N`, settled.
package struct DeviceRequest: Sendable, Hashable {
  package let device: DeviceClass
  /// Which card, where that was said.
  package let index: Int?

  /// Nil for any other text.
  ///
  /// - Parameter isUsable: whether this machine has a card that can be used; asked for `auto` only.
  package init?(_ text: String, isUsable: () -> Bool) {
    switch text {
    case "auto": (device, index) = (isUsable() ? .cuda : .cpu, nil)
    case "cpu": (device, index) = (.cpu, nil)
    case "cuda": (device, index) = (.cuda, nil)
    default:
      let digits = text.dropFirst("cuda:".count)
      guard text.hasPrefix("cuda:"), digits.count <= 2, let number = Int(digits), number >= 0,
        digits == String(number)
      else { return nil }
      (device, index) = (.cuda, number)
    }
  }
}
