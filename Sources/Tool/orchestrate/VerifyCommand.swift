import ArgumentParser
import Artifacts
import Diagnostics
import Documents
import Execution
import Foundation
import Reproducibility
import RunStore

/// `orchestrate verify`: whether everything the project keeps still is what was written.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks everything the project keeps, names each damage and what to do.",
    discussion: """
      Looks at the database (structure, and its bytes as the last run left them), at every artifact of \
      every result, and at checkpoints, kept results of chunks and kept answers: listings, existence \
      and sizes. With --all it reads every byte. With --repair what is damaged is set aside, and the \
      next run makes it again. Exit status 74 when something is damaged.
      """)

  @OptionGroup var projectOptions: ProjectOptions

  @Flag(help: "Read every byte.")
  var all = false

  @Flag(help: "Set what is damaged aside, so that the next run makes it again.")
  var repair = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let folder = projectOptions.folder()
    guard FileManager.default.fileExists(atPath: folder.state) else {
      throw Diagnostic(
        "run.none", "no run is recorded in '\(SafeText.escaped(folder.root, limit: 300))'",
        fix: "type 'orchestrate run PIPELINE', or name the folder with '--project'"
      ).failure(.badInput)
    }
    let ownership = try repair ? ProjectOwnership(folder) : nil
    let report = try ProjectCheck.run(folder, readingBytes: all, isOwner: repair)
    var done: [String]?
    if let ownership, !report.findings.isEmpty {
      done = try ProjectRepair.repair(report.findings, of: folder, ownership)
    }
    if json {
      Console.output.line(JSONWriter.compact(Self.json(report, done)))
    } else {
      if let engine = report.engine {
        Console.errors.line("\(engine) is at work: checkpoints were left out")
      }
      for line in Self.lines(report, all, done) { Console.output.line(line) }
    }
    if !report.findings.isEmpty, done == nil {
      throw Failure(report.findings.map(Self.diagnostic), .io)
    }
  }

  private static func lines(_ report: ProjectCheck.Report, _ all: Bool, _ done: [String]?)
    -> [String]
  {
    let counts =
      "\(report.results) results, \(report.objects) objects, \(report.checkpoints) checkpoints, "
      + "\(report.chunks) results of chunks, \(report.answers) answers and the database"
    if report.findings.isEmpty {
      return ["\(counts): all whole" + (all ? "" : " by their sizes; --all reads every byte")]
    }
    guard let done else { return ["\(counts): \(report.findings.count) damaged"] }
    return zip(report.findings, done).map { finding, sentence in
      "'\(SafeText.escaped(finding.damage.path, limit: 300))': \(finding.damage.finding): \(sentence)"
    }
  }

  private static func diagnostic(_ finding: ProjectCheck.Finding) -> Diagnostic {
    let damage = finding.damage
    let owners = finding.owners.prefix(3).map { owner in
      "\(owner.stage).\(owner.port)" + (owner.run.map { " of run \($0)" } ?? "")
        + " (artifact \(owner.artifact.short))"
    }
    let more = finding.owners.count > 3 ? ", and \(finding.owners.count - 3) more" : ""
    let whose = owners.isEmpty ? "" : "; it is of \(owners.joined(separator: ", "))\(more)"
    return Diagnostic(
      damage.kind == .database ? "store.damaged" : "store.damaged-\(damage.kind.rawValue)",
      "'\(SafeText.escaped(damage.path, limit: 300))': \(SafeText.escaped(damage.finding, limit: 300))"
        + whose,
      fix: advice(finding))
  }

  private static func advice(_ finding: ProjectCheck.Finding) -> String {
    switch finding.damage.kind {
    case .object where finding.owners.isEmpty:
      "nothing refers to it: 'orchestrate gc' removes it"
    case .object:
      "'orchestrate verify --repair' sets it aside, then 'orchestrate run' makes it again"
    case .checkpoint:
      "nothing to do: a resume takes the one before; 'orchestrate verify --repair' removes it"
    case .chunk, .answer, .external:
      "nothing to do: it is made again; 'orchestrate verify --repair' removes it"
    case .database:
      "'orchestrate restore' brings a backup back; 'orchestrate verify --repair' keeps the file if its "
        + "structure is whole, else sets it aside"
    }
  }

  private static func json(_ report: ProjectCheck.Report, _ done: [String]?) -> JSONValue {
    .object([
      "results": .integer(Int64(report.results)), "objects": .integer(Int64(report.objects)),
      "checkpoints": .integer(Int64(report.checkpoints)), "chunks": .integer(Int64(report.chunks)),
      "answers": .integer(Int64(report.answers)), "repaired": .bool(done != nil),
      "damaged": .array(
        report.findings.map { finding in
          .object([
            "kind": .string(finding.damage.kind.rawValue), "path": .string(finding.damage.path),
            "finding": .string(finding.damage.finding), "advice": .string(advice(finding)),
            "owners": .array(
              finding.owners.map { owner in
                .object([
                  "artifact": .string(owner.artifact.hex), "stage": .string(owner.stage),
                  "port": .string(owner.port), "run": owner.run.map { .integer($0) } ?? .null,
                ])
              }),
          ])
        }),
    ])
  }
}
