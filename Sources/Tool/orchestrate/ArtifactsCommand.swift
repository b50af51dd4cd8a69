import ArgumentParser
import Artifacts
import Diagnostics
import Documents
import Foundation
import Reproducibility
import RunStore
import StageKit

/// `orchestrate artifacts`: what stages have made.
struct ArtifactsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "artifacts", abstract: "Lists, shows, copies out and verifies artifacts.",
    subcommands: [
      ListCommand.self, ShowCommand.self, GetCommand.self, TraceCommand.self,
      VerifyCommand.self,
    ])
}

/// Finds artifacts by `STAGE`, `STAGE.PORT` or digest.
struct ArtifactFinder {
  let store: RunStore
  let folder: ProjectFolder
  let run: RunRecord

  init(_ options: ProjectOptions) throws { (store, folder, run) = try options.lastRun() }

  var artifacts: ArtifactStore { ArtifactStore(folder) }

  /// Outputs of the last run in the order of the plan.
  func all() throws -> [(stage: String, port: String, digest: Digest)] {
    var found: [(stage: String, port: String, digest: Digest)] = []
    let requests = Dictionary(
      run.spec.stages.map { ($0.stage, $0) }, uniquingKeysWith: { first, _ in first })
    for job in try store.jobs(ofRun: run.id) where job.state == .succeeded || job.state == .refused
    {
      guard let fingerprint = job.fingerprint, let result = try store.outcome(for: fingerprint)
      else { continue }
      for port in requests[job.stage]?.outputs ?? [] {
        if let digest = result.outputs[port.name] { found.append((job.stage, port.name, digest)) }
      }
    }
    return found
  }

  /// - Throws: ``Failure`` of class `usage` for a name that fits nothing, `badInput` when the stage
  ///   has made nothing in the last run.
  func find(_ name: String) throws -> InputArtifact {
    let digest = try digest(name)
    guard let artifact = try artifacts.artifact(digest) else {
      throw Diagnostic(
        "store.missing-artifact", "files of the artifact \(digest.short) are gone from the store",
        fix: "type 'orchestrate run': what made it runs again"
      ).failure(.io)
    }
    return artifact
  }

  private func digest(_ name: String) throws -> Digest {
    if let digest = Digest(hex: name) { return digest }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    let stageName = parts.first ?? ""
    guard let request = run.spec.stage(stageName) else {
      let names = run.spec.stages.map(\.stage)
      throw Diagnostic(
        "run.no-stage", "run \(run.id) has no stage '\(SafeText.escaped(stageName))'",
        fix: NearestName.suggestion(for: stageName, among: names).map { "did you mean '\($0)'?" }
          ?? "it has \(names.joined(separator: ", "))"
      ).failure(.usage)
    }
    let ports = request.outputs.map(\.name)
    let port = parts.count > 1 ? parts[1] : ports.first ?? ""
    guard ports.contains(port) else {
      throw Diagnostic(
        "run.no-port", "stage '\(stageName)' has no output '\(SafeText.escaped(port))'",
        fix: "it has \(ports.joined(separator: ", "))"
      ).failure(.usage)
    }
    guard let found = try all().first(where: { $0.stage == stageName && $0.port == port }) else {
      let state = try store.jobs(ofRun: run.id).first { $0.stage == stageName }?.state
      throw Diagnostic(
        "run.no-artifact",
        "stage '\(stageName)' has made nothing in run \(run.id): it is "
          + (state?.rawValue ?? "unknown")
      ).failure(.badInput)
    }
    return found.digest
  }
}

extension ArtifactsCommand {
  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ls", abstract: "Lists the artifacts of the last run.")

    @OptionGroup var projectOptions: ProjectOptions
    @Flag(help: "Print NDJSON.") var json = false

    func run() throws {
      let finder = try ArtifactFinder(projectOptions)
      let all = try finder.all()
      let width = all.map { $0.stage.count + $0.port.count + 1 }.max() ?? 0
      for (stage, port, digest) in all {
        guard let manifest = try finder.artifacts.manifest(digest) else { continue }
        if json {
          Console.output.line(
            JSONWriter.compact(
              .object([
                "stage": .string(stage), "port": .string(port), "digest": .string(digest.hex),
                "type": .string(manifest.type.rawValue),
                "files": .integer(Int64(manifest.files.count)),
                "bytes": .integer(Int64(manifest.totalBytes)),
              ])))
        } else {
          let name = "\(stage).\(port)"
          let pad = String(repeating: " ", count: width - name.count)
          Console.output.line(
            "\(name)\(pad)  \(digest.short)  \(manifest.type.rawValue), "
              + "\(manifest.files.count) files, \(manifest.totalBytes) bytes")
        }
      }
    }
  }

  struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows the files of an artifact and where they lie.")

    @Argument(help: "STAGE, STAGE.PORT or a digest.") var artifact: String
    @OptionGroup var projectOptions: ProjectOptions
    @Flag(help: "Print JSON: the manifest.") var json = false

    func run() throws {
      let finder = try ArtifactFinder(projectOptions)
      let found = try finder.find(artifact)
      guard let manifest = try finder.artifacts.manifest(found.digest) else {
        throw Diagnostic("store.external", "\(found.digest.short) lies outside the store")
          .failure(.badInput)
      }
      if json {
        Console.output.line(String(decoding: manifest.canonicalBytes, as: UTF8.self))
        return
      }
      Console.output.line("\(found.digest) \(manifest.type.rawValue)")
      for file in manifest.files {
        Console.output.line("  \(file.name)  \(file.size) bytes  \(found.tree[file.name] ?? "")")
      }
      for reference in manifest.references { Console.output.line("  refers to \(reference)") }
    }
  }

  struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "get", abstract: "Copies the files of an artifact into a folder.")

    @Argument(help: "STAGE, STAGE.PORT or a digest.") var artifact: String
    @Option(help: "The folder; created when it is missing.") var to: String
    @OptionGroup var projectOptions: ProjectOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      let found = try ArtifactFinder(projectOptions).find(artifact)
      try DurableFile.makeFolder(to)
      for name in found.tree.names {
        let target = to + "/" + name
        try DurableFile.makeFolder(DurableFile.parent(of: target))
        try DurableFile.copy(try found.tree.path(name), to: target)
      }
      if json {
        Console.output.line(
          JSONWriter.compact(
            .object([
              "digest": .string(found.digest.hex), "folder": .string(to),
              "files": .array(found.tree.names.map { .string($0) }),
            ])))
      } else {
        Console.output.line("\(found.tree.names.count) files of \(found.digest.short) in '\(to)'")
      }
    }
  }
}
