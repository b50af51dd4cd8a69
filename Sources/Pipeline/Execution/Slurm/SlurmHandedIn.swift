internal import Artifacts
private import Foundation
private import Glibc
internal import Processes
internal import Reproducibility
internal import StageKit

/// Word of a job that an engine has handed in, beside its ticket: an engine that comes after its death
/// goes on with the job when it asks for the same, instead of beginning again.
struct SlurmHandedIn: Sendable, Codable {
  static let fileName = "slurm.json"

  private var formatVersion = 1
  /// Of its jobs in the queue.
  var name: String
  /// Of the job that makes the outputs.
  var number: Int
  /// Of an array that it shares with others.
  var task: Int?
  /// The folder of the request's checkpoints: it is named by the fingerprint.
  var checkpoints: String
  /// Where its parts run, if it has any.
  var parts: String?
  /// The stamp of the program that the job runs.
  var program: String

  init(
    name: String, number: Int, task: Int?, checkpoints: String, parts: String?, program: String
  ) {
    self.task = task
    self.name = name
    self.number = number
    self.checkpoints = checkpoints
    self.parts = parts
    self.program = program
  }

  var job: SlurmJobName { SlurmJobName(name, array: task == nil ? nil : number, task: task) }

  /// Whether a line of the queue is a job of its own, parts included.
  func keeps(_ job: SlurmJob) -> Bool {
    job.name == name && (task == nil || (job.number == number && job.task == task))
  }

  /// The stamp of a program; empty when it is not a file here.
  static func stamp(_ program: String) -> String {
    FileStamp(ofFile: program).map(SettledRunText.text) ?? ""
  }

  func write(in folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let path = "\(folder)/\(Self.fileName)"
    // Whole or not there: it is read after a death.
    let temporary = path + ".new"
    try DurableFile.writeFleeting(Array(try encoder.encode(self)), to: temporary)
    try DurableFile.rename(temporary, to: path)
  }

  /// Nil where it is absent or cannot be read: then the job is ended and begun again.
  static func read(in folder: String) -> SlurmHandedIn? {
    guard let bytes = try? DurableFile.read("\(folder)/\(fileName)"),
      let word = try? JSONDecoder().decode(SlurmHandedIn.self, from: Data(bytes)),
      word.formatVersion == 1
    else { return nil }
    return word
  }

  /// Jobs of a project that may be gone on with, by the names of their attempts' folders: nobody has
  /// asked them to end, and nothing of them has failed.
  static func all(of project: ProjectFolder) -> [(folder: String, word: SlurmHandedIn)] {
    // What cannot be listed is not gone on with.
    let names = (try? DurableFile.names(in: project.attempts).sorted()) ?? []
    return names.compactMap { name in
      let folder = "\(project.attempts)/\(name)"
      guard let word = read(in: folder), access(folder + "/stop", F_OK) != 0,
        word.statuses(folder).allSatisfy({ $0 == 0 }), hasAllMade(folder)
      else { return nil }
      return (name, word)
    }
  }

  /// Whether no engine has begun to take what the executions that have ended made: what is left by one
  /// that died on the way may be a part.
  private static func hasAllMade(_ folder: String) -> Bool {
    SlurmRun.folders(in: folder + "/runs").allSatisfy {
      SlurmRun($0).exitStatus == nil || access($0 + "/out", F_OK) == 0
    }
  }

  /// Of executions that have ended, of the job and of its parts.
  private func statuses(_ folder: String) -> [Int32] {
    var owners = [folder]
    if let parts {
      owners += ((try? DurableFile.names(in: parts)) ?? []).map { "\(parts)/\($0)" }
    }
    return owners.flatMap { SlurmRun.folders(in: $0 + "/runs") }.compactMap {
      SlurmRun($0).exitStatus
    }
  }

  /// Whether an execution has ended well.
  func hasEnded(_ folder: String) -> Bool {
    SlurmRun.folders(in: folder + "/runs").contains { SlurmRun($0).exitStatus == 0 }
  }
}
