package import Diagnostics
internal import Documents
private import Foundation
internal import Reproducibility
package import StageKit

/// From a pipeline file to a plan, in phases with a type at every border: text → ``LoadedPipeline``
/// → ``Plan``. Every phase reports all its errors at once; nothing here writes or runs anything.
///
/// ```swift
/// let pipeline = try Planner.load("pipeline.yaml", catalogue: .builtin)
/// let plan = try pipeline.plan(results: records, statCache: cache, checkpoints: records)
/// ```
package enum Planner {
  /// Reads and checks a pipeline file.
  ///
  /// - Parameters:
  ///   - path: as the user gave it; spans name it so.
  ///   - overrides: `key=value` each, as given to `-p`; values are plain scalars.
  ///   - environment: for `${env.X}`.
  ///   - isSmoke: numbers are lowered to what their stages declare for a smoke run.
  /// - Throws: ``Failure`` of class `badInput` with every problem in source order, `usage` for an
  ///   override that fits nothing.
  package static func load(
    _ path: String, overrides: [String] = [], environment: [String: String] = [:],
    catalogue: StageCatalogue, isSmoke: Bool = false
  ) throws -> LoadedPipeline {
    let bytes = try HostFile.bytes(path, limit: YAMLReader.byteCountMax)
    let (root, includes, problems) = PipelineIncludes.read(
      try YAMLReader.parse(bytes, file: path), path: path)
    if !problems.isEmpty { throw Failure(Diagnostic.inSourceOrder(problems), .badInput) }
    let given = try parse(overrides: overrides, root)
    var reader = SpecReader(overrides: given, environment: environment)
    let spec = reader.read(root)
    // Without the instances of a matrix, every name of one would be unknown.
    if reader.isBroken {
      throw Failure(Diagnostic.inSourceOrder(reader.diagnostics).uniqued, .badInput)
    }
    var binder = StageBinder(
      spec, catalogue, file: (path as NSString).lastPathComponent, isSmoke: isSmoke)
    let stages = binder.bind()
    let found = Diagnostic.inSourceOrder(reader.diagnostics + binder.diagnostics).uniqued
    guard !found.contains(where: { $0.severity == .error }) else { throw Failure(found, .badInput) }
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    return LoadedPipeline(
      path: absolute, digest: Digest(of: bytes), spec: spec, stages: stages, warnings: found,
      includes: includes, overridden: Set(given.map(\.name)).sorted())
  }

  /// `lora_r=32` → a plain scalar of that name.
  private static func parse(overrides: [String], _ root: Node) throws
    -> [(name: String, value: Node)]
  {
    let known = root["params"]?.mapping?.map(\.name) ?? []
    var problems: [Diagnostic] = []
    var given: [(name: String, value: Node)] = []
    for text in overrides {
      let shown = SafeText.escaped(text)
      guard let equals = text.firstIndex(of: "=") else {
        problems.append(
          Diagnostic("usage.override", "'-p \(shown)' has no '='", fix: "write -p name=value"))
        continue
      }
      let name = String(text[..<equals])
      guard known.contains(name) else {
        let nearest = NearestName.suggestion(for: name, among: known)
        problems.append(
          Diagnostic(
            "usage.unknown-parameter",
            "the pipeline has no parameter '\(SafeText.escaped(name, limit: 40))'",
            fix: nearest.map { "did you mean '-p \($0)=…'?" }
              ?? (known.isEmpty
                ? "'params:' is empty"
                : "'params' has \(known.prefix(10).joined(separator: ", "))")))
        continue
      }
      let value = String(text[text.index(after: equals)...])
      let span = SourceSpan(
        file: "-p \(name)", line: 1, column: name.count + 2, length: value.count)
      given.append((name, Node(.scalar(.init(value)), at: span)))
    }
    if !problems.isEmpty { throw Failure(problems, .usage) }
    return given
  }
}

/// A pipeline whose file is free of errors.
package struct LoadedPipeline: Sendable {
  /// Of the pipeline file, absolute.
  package let path: String
  /// Of the pipeline file's bytes.
  let digest: Digest
  package let spec: PipelineSpec
  /// In topological order.
  let stages: [BoundStage]
  package let warnings: [Diagnostic]
  /// Files that `include:` named.
  package let includes: [IncludedFile]
  /// Names of `params` whose values were given beside the file, sorted.
  let overridden: [String]

  /// The folder that relative paths start from, absolute.
  package var folder: String { (path as NSString).deletingLastPathComponent }
}
