import Diagnostics
import Documents
import ModelFiles
import Parallelism
import Reproducibility
import StageKit

/// One export: what is written for a model and its parameters.
struct GGUFExportRun {
  let parameters: ExportGGUF.Parameters
  private let input: InputArtifact
  let folder: ModelFolder
  private let importance: GGUFImportance?
  private let tokenizer: ExportTokenizer
  /// What the model says it was made of, and the gate that let it pass.
  private let made: Lineage?
  let warnings: [Diagnostic]

  /// - Throws: ``Failure`` when the model cannot be exported.
  init(
    _ parameters: ExportGGUF.Parameters, _ input: InputArtifact, _ folder: ModelFolder,
    importance: GGUFImportance? = nil, gate: Digest? = nil
  ) throws {
    self.parameters = parameters
    self.input = input
    self.folder = folder
    self.importance = importance
    var made = try Lineage(of: input)
    if let gate {
      var lineage = made ?? Lineage()
      lineage.gates = Set(lineage.gates + [gate]).sorted()
      made = lineage
    }
    self.made = made
    tokenizer = try ExportTokenizer(
      folder, preTokenizer: parameters.preTokenizer,
      asConverter: parameters.metadata == .minimal)
    let tiedHead = try folder.tiedHeadWarning()
    // Minimal files are to be llama.cpp's own, even where it cannot read them.
    let name =
      parameters.metadata == .minimal
      ? GGUFExport.nameProblem(parameters.name, tokenizer.vocabulary) : nil
    warnings =
      folder.warnings + tokenizer.warnings
      + GGUFExport.warnings(
        folder.configuration, asConverter: parameters.metadata == .minimal)
      + (tiedHead.map { [$0] } ?? []) + (name.map { [Self.warning($0)] } ?? [])
    if parameters.adapter == .separate {
      try Self.checkSeparate(folder, name: parameters.name)
    }
  }

  private static func warning(_ problem: Diagnostic) -> Diagnostic {
    Diagnostic(problem.code, problem.message, fix: problem.fix, severity: .warning)
  }

  /// The model whose weights the files hold.
  private var configuration: ModelConfiguration {
    parameters.adapter == .merge ? folder.mergedConfiguration : folder.configuration
  }

  func plan(_ type: GGUFFileType) throws -> GGUFPlan {
    var lineage: [GGUFPair] = []
    if parameters.metadata == .full {
      lineage = self.lineage + (importance?.pairs ?? [])
    }
    return try GGUFExport.plan(
      configuration, tokenizer.vocabulary, name: parameters.name, as: type, lineage: lineage,
      hasImportance: importance != nil, asConverter: parameters.metadata == .minimal,
      shard: folder.shard)
  }

  /// Writes every file, checks it, and reports.
  func write(in context: StageContext) throws {
    var warnings = warnings
    // Every file's keys are compared with these arrays after it is written.
    if let difference = try tokenizer.difference() {
      guard parameters.metadata == .minimal else { throw difference.failure(.badInput) }
      warnings.append(Self.warning(difference))
    }
    for warning in warnings { context.warn(warning) }
    let output = context.output("files")
    let plans = try parameters.types.map(plan)
    let tensorCount = plans.reduce(0) { $0 + $1.tensors.count }
    let weights = GGUFFolderWeights(folder, merges: parameters.adapter == .merge)
    var done = 0
    var files: [ExportReport.File] = []
    for (plan, type) in zip(plans, parameters.types) {
      let name = "\(parameters.fileName)-\(type.name).gguf"
      let path = "\(output)/\(name)"
      let written = try plan.write(
        to: path, pool: context.pool, weights: weights, importance: importance
      ) { count in
        try context.checkCancelled()
        context.progress(done + count, of: tensorCount, "tensors")
      }
      try plan.verify(path, written, pool: context.pool)
      done += plan.tensors.count
      files.append(ExportReport.File(name: name, type: type.name, plan: plan, written: written))
      if parameters.adapter == .merge {
        try ModelFolderWriter.gguf(to: context.output(type.portName), file: path, name: name)
      }
    }
    if parameters.adapter == .separate, let file = try writeAdapter(to: output, context.pool) {
      files.append(file)
    }
    var modelfile = Modelfile(
      from: files[0].name, template: tokenizer.turnTemplate, stops: tokenizer.stops,
      contextLength: folder.configuration.contextLength)
    modelfile.leavesOutTools = tokenizer.vocabulary.chatTemplate?.contains("tools") ?? false
    try modelfile.complete(from: [folder.tree, folder.weightsTree])
    try JSONFile.write(bytes: Array(modelfile.text.utf8), to: output + "/Modelfile")
    let report = ExportReport(
      files: files, tokenizer: tokenizer, modelfile: modelfile, warnings: warnings)
    try ReportFolder.write(report.json, report.lines, to: context.output("report"))
  }

  /// Digests of what the files are made of; no run, no date.
  var lineage: [GGUFPair] {
    if input.digest == ExportGGUF.unknownInput { return [] }
    var pairs = [GGUFPair("orchestrate.input.model", .string(input.digest.hex))]
    if let base = folder.manifest.base {
      pairs.append(GGUFPair("orchestrate.input.base", .string(base.hex)))
    }
    for (key, values) in made?.metadata ?? [] {
      pairs.append(
        GGUFPair(key, Lineage.isList(key) ? .strings(values) : .string(values.joined())))
    }
    return pairs
  }
}
