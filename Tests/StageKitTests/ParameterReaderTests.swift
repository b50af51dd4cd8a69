import Diagnostics
import Documents
import StageKit
import Testing

@Suite("ParameterReader")
struct ParameterReaderTests {
  private func reader(_ yaml: String) throws -> ParameterReader {
    ParameterReader(try YAMLReader.parse(Array(yaml.utf8), file: "p.yaml"), owner: "toy")
  }

  @Test("values are read by the declared type, whatever they look like")
  func types() throws {
    var read = try reader(
      "{country: no, version: 1.10, n: 0x10, x: 2e-4, on: true, none: ~, list: one}")
    #expect(read.string("country", help: "") == "no")
    #expect(read.string("version", help: "") == "1.10")
    #expect(read.integer("n", in: 0...99, help: "") == 16)
    #expect(read.number("x", in: 0...1, help: "") == 2e-4)
    let isOn = read.flag("on", default: false, help: "")
    #expect(isOn)
    #expect(read.optionalString("none", help: "") == nil)
    #expect(read.strings("list", default: [], help: "") == ["one"])
    #expect(read.optionalNumber("absent", in: 0...1, help: "") == nil)
    read.finish()
    #expect(read.diagnostics.isEmpty)
    #expect(
      JSONWriter.compact(.object(read.values))
        == #"{"country":"no","version":"1.10","n":16,"x":0.0002,"on":true,"none":null,"list":["one"],"absent":null}"#
    )
  }

  @Test("what is left out takes its default, and the effective values say so")
  func defaults() throws {
    var read = ParameterReader(Node(.mapping([]), at: SourceSpan(file: "p", line: 1)), owner: "toy")
    #expect(read.integer("n", default: 3, in: 0...9, help: "") == 3)
    #expect(read.strings("l", default: ["a"], help: "") == ["a"])
    let none = read.list("o", optional: true, help: "") { $0.string("x", help: "") }
    #expect(none.isEmpty)
    #expect(read.pairs("p", help: "").isEmpty)
    #expect(read.files("f", optional: true, help: "").pattern == nil)
    _ = read.string("needed", help: "")
    #expect(read.diagnostics.map(\.message) == ["stage 'toy' needs the parameter 'needed'"])
    #expect(
      JSONWriter.compact(.object(read.values)) == #"{"n":3,"l":["a"],"o":[],"p":{},"f":null}"#)
  }

  @Test(
    "wrong values",
    arguments: [
      ("{n: 1.5}", "'n' is '1.5', expected a whole number from 1 to 9"),
      ("{n: 10}", "'n' is '10', expected a whole number from 1 to 9"),
      ("{n: '3'}", "'n' is '3', expected a whole number from 1 to 9"),
      ("{n: [3]}", "'n' is a list, expected a whole number from 1 to 9"),
      (
        "{n: 99999999999999999999}",
        "'n' is '99999999999999999999', expected a whole number from 1 to 9"
      ),
      ("n:", "'n' is nothing, expected a whole number from 1 to 9"),
    ])
  func wrong(_ yaml: String, _ message: String) throws {
    var read = try reader(yaml)
    #expect(read.integer("n", in: 1...9, help: "") == 1)
    #expect(read.diagnostics.map(\.message) == [message])
  }

  @Test("infinity and NaN are no numbers")
  func notFinite() throws {
    for text in [".inf", "-.inf", ".nan", "1e999", "nan", "inf"] {
      var read = try reader("{x: \(text)}")
      _ = read.number(
        "x", in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude, help: "")
      #expect(read.diagnostics.map(\.message) == ["'x' is '\(text)', expected a number"])
    }
  }

  @Test("problems in lists name the entry; its files are collected")
  func lists() throws {
    var read = try reader("sources:\n  - {path: ./a}\n  - {pth: ./b}\n  - ./c\n")
    let patterns = read.list("sources", help: "") { $0.files("path", help: "") }
    read.finish()
    #expect(patterns.map(\.parameter) == ["sources[0].path", "sources[1].path", "sources[2].path"])
    #expect(read.fileInputs.map(\.pattern) == ["./a"])
    #expect(
      read.diagnostics.map(\.message) == [
        "stage 'toy' needs the parameter 'sources[1].path'",
        "stage 'toy' has no parameter 'sources[1].pth'",
        "'sources[2]' is './c', expected a mapping",
      ])
    #expect(read.diagnostics.map { $0.span?.line } == [3, 3, 4])
  }

  @Test("unknown keys get the nearest name, and all names when there are few")
  func unknown() throws {
    var read = try reader("{learning_rte: 1}")
    _ = read.number("learning_rate", default: 1, in: 0...1, help: "")
    _ = read.flag("packing", default: true, help: "")
    read.finish()
    #expect(
      read.diagnostics[0].fix == "did you mean 'learning_rate'? it takes learning_rate, packing")
    var none = try reader("{x: 1}")
    none.finish()
    #expect(none.diagnostics[0].fix == "it takes no parameters")
  }

  @Test(
    "numbers as people write them",
    arguments: [
      (2e-4, "2e-4"), (1e-5, "1e-5"), (0.8, "0.8"), (0.001, "0.001"), (0.00015, "1.5e-4"), (3, "3"),
      (-2, "-2"), (1e6, "1e6"), (1.5e9, "1.5e9"), (0, "0"), (123456.5, "123456.5"),
      (1e-12, "1e-12"),
      (2.5e20, "2.5e20"), (-3e-7, "-3e-7"), (0.1 + 0.2, "0.30000000000000004"),
    ])
  func numbers(_ value: Double, _ text: String) {
    #expect(ValueText.number(value) == text)
    #expect(Double(text) == value)
  }
}
