import ArgumentParser
import Artifacts
import Diagnostics
import Documents
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit

/// `orchestrate forget --match TEXT`: removes one person's rows from everything the project keeps.
struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Finds and purges what the project keeps of a person.",
    discussion: """
      Looks for the texts in every object of the store, in kept results of chunks, checkpoints and \
      logs, and in the files that stages read. Without --yes it only tells what it found. With it, \
      objects and files that hold a text are removed; stages whose results are gone run again when \
      they are next asked for.

      Files of yours are named with the lines to remove and never touched. Models that learned from \
      such rows are named too: what they learned can be undone only by training them again.

        orchestrate forget --match ann@example.com --match '+1 212 555 0123'
        orchestrate forget --match ann@example.com --yes
      """)

  @Option(help: "A text to look for, ASCII letters in any case; may be given several times.")
  var match: [String]

  @Flag(help: "Remove what was found.")
  var yes = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var projectOptions: ProjectOptions

  /// A shorter text is found everywhere.
  private static let lengthMin = 3

  func validate() throws {
    if match.isEmpty { throw ValidationError("name a text with --match") }
    for text in match where text.utf8.count < Self.lengthMin {
      throw ValidationError("--match needs at least \(Self.lengthMin) characters")
    }
  }

  func run() throws {
    let (store, folder) = try projectOptions.store()
    if yes {
      let session = try ProjectSession(folder)
      let plan = try ForgetPlan(match, session.store, folder)
      try ProjectContents(folder).remove(objects: plan.objects, files: plan.others)
      show(plan)
    } else {
      show(try ForgetPlan(match, store, folder))
    }
  }

  private func show(_ plan: ForgetPlan) {
    if json {
      Console.output.line(JSONWriter.compact(Self.json(plan, isDone: yes)))
      return
    }
    for line in Self.lines(plan, isDone: yes) { Console.output.line(line) }
  }

  private static func lines(_ plan: ForgetPlan, isDone: Bool) -> [String] {
    if plan.isEmpty { return ["nothing the project keeps or reads holds the text"] }
    var lines: [String] = []
    for holder in plan.holders {
      let rows = holder.lines > 0 ? ", \(holder.lines) rows or lines" : ""
      lines.append(
        "\(holder.stage).\(holder.port)  \(holder.digest.short)  \(holder.files) files\(rows)")
    }
    let count = plan.objects.count + plan.others.count
    lines.append(
      isDone
        ? "removed \(plan.objects.count) objects and \(plan.others.count) other files"
        : "to remove: \(plan.objects.count) objects and \(plan.others.count) other files")
    for model in plan.models {
      lines.append(
        "made from such rows: \(model.stage).\(model.port)  \(model.digest.short); train it again")
    }
    for source in plan.sources {
      let numbers = source.lines.prefix(20).map(String.init).joined(separator: ", ")
      let more = source.lines.count > 20 ? ", …" : ""
      lines.append(
        "still in your file '\(SafeText.escaped(source.file, limit: 300))', lines \(numbers)\(more)"
      )
    }
    if !isDone, count > 0 { lines.append("type it again with --yes to remove them") }
    if !plan.sources.isEmpty {
      lines.append("remove the lines from your files before the next 'orchestrate run'")
    }
    return lines
  }

  private static func json(_ plan: ForgetPlan, isDone: Bool) -> JSONValue {
    .object([
      "removed": .bool(isDone),
      "objects": .array(plan.objects.map { .string($0.hex) }),
      "other_files": .integer(Int64(plan.others.count)),
      "artifacts": .array(
        plan.holders.map {
          .object([
            "stage": .string($0.stage), "port": .string($0.port), "digest": .string($0.digest.hex),
            "type": .string($0.type.rawValue), "files": .integer(Int64($0.files)),
            "lines": .integer(Int64($0.lines)),
          ])
        }),
      "models": .array(
        plan.models.map {
          .object([
            "stage": .string($0.stage), "port": .string($0.port), "digest": .string($0.digest.hex),
          ])
        }),
      "sources": .array(
        plan.sources.map {
          .object([
            "file": .string($0.file), "lines": .array($0.lines.map { .integer(Int64($0)) }),
          ])
        }),
    ])
  }
}
