import ArgumentParser
import Artifacts
import Diagnostics
import Documents
import Foundation
import Planning
import Reproducibility
import RunStore
import StageKit

extension ArtifactsCommand {
  /// `orchestrate artifacts trace FILE`: which rows, stages, runs and versions stand behind a model.
  struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "trace",
      abstract: "Tells what a model file or an artifact was made of: rows, stages, runs, versions.",
      discussion: """
        orchestrate artifacts trace model-Q8_0.gguf     digests from the file alone, and where the \
        project knows it, every stage and run behind it
        orchestrate artifacts trace sft                 the same for an artifact of the last run
        """)

    @Argument(help: "A .gguf or .safetensors file, a model folder, STAGE, STAGE.PORT or a digest.")
    var file: String
    @OptionGroup var projectOptions: ProjectOptions
    @OptionGroup var registryOptions: RegistryOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      let folder = projectOptions.folder()
      let store = try RunStore.openToRead(folder.database)
      guard HostFile.info(file) != nil else { return try traceArtifact() }
      let said = try FileLineage(file)
      let digest = try Digest(file: said.path)
      var trace: ArtifactTrace?
      if let store {
        var starts = try ArtifactTrace.artifacts(holding: digest, store, ArtifactStore(folder))
        if starts.isEmpty, let model = said.inputModel { starts = [model] }
        let found = try ArtifactTrace(of: starts, in: store)
        if !found.steps.isEmpty { trace = found }
      }
      var head = ["\(SafeText.escaped(said.path, limit: 200))  \(digest)", "from the file alone"]
      head += said.lines
      try show(
        head, trace,
        [
          JSONMember("file", .string(said.path)), JSONMember("digest", .string(digest.hex)),
          JSONMember("metadata", said.json),
        ], model: said.inputModel)
    }

    /// Of what the project itself has.
    private func traceArtifact() throws {
      let finder = try ArtifactFinder(projectOptions)
      let artifact = try finder.find(file)
      let trace = try ArtifactTrace(of: [artifact.digest], in: finder.store)
      try show(
        ["\(SafeText.escaped(file, limit: 100))  \(artifact.digest)"], trace,
        [JSONMember("digest", .string(artifact.digest.hex))], model: artifact.digest)
    }

    private func show(
      _ head: [String], _ trace: ArtifactTrace?, _ members: [JSONMember], model: Digest?
    ) throws {
      let registry = try registryOptions.folder(projectOptions).read()
      var versions = trace?.versions(registry) ?? []
      if versions.isEmpty, let model { versions = registry.versions(ofModel: model) }
      if json {
        var all = members
        all.append(JSONMember("project", trace?.json ?? .null))
        all.append(
          JSONMember("versions", .array(versions.map { VersionView($0, registry).json })))
        return Console.output.line(JSONWriter.compact(.object(all)))
      }
      var lines = head
      if let trace {
        lines += ["in this project"] + trace.lines
      } else {
        lines.append("this project has no record of it")
      }
      if !versions.isEmpty {
        lines.append("registered as")
        lines += versions.map { "  \($0.manifest.name)/" + VersionView($0, registry).line }
      }
      for line in lines { Console.output.line(line) }
    }
  }
}
