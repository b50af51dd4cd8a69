import TestSupport
import Testing

@Suite("exec-stage", .enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct ExecStageTests {
  @Test("a ticket that is none is a wrong call; one that cannot be read is trouble with a file")
  func tickets() throws {
    let folder = try TemporaryFolder()
    try folder.write("text", "no ticket")
    try folder.write("folder/file", "")
    for name in ["missing", "text"] {
      let result = try BuiltTool.run(["exec-stage", "--ticket", name], in: folder)
      #expect(result.status == 2 && result.errors.contains("'\(name)' is not a ticket"))
      #expect(result.output.isEmpty)
    }
    let result = try BuiltTool.run(["exec-stage", "--ticket", "folder"], in: folder)
    #expect(result.status == 74)
    #expect(result.errors.contains("'folder'") && result.errors.contains("(EISDIR)"))
    // The engine is told, too.
    #expect(result.output.contains("(EISDIR)"))
  }
}
