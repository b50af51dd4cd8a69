package import CUDADevices
package import Parallelism
package import StageKit
package import Tensors

/// Where stages and commands compute.
package enum ComputeDevice {
  /// What this process found of NVIDIA's, asked once.
  package static let inventory = CUDAInventory()

  /// The backend of a device; nil: the host's, which models make themselves.
  ///
  /// - Parameters:
  ///   - index: among the cards that this process sees. A stage of a run sees those it was given.
  ///   - products: of weights in 16 bits or fewer.
  /// - Throws: ``Failure`` with a code of ``CUDAProblem``: no driver, no card, no compiler, no memory.
  package static func backend(
    _ device: DeviceClass, index: Int = 0, pool: ThreadPool, products: ProductPrecision = .float32
  ) throws -> (any Backend)? {
    switch device {
    case .cpu: nil
    case .cuda: try CUDABackend(DriverDevice(index: index), pool: pool, products: products)
    }
  }
}

extension ParameterReader {
  /// The stage's device, by what this machine has.
  mutating func device(isUsed: Bool = true) -> DeviceClass {
    device(isUsed: isUsed) { ComputeDevice.inventory.isUsable }
  }
}
