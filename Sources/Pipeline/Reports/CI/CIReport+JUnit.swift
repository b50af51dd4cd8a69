internal import StageKit

extension CIReport {
  /// JUnit's XML as GitLab, Jenkins and GitHub's actions read it: a test case for each stage and
  /// each rule of a gate. Names are stable and unique; a refusal is a failure with its sentence.
  package var junit: String {
    var cases: [TestCase] = stages.map(Self.testCase)
    for gate in gates { cases += Self.testCases(gate) }
    let failures = cases.count { if case .failure = $0.end { true } else { false } }
    let errors = cases.count { if case .error = $0.end { true } else { false } }
    let skipped = cases.count { $0.end == .skipped }
    let counts =
      "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" "
      + "skipped=\"\(skipped)\""
    let name = Self.attribute(pipeline)
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"\(name)\" \(counts)>",
      "  <testsuite name=\"\(name)\" \(counts)>",
    ]
    lines += cases.flatMap { $0.lines(file: file) }
    return (lines + ["  </testsuite>", "</testsuites>", ""]).joined(separator: "\n")
  }

  private struct TestCase {
    enum End: Hashable {
      case passed
      case skipped
      case failure(String)
      case error(String)
    }

    var className: String
    var name: String
    var seconds: Double
    var end: End

    func lines(file: String) -> [String] {
      let head =
        "    <testcase classname=\"\(CIReport.attribute(className))\" "
        + "name=\"\(CIReport.attribute(name))\" file=\"\(CIReport.attribute(file))\" "
        + "time=\"\((seconds * 1000).rounded() / 1000)\""
      func body(_ tag: String, _ sentence: String) -> [String] {
        [
          head + ">",
          "      <\(tag) message=\"\(CIReport.attribute(sentence))\">"
            + "\(CIReport.attribute(sentence))</\(tag)>",
          "    </testcase>",
        ]
      }
      switch end {
      case .passed: return [head + "/>"]
      case .skipped: return [head + ">", "      <skipped/>", "    </testcase>"]
      case .failure(let sentence): return body("failure", sentence)
      case .error(let sentence): return body("error", sentence)
      }
    }
  }

  private static func testCase(_ stage: Stage) -> TestCase {
    let sentence = stage.sentences.joined(separator: "; ")
    let end: TestCase.End =
      switch stage.state {
      case "succeeded": .passed
      case "refused": .failure(sentence.isEmpty ? "refused" : sentence)
      case "failed": .error(sentence.isEmpty ? "failed" : sentence)
      default: .skipped
      }
    return TestCase(
      className: "stage", name: stage.name, seconds: stage.isReused ? 0 : stage.seconds ?? 0,
      end: end)
  }

  private static func testCases(_ gate: Gate) -> [TestCase] {
    var seen: [String: Int] = [:]
    return gate.verdict.rules.map { rule in
      let count = seen[rule.rule, default: 0] + 1
      seen[rule.rule] = count
      return TestCase(
        className: "gate.\(gate.stage)", name: rule.rule + (count > 1 ? " (\(count))" : ""),
        seconds: 0, end: rule.decision == .pass ? .passed : .failure(rule.sentence))
    }
  }

  /// Text in an attribute or an element; what XML 1.0 does not allow becomes U+FFFD.
  static func attribute(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "\n": out += "&#10;"
      case "\t": out += "&#9;"
      case "\r": out += "&#13;"
      default:
        let isAllowed =
          scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        out.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
      }
    }
    return out
  }
}
