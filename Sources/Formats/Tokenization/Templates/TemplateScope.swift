/// Names, as the numbers the parser gave them, and their values; inner scopes see outer ones.
final class TemplateScope {
  private let parent: TemplateScope?
  /// Few names stand in an inner scope: they are looked through.
  @exclusivity(unchecked) private var entries: [(id: Int, value: TemplateValue)] = []
  /// The outermost scope has a place for every name.
  @exclusivity(unchecked) private var table: [TemplateValue?] = []

  init(parent: TemplateScope) { self.parent = parent }

  /// - Parameter nameCount: of the whole template.
  init(nameCount: Int) {
    parent = nil
    table = Array(repeating: nil, count: nameCount)
  }

  func find(_ id: Int) -> TemplateValue? {
    var scope = self
    while let parent = scope.parent {
      for index in scope.entries.indices where scope.entries[index].id == id {
        return scope.entries[index].value
      }
      scope = parent
    }
    return scope.table[id]
  }

  func set(_ id: Int, _ value: TemplateValue) {
    if parent == nil {
      table[id] = value
      return
    }
    for index in entries.indices where entries[index].id == id {
      entries[index].value = value
      return
    }
    entries.append((id, value))
  }

  /// Adds a name known to be new.
  func add(_ id: Int, _ value: TemplateValue) {
    if parent == nil { table[id] = value } else { entries.append((id, value)) }
  }

  func reset() { entries.removeAll(keepingCapacity: true) }
}
