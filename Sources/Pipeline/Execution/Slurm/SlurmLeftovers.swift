package import Artifacts
private import Foundation
private import Glibc
private import Reproducibility

/// Jobs of a project that an engine which died has left in a cluster.
package enum SlurmLeftovers {
  /// The name of an attempt's jobs: holds the project, so that they can be found though nothing was
  /// recorded of them yet.
  static func jobName(_ project: ProjectFolder, attempt: Int64) -> String {
    "\(prefix(project))\(attempt)"
  }

  private static func prefix(_ project: ProjectFolder) -> String {
    "orchestrate-\(Digest(of: Array(project.state.utf8)).hex.prefix(12))-"
  }

  /// From now on an engine asks the cluster for leftovers when it starts.
  static func mark(_ project: ProjectFolder) throws {
    let path = marker(project)
    if access(path, F_OK) != 0 { try DurableFile.write([], to: path) }
  }

  private static func marker(_ project: ProjectFolder) -> String { project.state + "/slurm" }

  /// Names of folders of attempts whose jobs an engine may go on with: they are not swept.
  package static func kept(_ project: ProjectFolder) -> Set<String> {
    guard access(marker(project), F_OK) == 0 else { return [] }
    return Set(SlurmHandedIn.all(of: project).map(\.folder))
  }

  /// Cancels those that no engine can go on with, and waits until they are gone. A controller that
  /// does not answer is not waited for: what its jobs write is never published, since each attempt has
  /// a folder of its own and only an engine publishes.
  package static func end(
    _ project: ProjectFolder, commands: any SlurmCommands = InstalledSlurm(),
    seconds: Double = 30
  ) {
    guard access(marker(project), F_OK) == 0 else { return }
    let deadline = ContinuousClock.now + .seconds(seconds)
    let prefix = prefix(project)
    let kept = SlurmHandedIn.all(of: project).map(\.word)
    var told: Set<SlurmJobName> = []
    while ContinuousClock.now < deadline, let jobs = commands.queue() {
      let alive = jobs.filter {
        job in
        job.name.hasPrefix(prefix) && !job.hasEnded && !kept.contains { $0.keeps(job) }
      }
      if alive.isEmpty { return }
      for job in alive {
        // Of an array that another attempt goes on in, only this task.
        let isShared = kept.contains { $0.name == job.name }
        let name =
          isShared
          ? SlurmJobName(job.name, array: job.number, task: job.task) : SlurmJobName(job.name)
        if !told.contains(name), commands.cancel(name, signal: nil) { told.insert(name) }
      }
      usleep(200_000)
    }
  }
}
