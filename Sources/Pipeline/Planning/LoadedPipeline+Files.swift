internal import Diagnostics
internal import StageKit

/// The files that a pipeline names, found but not read.
struct FoundInputs: Sendable {
  /// By stage, then by parameter path.
  var files: [String: [String: [FoundFile]]] = [:]
  /// By stage, then by input port.
  var trees: [String: [String: FoundTree]] = [:]
  /// Folders that stages read where they lie, by stage, then by parameter path.
  var folders: [String: [String: FoundFolder]] = [:]

  /// Every file once or more.
  var all: [FoundFile] {
    files.values.flatMap { $0.values.joined() }
      + trees.values.flatMap { $0.values.flatMap(\.files) }
  }
}

extension LoadedPipeline {
  /// Checks that every file and folder the pipeline names is there; reads none of them.
  ///
  /// - Throws: ``Failure`` of class `badInput` with every one that is missing.
  package func checkFiles() throws { _ = try findFiles() }

  /// Whether all it reads from outside are files that it names one by one, so that their stamps tell
  /// everything: no pattern, no folder, no model of the registry, no other pipeline file.
  package var namesPlainFilesOnly: Bool {
    let finder = FileFinder(folder: folder)
    return includes.isEmpty && warnings.isEmpty
      && stages.allSatisfy { stage in
        stage.inputs.values.allSatisfy { if case .stage = $0 { true } else { false } }
          && (stage.parameters.fileInputs.map(\.pattern) + stage.reads.map(\.read.pattern))
            .allSatisfy { finder.isPlainFile($0) }
      }
  }

  func findFiles() throws -> FoundInputs {
    let finder = FileFinder(folder: folder)
    let skipped = skippedStages()
    var found = FoundInputs()
    var problems: [Diagnostic] = []
    for stage in stages where skipped[stage.name] == nil {
      for input in stage.parameters.fileInputs {
        do {
          found.files[stage.name, default: [:]][input.parameter] = try finder.files(input)
        } catch let failure as Failure { problems += failure.diagnostics }
      }
      for read in stage.reads {
        do {
          try finder.find(read, of: stage.name, &found)
        } catch let failure as Failure { problems += failure.diagnostics }
      }
      for input in stage.spec.inputs {
        guard case .path(let path) = input.source,
          let port = stage.parameters.ports.inputs.first(where: { $0.name == input.port }),
          let type = port.types.first(where: { [.model, .records, .files].contains($0) })
        else { continue }
        do {
          found.trees[stage.name, default: [:]][input.port] = try finder.tree(
            path, type, at: input.span)
        } catch let failure as Failure { problems += failure.diagnostics }
      }
    }
    if !problems.isEmpty { throw Failure(Diagnostic.inSourceOrder(problems), .badInput) }
    return found
  }

  /// Stages that will not run, with the reason: a false `if:`, or a skipped stage that they need or
  /// must have an input from.
  func skippedStages() -> [String: String] {
    var skipped: [String: String] = [:]
    for stage in stages {
      if let condition = stage.spec.skippedBy {
        skipped[stage.name] = "if: \(SafeText.escaped(condition)) is false"
        continue
      }
      if let choice = stage.spec.choice {
        if choice.instances.allSatisfy({ skipped[$0] != nil }) {
          skipped[stage.name] = "every instance of its matrix is skipped"
        }
        continue
      }
      if let need = stage.spec.needs.first(where: { skipped[$0.stage] != nil }) {
        skipped[stage.name] = "needs \(need.stage), which is skipped"
        continue
      }
      var needed = stage.parameters.ports.inputs.filter { !$0.isOptional }.map(\.name)
      let declared = Set(stage.parameters.ports.inputs.map(\.name))
      needed += stage.inputs.keys.filter { !declared.contains($0) }.sorted()
      for port in needed {
        if case .stage(let name, _)? = stage.inputs[port], skipped[name] != nil {
          skipped[stage.name] = "input \(port) comes from \(name), which is skipped"
          break
        }
      }
    }
    return skipped
  }
}

extension FileFinder {
  /// Whether a pattern is the name of a file that is there.
  func isPlainFile(_ pattern: String) -> Bool {
    if Self.isWild(pattern) { return false }
    return HostFile.info(pattern.hasPrefix("/") ? pattern : folder + "/" + pattern)?.kind == .file
  }

  /// Files of the user among what a stage reads of the workspace: a file, the files a pattern names,
  /// or a folder.
  ///
  /// - Throws: ``Failure`` of class `badInput` when there is nothing and no stage makes any of it.
  func find(_ read: WorkspaceRead, of stage: String, _ found: inout FoundInputs) throws {
    let pattern = read.read.pattern
    let parts = pattern.split(separator: "/").filter { $0 != "." }.map(String.init)
    let name = (pattern.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    let path = pattern.hasPrefix("/") ? name : (name.isEmpty ? folder : folder + "/" + name)
    if !parts.contains(where: Self.isWild), HostFile.info(path)?.kind == .folder {
      let prefix = name.isEmpty ? "" : name + "/"
      var left = Set(read.left.map { String($0.dropFirst(prefix.count)) })
      left.remove("")
      found.folders[stage, default: [:]][read.read.parameter] = FoundFolder(
        name: name.isEmpty ? "./" : prefix, path: path, left: left,
        mayBeEmpty: read.hasWriters, span: read.read.span)
      return
    }
    do {
      let input = FileInput(parameter: read.read.parameter, pattern: pattern, span: read.read.span)
      let files = try files(input).filter { file in !read.isLeft(file.name) }
      if !files.isEmpty { found.files[stage, default: [:]][read.read.parameter] = files }
    } catch let failure as Failure {
      if !read.hasWriters { throw failure }
    }
  }
}

extension WorkspaceRead {
  /// Whether a stage writes the file.
  fileprivate func isLeft(_ name: String) -> Bool {
    if left.isEmpty { return false }
    if left.contains(name) { return true }
    return left.contains { WorkspacePath(name: $0).contains(name) }
  }
}
