package import Diagnostics

/// What can go wrong with a card, each with a code of its own.
package enum CUDAProblem {
  package static func noDriver(_ reason: String) -> Failure {
    Diagnostic(
      "cuda.no-driver", "no NVIDIA driver can be used: \(SafeText.escaped(reason, limit: 600))",
      fix: "install the driver, or set 'device: cpu'; 'orchestrate doctor' shows what was found"
    ).failure(.badInput)
  }

  package static func noCard(_ index: Int, of count: Int) -> Failure {
    Diagnostic(
      "cuda.no-card",
      count == 0
        ? "the driver shows no card"
        : "there is no card \(index), expected 0\(count > 1 ? " to \(count - 1)" : "")",
      fix: "set 'device' to a card of 'orchestrate doctor'; CUDA_VISIBLE_DEVICES may hide some"
    ).failure(.badInput)
  }

  package static func driverTooOld(_ version: String, needs: String) -> Failure {
    Diagnostic(
      "cuda.driver-too-old",
      "the driver serves CUDA \(version), expected \(needs) or later", fix: "update the driver"
    ).failure(.badInput)
  }

  package static func cardTooOld(_ name: String, _ capability: String) -> Failure {
    Diagnostic(
      "cuda.card-too-old",
      "'\(SafeText.escaped(name))' has compute capability \(capability), expected 8.0 or later",
      fix: "set 'device: cpu', or use a card of the Ampere generation or a later one"
    ).failure(.badInput)
  }

  package static func noCompiler(_ reason: String) -> Failure {
    Diagnostic(
      "cuda.no-compiler",
      "the kernels cannot be compiled: \(SafeText.escaped(reason, limit: 600))",
      fix: "install NVIDIA's CUDA toolkit, or 'pip install nvidia-cuda-nvrtc' and set "
        + "ORCHESTRATE_CUDA_PATH to its site-packages folder"
    ).failure(.badInput)
  }

  /// A kernel of ours that the compiler refuses, or one that is not there.
  package static func kernel(_ name: String, _ reason: String) -> Failure {
    Diagnostic(
      "cuda.kernel", "kernel '\(name)' cannot be used: \(SafeText.escaped(reason, limit: 600))",
      fix: "report it with the output of 'orchestrate doctor'"
    ).failure(.internal)
  }

  package static func outOfMemory(asked: Int, free: Int?, _ device: String) -> Failure {
    let left = free.map { ", and \($0 >> 20) MiB are free" } ?? ""
    return Diagnostic(
      "cuda.out-of-memory",
      "\((asked + (1 << 20) - 1) >> 20) MiB more were asked of '\(SafeText.escaped(device))'"
        + left,
      fix: "end what else runs on the card, set gradient_checkpointing: true, or lower "
        + "micro_batch_size or sequence_len; 'orchestrate resume' goes on from the last checkpoint"
    ).failure(.stageFailed)
  }

  package static func lostDevice(_ device: String, _ reason: String) -> Failure {
    Diagnostic(
      "cuda.lost-device",
      "'\(SafeText.escaped(device))' is lost: \(SafeText.escaped(reason, limit: 600))",
      fix: "look at 'nvidia-smi' and the kernel's log; 'orchestrate resume' goes on from the last "
        + "checkpoint"
    ).failure(.stageFailed)
  }

  package static func launch(_ what: String, _ device: String, _ reason: String) -> Failure {
    Diagnostic(
      "cuda.launch-failed",
      "\(SafeText.escaped(what)) on '\(SafeText.escaped(device))' failed: "
        + "\(SafeText.escaped(reason, limit: 600))",
      fix: "'orchestrate resume' goes on from the last checkpoint; report it if it comes again"
    ).failure(.stageFailed)
  }

  /// Statuses of the driver (cuda.h, CUresult) after which its context is of no use.
  ///
  /// 46 devices unavailable, 100 no device, 101 invalid device, 201 invalid context, 214 ECC,
  /// 220 NVLink, 304 operating system, 709 context is destroyed, 719 launch failed, 999 unknown.
  static let lost: Set<Int32> = [46, 100, 101, 201, 214, 220, 304, 709, 719, 999]
  static let outOfMemoryStatus: Int32 = 2
}
