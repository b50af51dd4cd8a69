internal import StageKit

/// What a run may use of the machine.
package struct Capacity: Sendable, Hashable {
  /// Attempts at the same time.
  package var places: Int
  /// Threads of all attempts together.
  package var threads: Int
  /// Nil: unknown, and not counted.
  package var memoryBytes: Int?
  /// Names of devices, as CUDA_VISIBLE_DEVICES takes them.
  package var gpus: [String]
  /// Jobs in a cluster at the same time, which hold nothing of this machine.
  package var clusterJobs: Int

  package init(
    places: Int = 1, threads: Int, memoryBytes: Int? = nil, gpus: [String] = [],
    clusterJobs: Int = 100
  ) {
    precondition(places > 0 && threads > 0, "a run has a place and a thread at least")
    self.places = places
    self.threads = threads
    self.memoryBytes = memoryBytes
    self.gpus = gpus
    self.clusterJobs = clusterJobs
  }

  /// All of this machine.
  package static var machine: Capacity {
    Capacity(threads: Machine.threads, memoryBytes: Machine.memoryBytes, gpus: Machine.gpus)
  }

  /// Threads of a stage that does not say how many it wants.
  package var share: Int { max(1, threads / places) }
}

/// What a running attempt holds.
package struct Allotment: Sendable, Hashable {
  package var threads: Int
  package var memoryBytes: Int
  package var gpus: [String]

  package init(threads: Int, memoryBytes: Int, gpus: [String]) {
    self.threads = threads
    self.memoryBytes = memoryBytes
    self.gpus = gpus
  }
}

/// A request in the units of an account, to compare and to group by.
struct SlotShape: Sendable, Hashable {
  var threads: Int
  /// Of ``Slots/unitsMax``.
  var units: Int
  var memoryBytes: Int
  var gpu: Int
  /// The one that is wanted, by its place in the capacity's list.
  var device: Int?
  /// It holds a job of a cluster and nothing here.
  var isRemote = false
}

/// The account of a capacity: what is free, and who holds what.
struct Slots: Sendable {
  private let capacity: Capacity
  private var places: Int
  private var clusterJobs: Int
  private var units: Int
  private var memoryBytes: Int
  /// Positions in the capacity's list, so that the lowest free one is given first.
  private var gpus: [Int]

  /// A thread counts `places` units, a share counts `threads` units, so that exactly `places`
  /// shares fit, whatever is left over in the division.
  private static func unitsMax(_ capacity: Capacity) -> Int { capacity.threads * capacity.places }

  init(_ capacity: Capacity) {
    self.capacity = capacity
    places = capacity.places
    clusterJobs = capacity.clusterJobs
    units = Self.unitsMax(capacity)
    memoryBytes = capacity.memoryBytes ?? 0
    gpus = Array(capacity.gpus.indices)
  }

  func shape(_ stage: StageRequest) -> SlotShape {
    let request = stage.resources
    if stage.executor.kind == .slurm {
      return SlotShape(
        threads: request.cpu ?? capacity.share, units: 0, memoryBytes: 0, gpu: 0, isRemote: true)
    }
    return SlotShape(
      threads: request.cpu ?? capacity.share,
      units: request.cpu.map { $0 * capacity.places } ?? capacity.threads,
      memoryBytes: capacity.memoryBytes == nil ? 0 : request.memoryBytes, gpu: request.gpu,
      device: request.gpu == 1 ? request.device : nil)
  }

  /// Whether it would fit if nothing else ran.
  func canEverFit(_ shape: SlotShape) -> Bool {
    shape.units <= Self.unitsMax(capacity) && shape.gpu <= capacity.gpus.count
      && shape.device ?? -1 < capacity.gpus.count
      && shape.memoryBytes <= capacity.memoryBytes ?? 0
  }

  var isFull: Bool { places == 0 && clusterJobs == 0 }

  func fits(_ shape: SlotShape) -> Bool {
    (shape.isRemote ? clusterJobs : places) > 0 && shape.units <= units
      && shape.memoryBytes <= memoryBytes
      && shape.gpu <= gpus.count && shape.device.map { gpus.contains($0) } ?? true
  }

  mutating func take(_ shape: SlotShape) -> Held {
    precondition(fits(shape), "slots are given only when they are free")
    if shape.isRemote { clusterJobs -= 1 } else { places -= 1 }
    units -= shape.units
    memoryBytes -= shape.memoryBytes
    let devices = shape.device.map { [$0] } ?? Array(gpus.prefix(shape.gpu))
    gpus.removeAll { devices.contains($0) }
    return Held(
      shape: shape, devices: devices,
      allotment: Allotment(
        threads: shape.threads, memoryBytes: shape.memoryBytes,
        gpus: devices.map { capacity.gpus[$0] }))
  }

  mutating func giveBack(_ held: Held) {
    if held.shape.isRemote { clusterJobs += 1 } else { places += 1 }
    units += held.shape.units
    memoryBytes += held.shape.memoryBytes
    gpus = (gpus + held.devices).sorted()
  }

  struct Held: Sendable {
    var shape: SlotShape
    var devices: [Int]
    var allotment: Allotment
  }
}
