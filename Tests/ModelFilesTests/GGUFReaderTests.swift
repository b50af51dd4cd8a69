import Diagnostics
import ModelFiles
import TestSupport
import Testing

extension HostileFilesTests {
  @Test("GGUF files get their verdicts", arguments: cases("gguf"))
  func gguf(_ item: Case) {
    Self.judge(item) { path in
      let file = try GGUFReader(path: path)
      for tensor in file.tensors { file.withBytes(tensor) { _ = $0.count } }
      if item.isModelLevel { _ = try GGUFVocabulary(file) }
    }
  }

  @Test("the GGUF corpus is there")
  func ggufCorpus() { #expect(Self.cases("gguf").count == 51) }
}

@Suite(
  "GGUF reader",
  .enabled(if: SharedMaterial.formats.exists, "../shared/formats is absent (set FORMATS)"))
struct GGUFReaderTests {
  @Test(
    "real vocabularies are read",
    arguments: ["gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2", "falcon"])
  func vocabularies(_ name: String) throws {
    let path = SharedMaterial.formats.path("vocab/ggml-vocab-\(name).gguf")
    let vocabulary = try GGUFVocabulary(GGUFReader(path: path))
    #expect(vocabulary.tokens.count > 30_000)
    #expect(vocabulary.types.count == vocabulary.tokens.count)
    #expect((vocabulary.merges != nil) == (vocabulary.model == "gpt2"))
  }
}
