import Foundation
import TestSupport
import Testing

/// Twenty secrets in a pipeline that does its best to leave them everywhere.
@Suite("secrets", .enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct SecretTests {
  static let secrets = Dictionary(
    uniqueKeysWithValues: (1...20).map { ("PLANTED_\($0)", "canary-\($0)/q7\($0 * 7919)+\($0)z") })

  /// What a search finds of a secret: whole, encoded, or the greatest part of it.
  static func forms(_ secret: String) -> [String] {
    let encoded = Data(secret.utf8).base64EncodedString()
    return [
      secret, String(encoded.dropLast(4)),
      secret.replacing("/", with: "%2F").replacing("+", with: "%2B"),
      secret.utf8.map { String(format: "%02x", $0) }.joined(),
    ]
  }

  static func pipeline(_ more: String = "") -> String {
    let variables = (1...18).map { "V\($0): { secret: { env: PLANTED_\($0) } }" }
    return """
      name: loud
      hooks:
        environment: { HOOKED: { secret: { env: PLANTED_19 } }, MOOD: good }
        on_finish: 'echo "hook $HOOKED $MOOD; not $PLANTED_1"; env'
      stages:
        loud:
          uses: shell
          with:
            outputs: [files]
            environment: { \(variables.joined(separator: ", ")), PLAIN: seen }
            command: |
              set -x
              env
              for n in $(seq 1 18); do
                eval "value=\\$V$n"
                echo "got $value"; echo "$value" >&2
                printf '%s' "$value" | base64; printf '%s' "$value" | od -An -tx1 | tr -d ' \\n'; echo
                printf '%s' "$value" | sed 's,/,%2F,g; s,+,%2B,g'; echo
                printf '%s' "$value" | cut -c1-6 | tr -d '\\n'; sleep 0.01; printf '%s\\n' "$value" | cut -c7-
              done
              echo "$PLAIN $(printf %s "$V18" | wc -c)" > $OUTPUT_FILES/a
        other:
          uses: shell
          needs: [loud]
          with: { outputs: [files], command: "env; date > $OUTPUT_FILES/a" }
        failing:
          uses: shell
          needs: [other]
          with:
            outputs: [files]
            environment: { TOKEN: { secret: { env: PLANTED_20 } } }
            command: "echo $TOKEN; \(more)exit 3"

      """
  }

  static func leaks(_ folder: TemporaryFolder, _ result: BuiltTool.Result) throws -> [String] {
    var places = ["standard output": result.output, "standard error": result.errors]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      places[name] = (try? folder.read(name)).map { String(decoding: $0, as: UTF8.self) }
    }
    return places.keys.sorted().filter { place in
      secrets.values.contains { Self.forms($0).contains { places[place]?.contains($0) ?? false } }
    }
  }

  /// How the variables begin that a command printed, of those that are looked for.
  static func names(of output: String) -> [String] {
    ["ORCHESTRATE_", "PLANTED_"].filter { ("\n" + output).contains("\n" + $0) }
  }

  @Test("20 planted secrets are found in no file, log, database or report")
  func planted() throws {
    let folder = try TemporaryFolder()
    try folder.write("pipeline.yaml", Self.pipeline())
    let first = try BuiltTool.run(
      ["run", "pipeline.yaml", "--json"], in: folder, environment: Self.secrets)
    #expect(first.status == 1)
    #expect(try Self.leaks(folder, first) == [])
    let logs = try BuiltTool.run(["logs", "loud"], in: folder)
    #expect(logs.output.contains("got ***") && logs.output.contains("PLAIN=seen"))
    let hook = String(
      decoding: try folder.read(".orchestrate/logs/hooks-run-1.log"), as: UTF8.self)
    #expect(hook.contains("hook *** good; not \n"))
    // Who does not name a secret does not have it.
    let other = try BuiltTool.run(["logs", "other"], in: folder)
    #expect(Self.names(of: other.output) == ["ORCHESTRATE_"])
    for command in [
      ["resume"], ["status", "--json"], ["explain", "--why", "failing"], ["plan", "--json"],
      ["artifacts", "ls", "--json"], ["ci", "pipeline.yaml", "--output", "report"],
    ] {
      let result = try BuiltTool.run(command, in: folder, environment: Self.secrets)
      #expect(try Self.leaks(folder, result) == [], "after \(command)")
    }
  }

  @Test("in a process of its own, as a part or a job of a cluster runs it")
  func child() throws {
    let folder = try TemporaryFolder()
    try folder.write("pipeline.yaml", Self.pipeline())
    // 'ci' starts every stage with a ticket.
    let result = try BuiltTool.run(
      ["ci", "pipeline.yaml", "--output", "report"], in: folder, environment: Self.secrets)
    #expect(result.status == 1)
    #expect(try Self.leaks(folder, result) == [])
    let logs = try BuiltTool.run(["logs", "loud"], in: folder)
    #expect(logs.output.contains("got ***"))
    let other = try BuiltTool.run(["logs", "other"], in: folder)
    #expect(Self.names(of: other.output) == ["ORCHESTRATE_"])
  }

  @Test("the value is not part of the request, the name is")
  func fingerprint() throws {
    let folder = try TemporaryFolder()
    func text(_ name: String) -> String {
      """
      name: p
      stages:
        a:
          uses: shell
          with: { outputs: [files], environment: { T: { secret: { env: \(name) } } }, command: 'test -n "$T" && date > $OUTPUT_FILES/a' }

      """
    }
    try folder.write("pipeline.yaml", text("FIRST"))
    let unset = try BuiltTool.run(["run", "pipeline.yaml"], in: folder)
    #expect(unset.status == 65)
    #expect(unset.errors.contains("the environment variable 'FIRST' of a secret is not set"))
    #expect(unset.errors.contains("pipeline.yaml:5:49"))
    #expect(unset.errors.contains("fix: type 'export FIRST=…' before orchestrate"))
    let short = try BuiltTool.run(
      ["run", "pipeline.yaml"], in: folder, environment: ["FIRST": "abc"])
    #expect(short.status == 65 && short.errors.contains("has fewer than 4 bytes"))
    let run = try BuiltTool.run(
      ["run", "pipeline.yaml"], in: folder, environment: ["FIRST": "abcdefgh"])
    #expect(run.status == 0)
    // Nothing has to run, so nobody asks for the secret.
    let again = try BuiltTool.run(["plan", "pipeline.yaml", "--detailed-exitcode"], in: folder)
    #expect(again.status == 4)
    try folder.write("pipeline.yaml", text("OTHER"))
    let renamed = try BuiltTool.run(
      ["plan", "pipeline.yaml"], in: folder, environment: ["OTHER": "abcdefgh"])
    #expect(renamed.output.contains("FIRST"))
  }

  @Test("a resume without the secret fails at the stage that needs it")
  func resume() throws {
    let folder = try TemporaryFolder()
    try folder.write("pipeline.yaml", Self.pipeline())
    let first = try BuiltTool.run(["run", "pipeline.yaml"], in: folder, environment: Self.secrets)
    #expect(first.status == 1)
    var fewer = Self.secrets
    fewer["PLANTED_20"] = ""
    let second = try BuiltTool.run(["resume"], in: folder, environment: fewer)
    #expect(second.status == 65)
    #expect((second.output + second.errors).contains("'PLANTED_20' of a secret is not set"))
  }
}
