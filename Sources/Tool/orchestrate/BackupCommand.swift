import ArgumentParser
import Artifacts
import Diagnostics
import Execution
import Foundation
import Reproducibility

/// `orchestrate backup FILE`: the project's record in one file.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Writes the project's record into one file, also while a run goes on.",
    discussion: """
      The database as it is at one instant and the manifests of all results; with --objects also the \
      files they consist of. The file is a tar archive that ends with the SHA-256 of each entry.

        orchestrate backup ../triage.backup
        orchestrate restore ../triage.backup --project ../elsewhere
      """)

  @Argument(help: "The file to write; one that is there is replaced.")
  var file: String

  @Flag(help: "With the files of all artifacts.")
  var objects = false

  @OptionGroup var projectOptions: ProjectOptions

  func run() throws {
    let (store, folder) = try projectOptions.store()
    let summary = try ProjectBackup.write(
      folder, store, to: URL(fileURLWithPath: file).standardizedFileURL.path,
      withObjects: objects)
    Console.output.line(
      "\(summary.results) results, \(summary.objects) objects, \(ByteCount.words(summary.bytes)) in "
        + "'\(file)'")
  }
}

/// `orchestrate restore FILE`: brings a backup back.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Brings a backup back into a project folder.",
    discussion: """
      Every byte is checked before anything is changed. Objects that are there stay; a backup without \
      objects brings the record back, and stages whose objects are gone run again.
      """)

  @Argument(help: "A file that 'orchestrate backup' has written.")
  var file: String

  @Flag(help: "Set a database that is there aside.")
  var force = false

  @OptionGroup var projectOptions: ProjectOptions

  func run() throws {
    let folder = projectOptions.folder()
    let count = try ProjectRestore.restore(
      URL(fileURLWithPath: file).standardizedFileURL.path, into: folder, replacing: force)
    Console.output.line(
      "the record is back in '\(folder.state)', with \(count) objects that were not there")
  }
}
