import ArgumentParser
import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Planning
import StageKit

/// `orchestrate init`: a small pipeline to start from, with its schema beside it.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a small, commented pipeline.yaml and its schema.",
    discussion: "Refuses to overwrite a pipeline file that is there.")

  @Argument(help: "The folder; made when it is missing.")
  var folder = "."

  func run() throws {
    let pipeline = folder + "/pipeline.yaml"
    let schema = folder + "/pipeline.schema.json"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      // `withoutOverwriting` fails when the file is there, also when it appears meanwhile.
      try Data(Self.template.utf8).write(
        to: URL(fileURLWithPath: pipeline), options: .withoutOverwriting)
      try writeSample()
      try Data(JSONWriter.pretty(PipelineSchema.schema(.builtin)).utf8).write(
        to: URL(fileURLWithPath: schema))
    } catch {
      throw failure(pipeline, error)
    }
    let shown = SafeText.escaped(pipeline, limit: 300)
    print("wrote \(shown), its schema and data/sample.jsonl; next: orchestrate run \(shown)")
  }

  /// A few rows to run on, unless there is data already.
  private func writeSample() throws {
    let data = folder + "/data"
    guard HostFile.info(data) == nil else { return }
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let topics = [
      ("My invoice is wrong.", "billing"), ("The app crashes at start.", "bug"),
      ("How do I change my password?", "account"), ("Where is my parcel?", "delivery"),
      ("Please cancel my plan.", "billing"), ("The export button does nothing.", "bug"),
      ("I cannot log in any more.", "account"), ("The parcel came damaged.", "delivery"),
      ("You charged me two times.", "billing"), ("Search finds nothing at all.", "bug"),
      ("Delete my account, please.", "account"), ("Can you ship to an island?", "delivery"),
    ]
    let rows = topics.map { question, answer in
      JSONValue.object([
        "messages": .array([
          .object(["role": "user", "content": .string(question)]),
          .object(["role": "assistant", "content": .string(answer)]),
        ])
      ])
    }
    let text = rows.map { JSONWriter.compact($0) + "\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: data + "/sample.jsonl"))
  }

  private func failure(_ path: String, _ error: any Error) -> Failure {
    let shown = SafeText.escaped(path, limit: 300)
    if HostFile.info(path) != nil {
      return Diagnostic(
        "init.exists", "'\(shown)' is there already",
        fix: "name another folder: orchestrate init DIR"
      ).failure(.usage)
    }
    let isDenied = (error as? CocoaError)?.code == .fileWriteNoPermission
    return Diagnostic("io.not-writable", "'\(shown)' cannot be written")
      .failure(isDenied ? .permission : .io)
  }

  static let template = """
    # yaml-language-server: $schema=./pipeline.schema.json
    #
    # Raw chat records in, cleaned and split records out. Run it with 'orchestrate run';
    # 'orchestrate explain' lists every kind of stage, 'orchestrate explain KIND' its parameters.
    name: my-pipeline
    params:
      data: ./data/*.jsonl        # override with: orchestrate run -p data=./other.jsonl
      seed: 7
    stages:
      records:
        uses: ingest
        with:
          sources:
            - { path: "${params.data}", type: chat_template }
      scrubbed:
        uses: pii_scrub
        inputs: { records: records }
      unique:
        uses: minhash_dedup
        inputs: { records: scrubbed }
        with: { threshold: 0.8 }    # Jaccard similarity at which two rows are the same
      splits:
        uses: split
        inputs: { records: unique.kept, clusters: unique.clusters }
        with: { seed: "${params.seed}" }

    """
}
