import Diagnostics
import Documents

extension ParameterReader {
  /// `auto`, `cpu`, `cuda` or `cuda:N`.
  ///
  /// The effective value is the class: `auto` becomes `cuda` where the planning machine has a card that
  /// can be used. A stage on a card holds one while it runs; N says which.
  ///
  /// - Parameters:
  ///   - isUsed: false: the other parameters leave nothing to compute, so that no card is held.
  ///   - isUsable: whether this machine has such a card; asked for `auto` only.
  package mutating func device(isUsed: Bool = true, isUsable: () -> Bool) -> DeviceClass {
    let key = "device"
    let text = string(
      key, default: "auto",
      help: "Where the stage computes: cpu; cuda, an NVIDIA card of Ampere or later (cuda:1: the "
        + "second one); auto, a card where one can be used, else cpu. 'orchestrate doctor' shows what "
        + "was found.")
    if document == nil { return .cpu }
    guard let request = DeviceRequest(text, isUsable: { isUsed && isUsable() }) else {
      problem(
        key, "device is '\(SafeText.escaped(text))', expected auto, cpu, cuda or cuda:N",
        fix: "leave it out, or name one")
      return .cpu
    }
    if !isUsed {
      replace(key, .string(DeviceClass.cpu.rawValue))
      return .cpu
    }
    replace(key, .string(request.device.rawValue))
    if request.device == .cuda {
      gpuCount = max(gpuCount, 1)
      gpuIndex = gpuIndex ?? request.index
    }
    return request.device
  }
}
