import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Adapter configuration")
struct AdapterConfigurationTests {
  static func sorted(_ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return value }
    return .object(
      members.map { member in
        guard ["target_modules", "modules_to_save"].contains(member.key),
          let names = member.value.arrayValue?.compactMap(\.stringValue)
        else { return member }
        return JSONMember(member.key, .array(names.sorted().map { .string($0) }))
      })
  }

  static var files: [String] {
    guard SharedMaterial.oracles.exists else { return [] }
    let folder = SharedMaterial.oracles.folder
    return (try? AdapterFixtures.configurationPaths(folder)) ?? []
  }

  @Test(
    "a file of PEFT is written back with every key",
    .enabled(if: SharedMaterial.oracles.exists, "../shared/oracles is absent (set ORACLES)"),
    arguments: files)
  func roundTrip(_ path: String) throws {
    let json = try JSONFile.read(path)
    let adapter = try AdapterConfiguration(json: json, file: path)
    // PEFT writes an empty list or null for no target parameters, as it was called.
    var expected = Self.sorted(json).objectValue ?? []
    for index in expected.indices where expected[index].key == "target_parameters" {
      expected[index].value = .null
    }
    #expect(Self.sorted(adapter.json) == .object(expected))
  }

  @Test("rules keep the order of the file")
  func order() throws {
    let adapter = try AdapterFixtures.configuration(
      #""target_modules": ["x"], "rank_pattern": {"z": 3, "a": 4, "m": 5}"#)
    #expect(adapter.rankPattern.map(\.key) == ["z", "a", "m"])
    #expect(adapter.json["rank_pattern"]?.objectValue?.map(\.key) == ["z", "a", "m"])
  }

  @Test(
    "what is not supported is named",
    arguments: [
      (#""target_modules": null"#, "'target_modules' is missing"),
      (
        #""target_modules": 4"#, "'target_modules' is a number, expected a list of strings"
      ),
      (
        #""target_modules": ["x"], "rank_pattern": {"q": 0}"#,
        "'rank_pattern' holds 0 for 'q', expected a whole number from 1 to 65536"
      ),
      (
        #""target_modules": ["x"], "alpha_pattern": {"q": "a"}"#,
        "'alpha_pattern' holds a string for 'q', expected a number"
      ),
      (
        #""target_modules": ["x"], "rank_pattern": {"(q": 1}"#,
        "the pattern '(q' has a missing ')' at character 3"
      ),
      (
        #""target_modules": ["x"], "init_lora_weights": "pissa_niter_16""#,
        "'init_lora_weights' is 'pissa_niter_16', which changes the base's weights"
      ),
      (
        #""target_modules": ["x"], "alora_invocation_tokens": [1]"#,
        "'alora_invocation_tokens' is set, which is not supported"
      ),
      (
        #""target_modules": ["x"], "lora_bias": true"#,
        "'lora_bias' is true, which is not supported"
      ),
      (#""target_modules": ["x"], "bias": "all""#, "'bias' is 'all', expected 'none'"),
      (
        #""target_modules": ["x"], "base_model_name_or_path": "../../../../etc""#,
        "the base model '../../../../etc' leaves the project: more than 3 folders up"
      ),
    ])
  func problems(_ fields: String, _ message: String) throws {
    let failure = #expect(throws: Failure.self) {
      _ = try AdapterFixtures.configuration(fields)
    }
    #expect(failure?.diagnostics.map(\.message) == ["adapter_config.json: \(message)"])
  }
}

extension AdapterFixtures {
  /// Every `adapter_config.json` below the oracles.
  static func configurationPaths(_ folder: String) throws -> [String] {
    let tree = try FileTree(folder: folder)
    return tree.names.filter { $0.hasSuffix("/adapter_config.json") }.map { folder + "/" + $0 }
  }
}
