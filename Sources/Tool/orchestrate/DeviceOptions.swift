import ArgumentParser
import BuiltinStages
import CUDADevices
import Parallelism
import StageKit
import Tensors

/// What every command takes that asks a model.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: "Where the model computes: auto (a card where one can be used), cpu, cuda or cuda:N.")
  var device = "auto"

  func validate() throws {
    if DeviceRequest(device, isUsable: { false }) == nil {
      throw ValidationError("--device is '\(device)', expected auto, cpu, cuda or cuda:N")
    }
  }

  /// The backend of the device; nil: the host's.
  func backend(_ pool: ThreadPool) throws -> (any Backend)? {
    guard let request = DeviceRequest(device, isUsable: { ComputeDevice.inventory.isUsable })
    else { preconditionFailure("the device was validated") }
    return try ComputeDevice.backend(request.device, index: request.index ?? 0, pool: pool)
  }
}
