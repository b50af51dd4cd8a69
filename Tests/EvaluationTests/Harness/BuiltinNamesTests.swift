import Evaluation
import Testing

@Suite struct BuiltinNamesTests {
  @Test("the names that help shows are those of the tasks, without the subjects of mmlu")
  func names() {
    #expect(BuiltinTasks.names == BuiltinTasks.names.sorted())
    let all = Set(BuiltinTasks.allNames)
    #expect(all.isSuperset(of: BuiltinTasks.names))
    let subjects = all.subtracting(BuiltinTasks.names)
    #expect(subjects.count == 57)
    #expect(subjects.allSatisfy { $0.hasPrefix("mmlu_") })
  }
}
