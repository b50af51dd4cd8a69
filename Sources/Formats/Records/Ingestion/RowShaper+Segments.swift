internal import Diagnostics
internal import Documents

extension RowShaper {
  /// Texts that are trained on (`label: true`) or not, joined as they are: a prompt, and its
  /// completion.
  func segments(_ reader: inout RowColumns, _ warning: inout String?) throws(RowProblem)
    -> RowContent
  {
    let column = try reader.required(.segments)
    guard let items = column.value.arrayValue else {
      throw reader.wrongType(column, "a list of segments")
    }
    var (prompt, completion, isTrained) = ("", "", false)
    for (index, item) in items.enumerated() {
      guard let text = item["text"]?.stringValue, let label = item["label"]?.label else {
        throw RowProblem(
          "row.wrong-type", "segments[\(index)] is \(item.kindName), expected 'text' and 'label'")
      }
      if label {
        isTrained = true
        completion += text
      } else if isTrained {
        throw RowProblem(
          "row.segments", "segments[\(index)] is not trained on and follows one that is",
          fix: "split the row: a row ends with the segments that are trained on")
      } else {
        prompt += text
      }
    }
    if completion.isEmpty { warning = "empty_text" }
    return .completion(prompt: prompt, completion: completion)
  }

  /// An answer in steps, each with a label: one answer, right when every step is. The steps and
  /// their labels stay as columns.
  func steps(_ reader: inout RowColumns) throws(RowProblem) -> RowContent {
    let prompt = try reader.turns(try reader.required(.prompt), text: .user)
    let steps = try reader.kept(.completions)
    let labels = try reader.kept(.labels)
    let texts = steps.value.arrayValue?.compactMap(\.stringValue) ?? []
    guard !texts.isEmpty, texts.count == steps.value.arrayValue?.count else {
      throw reader.wrongType(steps, "a list of texts")
    }
    let flags = labels.value.arrayValue?.compactMap(\.label) ?? []
    guard flags.count == labels.value.arrayValue?.count, flags.count == texts.count else {
      throw RowProblem(
        "row.length", "'labels' does not hold true or false for each of \(texts.count) steps")
    }
    return .unpaired(
      prompt: prompt, completion: [Message(.assistant, texts.joined(separator: "\n"))],
      label: flags.allSatisfy { $0 })
  }
}
