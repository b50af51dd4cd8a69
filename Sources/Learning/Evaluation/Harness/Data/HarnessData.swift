internal import Diagnostics
internal import Documents
private import Foundation

/// The documents of one task, by split.
struct HarnessData {
  let configuration: HarnessConfiguration
  /// Groups that the task stands in, for files that are named for them; innermost first.
  let groups: [String]
  let files: HarnessDataFiles
  let reader: HarnessDocuments

  private var dataset: HarnessDataset { configuration.dataset }

  /// - Parameter purpose: what the split is for, where it is not the one that is measured.
  /// - Throws: ``Failure`` that names the file that is missing and how to get it.
  func documents(split: String, purpose: String? = nil) throws -> [HarnessDocument] {
    let isMeasured = split == dataset.evaluatedSplit
    let given = files.paths(
      [configuration.task] + groups, split: split, isMeasured: isMeasured)
    guard let paths = try given ?? named(split) else { throw missing(split, purpose) }
    var documents = try reader.documents(paths)
    if let (column, value) = dataset.selection,
      documents.contains(where: { $0.json[column] != nil })
    {
      documents = documents.filter { $0.json[column]?.stringValue == value }
    }
    guard !documents.isEmpty else {
      let file = SafeText.escaped(paths[0], limit: 300)
      throw Diagnostic(
        "task.no-documents",
        "task '\(configuration.task)' has no documents: '\(file)' holds none"
          + (dataset.selection.map { " whose '\($0.column)' is '\($0.value)'" } ?? ""),
        fix: "name the file of split '\(split)'"
      ).failure(.badInput)
    }
    return try documents.map(processed)
  }

  private func processed(_ document: HarnessDocument) throws -> HarnessDocument {
    guard let process = configuration.process else {
      try check(document)
      return document
    }
    var result = document
    do {
      result.json = try process(document.json)
    } catch let problem as MissingField {
      throw missing(problem.name, in: document)
    }
    try check(result)
    return result
  }

  private func check(_ document: HarnessDocument) throws {
    for field in dataset.fields where document.json[field] ?? .null == .null {
      throw missing(field, in: document)
    }
  }

  private func missing(_ field: String, in document: HarnessDocument) -> Failure {
    Diagnostic(
      "task.no-field",
      "a document of '\(configuration.task)' has no field '\(field)', expected "
        + fields,
      at: document.place,
      fix: "its fields are \(DocumentField.names(of: document.json)); " + fetching
    ).failure(.badInput)
  }

  /// The task's own files, beside the working directory or the task file.
  private func named(_ split: String) throws -> [String]? {
    guard let paths = dataset.files[split], !paths.isEmpty else { return nil }
    return try paths.map { path in
      let candidates = [path] + (dataset.folder.map { ["\($0)/\(path)"] } ?? [])
      if let found = candidates.first(where: FileManager.default.fileExists) { return found }
      throw Diagnostic(
        "task.no-data",
        "task '\(configuration.task)' takes split '\(split)' from "
          + "'\(SafeText.escaped(path, limit: 300))', which is not there",
        at: configuration.span,
        fix: "paths are looked up from the working directory and from the task's folder"
      ).failure(.badInput)
    }
  }

  private func missing(_ split: String, _ purpose: String?) -> Failure {
    let isMeasured = split == dataset.evaluatedSplit
    let name = isMeasured ? configuration.task : "\(configuration.task):\(split)"
    var message = "task '\(configuration.task)' needs a file of split '\(split)'"
    if let purpose { message += " \(purpose)" }
    if !fields.isEmpty { message += ", with the fields \(fields)" }
    return Diagnostic(
      "task.no-data", message, at: configuration.span,
      fix: "name it: --data \(name)=FILE (JSON lines, JSON, CSV or Parquet); \(fetching)"
    ).failure(.badInput)
  }

  private var fields: String {
    dataset.fieldsInWords ?? dataset.fields.joined(separator: ", ")
  }

  private var fetching: String {
    guard let path = dataset.path, path.contains("/") else {
      return "'dataset_kwargs: { data_files: { SPLIT: FILE } }' in the task names it too"
    }
    let part = dataset.name.map { ", configuration '\($0)'" } ?? ""
    return "it is '\(path)' on Hugging Face\(part): "
      + "huggingface-cli download --repo-type dataset \(path) --local-dir DIR"
  }
}

/// A document that a task cannot read.
struct MissingField: Error {
  var name: String

  init(_ name: String) { self.name = name }
}
