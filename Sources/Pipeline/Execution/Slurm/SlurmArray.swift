private import Diagnostics
private import Reproducibility

/// Attempts that are handed in at the same time with the same options (instances of a matrix, stages of
/// a fan) are tasks of one job array: one entry of the queue, one priority, one line of accounting.
enum SlurmArray {
  /// `MaxArraySize` of slurm.conf is 1001 where nobody has set it.
  private static let tasksMax = 500

  /// Hands in as arrays what can be; the rest is left to be handed in alone.
  static func submit(_ watches: inout [SlurmWatch], by commands: any SlurmCommands) {
    var groups: [[String]: [Int]] = [:]
    for (index, watch) in watches.enumerated() {
      guard let key = watch.unsubmitted?.arrayKey else { continue }
      groups[key, default: []].append(index)
    }
    for (key, all) in groups.sorted(by: { $0.value[0] < $1.value[0] }) {
      for start in stride(from: 0, to: all.count, by: tasksMax) {
        let indices = Array(all[start..<min(start + tasksMax, all.count)])
        if indices.count > 1 { submit(indices, key, &watches, commands) }
      }
    }
  }

  private static func submit(
    _ indices: [Int], _ key: [String], _ watches: inout [SlurmWatch], _ commands: any SlurmCommands
  ) {
    let submissions = indices.compactMap { watches[$0].unsubmitted }
    guard let first = submissions.first else { return }
    let folders = indices.map { watches[$0].attempt.folder }
    let name = watches[indices[0]].attempt.job.name + "-array"
    let script = SlurmScript(
      executable: first.executable, folder: folders[0],
      tasks: zip(folders, submissions).map { .init(folder: $0, log: $1.log) })
    let path = folders[0] + "/array.sh"
    do {
      try DurableFile.writeFleeting(Array(script.text.utf8), to: path)
      let options =
        key + ["--job-name=\(name)", "--output=/dev/null", "--array=0-\(indices.count - 1)"]
      if let number = try commands.submit(path, options: options) {
        for (task, index) in indices.enumerated() {
          watches[index].didSubmit(number, as: task, of: name)
        }
        return
      }
    } catch {
      // Each one alone says what is wrong with it.
      return
    }
    // What was taken without an answer would run beside those that are handed in alone now.
    _ = commands.cancel(SlurmJobName(name), signal: nil)
  }
}
