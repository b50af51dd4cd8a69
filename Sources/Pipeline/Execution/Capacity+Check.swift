package import Diagnostics
internal import Planning
package import StageKit

extension Capacity {
  /// Refuses stages that ask for more than there is: they could never start.
  ///
  /// - Parameter spans: of `resources:` by stage, where they are known.
  /// - Throws: ``Failure`` of class `badInput` with every request that does not fit.
  package func check(_ stages: [StageRequest], spans: [String: SourceSpan] = [:]) throws {
    let problems = stages.filter { $0.executor.kind == .local }.flatMap { stage in
      excesses(stage).map { what, has, fix in
        Diagnostic(
          "plan.too-large", "stage '\(stage.stage)' asks for \(what), but this run has \(has)",
          at: spans[stage.stage], fix: fix)
      }
    }
    if !problems.isEmpty { throw Failure(Diagnostic.inSourceOrder(problems), .badInput) }
  }

  private func excesses(_ stage: StageRequest) -> [(what: String, has: String, fix: String)] {
    let request = stage.resources
    var problems: [(what: String, has: String, fix: String)] = []
    if let cpu = request.cpu, cpu > threads {
      problems.append(
        (
          "\(cpu) cpus", "\(threads)",
          "lower 'resources.cpu', or type '--threads \(cpu)' to share the processors"
        ))
    }
    if let memoryBytes, request.memoryBytes > memoryBytes {
      problems.append(
        (
          "\(MemoryText.words(request.memoryBytes)) of memory", MemoryText.words(memoryBytes),
          "lower 'resources.memory', or say with '--memory' that there is more"
        ))
    }
    if request.gpu > gpus.count {
      problems.append(
        (
          "\(request.gpu) gpu\(request.gpu == 1 ? "" : "s")",
          gpus.isEmpty ? "none" : "\(gpus.count) (\(gpus.joined(separator: ", ")))",
          "lower 'resources.gpu', run where there are more, or name them in CUDA_VISIBLE_DEVICES"
        ))
    }
    if request.gpu > 0, request.gpu <= gpus.count, let device = request.device,
      device >= gpus.count
    {
      problems.append(
        (
          "card \(device)", "\(gpus.count) (\(gpus.joined(separator: ", ")))",
          "set 'device: cuda', or count from 0 among those of CUDA_VISIBLE_DEVICES"
        ))
    }
    return problems
  }
}
