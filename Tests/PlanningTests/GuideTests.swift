import Documents
import Planning
import StageKit
import TestSupport
import Testing

@Suite("schema and guide")
struct GuideTests {
  @Test("the guide of a kind")
  func guide() {
    #expect(
      StageGuide.text(Toy.Make.self) == """
        make (version 1): Reads rows.

        outputs:
          records  records
                     The rows.
          report   report
                     Counts.

        with:
          sources         a list of mappings, required
                            Where rows come from.
          sources[].path  a path or a glob, required
                            A path or a glob.
          sources[].type  a text, default text
                            What a row is.

        """)
    #expect(
      StageGuide.page(Toy.catalogue).contains(
        """
        ## train

        Trains. Version 1.

        | input | type |  |
        | --- | --- | --- |
        | `model` | model | Base. |
        | `train` | records | Rows. |
        | `validation` | records, optional | Rows. |

        | output | type |  |
        | --- | --- | --- |
        | `model` | model | Result. |

        | parameter | type and default |  |
        | --- | --- | --- |
        | `learning_rate` | a number from 0 to 1, required | Step size. |
        | `lora_r` | a whole number from 1 to 1024, default 16 | Rank. |
        """))
  }

  @Test("the schema of a kind")
  func schema() throws {
    let schema = PipelineSchema.schema(Toy.catalogue)
    let stage = try #require(schema["properties"]?["stages"]?["additionalProperties"])
    let train = try #require(
      stage["allOf"]?.arrayValue?.first {
        $0["if"]?["properties"]?["uses"]?["const"] == "train"
      }?["then"])
    #expect(
      JSONWriter.compact(train)
        == #"{"properties":{"with":{"type":"object","additionalProperties":false,"properties":{"learning_rate":{"description":"Step size.","anyOf":[{"type":"number","minimum":0,"maximum":1},{"type":"string","pattern":"\\$\\{[^}]+\\}"}]},"lora_r":{"description":"Rank.","default":16,"anyOf":[{"type":"integer","minimum":1,"maximum":1024},{"type":"string","pattern":"\\$\\{[^}]+\\}"}]}},"required":["learning_rate"]},"inputs":{"type":"object","additionalProperties":false,"properties":{"model":{"description":"Base.","type":"string"},"train":{"description":"Rows.","type":"string"},"validation":{"description":"Rows.","type":"string"}},"required":["model","train"]}},"required":["with","inputs"]}"#
    )
    #expect(try JSONReader.parse(Array(JSONWriter.pretty(schema).utf8), file: "s") == schema)
  }

  @Test("keys of the frame are those the reader takes")
  func frame() throws {
    let schema = PipelineSchema.schema(Toy.catalogue)
    #expect(
      Set(schema["properties"]?.objectValue?.map(\.key) ?? []) == [
        "name", "include", "params", "stages", "hooks", "tracking", "executor", "slurm",
      ])
    let stage = try #require(schema["properties"]?["stages"]?["additionalProperties"])
    #expect(
      Set(stage["properties"]?.objectValue?.map(\.key) ?? []) == [
        "uses", "with", "inputs", "needs", "if", "strategy", "retry", "shards", "timeout",
        "resources",
        "priority", "executor", "slurm",
      ])
  }
}
