import Diagnostics
import Evaluation
import Foundation
import Processes
import TestSupport
import Testing

/// Python and a sandbox, or why there is none.
enum CodeTesting {
  static let tester = Result { try SandboxedCodeTester(CodeTestSettings(threads: 2)) }
  static var isPossible: Bool { (try? tester.get()) != nil }
}

@Suite(.enabled(if: CodeTesting.isPossible, "no python3, or no sandbox can be made here"))
struct CodeTesterTests {
  static let cases: [(String, String, String?, CodeVerdict)] = [
    ("def f(x): return 2 * x", "assert f(2) == 4", nil, .passed),
    ("def f(x): return 3 * x", "assert f(2) == 4", nil, .failed),
    ("def f(x):", "assert f(2) == 4", nil, .failed),
    ("", "", nil, .passed),
    ("1 / 0", "", nil, .failed),
    ("while True: pass", "", nil, .timedOut),
    ("def f():\n  while True: pass", "f()", nil, .timedOut),
    // Values keep their kinds on the way.
    (
      "def f(*a): return a",
      """
      import math
      v = (None, True, -5, 10 ** 5000, 0.1, -0.0, float("inf"), 1 + 2j, "a\\0é\\ud800", b"\\xff", [1, [2]],
           (), {3}, frozenset([4]), {"k": {1: 2}}, range(1, 9, 2), bytearray(b"x"))
      assert f(*v) == v and [type(x) for x in f(*v)] == [type(x) for x in v]
      assert math.isnan(f(float("nan"))[0]) and math.copysign(1, f(-0.0)[0]) == -1
      """, nil, .passed
    ),
    (
      "from decimal import Decimal\nimport datetime\nfrom fractions import Fraction\n"
        + "from collections import Counter, deque, OrderedDict\ndef f(): return [Decimal('1.5'), "
        + "Fraction(1, 3), datetime.date(2020, 2, 29), deque([1]), Counter('aab'), "
        + "OrderedDict(a=1)]",
      "import decimal, fractions, collections\nassert f() == [decimal.Decimal('1.5'), "
        + "fractions.Fraction(1, 3), datetime.date(2020, 2, 29), collections.deque([1]), "
        + "{'a': 2, 'b': 1}, {'a': 1}]", nil, .passed
    ),
    // Arguments that are changed in place, keyword arguments, functions as arguments.
    ("def f(x): x.sort(); x.append(9)", "a = [3, 1]\nf(a)\nassert a == [1, 3, 9]", nil, .passed),
    ("def f(x): x['k'] = [1]", "a = {}\nf(a)\nassert a == {'k': [1]}", nil, .passed),
    ("def f(a, *, b=1): return a - b", "assert f(b=2, a=5) == 3 and f(1) == 0", nil, .passed),
    (
      "def f(g, x): return [g(v) for v in x]",
      "assert f(lambda v: v + 1, [1]) == [2]\n"
        + "assert f(str, [1]) == ['1']", nil, .passed
    ),
    // Objects of the program's own, generators, exceptions, what it imports.
    (
      "class S:\n  def __init__(s): s.x = []\n  def push(s, v): s.x.append(v)\n"
        + "  def __len__(s): return len(s.x)\n  def __eq__(s, o): return s.x == o.x",
      "a, b = S(), S()\na.push(1)\nassert len(a) == 1 and a.x == [1] and not a == b\nb.push(1)\n"
        + "assert a == b and a != 1", nil, .passed
    ),
    (
      "def f():\n  n = 0\n  while True:\n    yield n\n    n += 1",
      "g = f()\nassert next(g) == 0 and next(g) == 1\nassert set(map(int, zip_ if False else [2])) == {2}",
      nil, .passed
    ),
    ("def f(n): return (i for i in range(n))", "assert list(f(3)) == [0, 1, 2]", nil, .passed),
    (
      "def f(x): raise ValueError('no')",
      "try:\n  f(1)\nexcept ValueError as e:\n  assert str(e) == 'no'\nelse:\n  assert False", nil,
      .passed
    ),
    (
      "import math\ndef f(): return math.pi", "assert math.isclose(f(), 3.14159265, rel_tol=1e-6)",
      nil,
      .passed
    ),
    ("def poly(x): return x + 1", "assert poly(1) == 2", nil, .passed),
    // A built-in name belongs to the program only where it is what is tested.
    ("def sum(a, b): return a + b", "assert sum(1, 2) == 3", "sum", .passed),
    ("def sum(a): return 7", "assert sum([1, 2]) == 3", nil, .passed),
    ("def f(): return __name__", "assert f() == 'builtins'", nil, .passed),
  ]

  @Test("programs and their tests", arguments: cases.indices)
  func verdicts(_ index: Int) throws {
    let (code, test, entry, expected) = Self.cases[index]
    let tester =
      expected == .timedOut
      ? try SandboxedCodeTester(CodeTestSettings(seconds: 1)) : try CodeTesting.tester.get()
    let program = CodeProgram(code: code, test: test, entryPoint: entry)
    #expect(try tester.verdicts(of: [program]) == [expected], "\(code)\n\(test)")
  }
}

extension CodeTesterTests {
  @Test("verdicts come in order and do not depend on how many programs run at once")
  func order() throws {
    let programs = (0..<24).map { index in
      CodeProgram(
        code: "def f(): return \(index)", test: "assert f() % 3 == 0 and f() == \(index)")
    }
    let expected = (0..<24).map { $0 % 3 == 0 ? CodeVerdict.passed : .failed }
    for threads in [1, 4] {
      let tester = try SandboxedCodeTester(CodeTestSettings(seconds: 30, threads: threads))
      #expect(try tester.verdicts(of: programs) == expected)
    }
    #expect(try CodeTesting.tester.get().verdicts(of: []).isEmpty)
  }

  @Test("the sandbox is one, and a program beyond the bound is refused without a run")
  func bounds() throws {
    let tester = try CodeTesting.tester.get()
    #expect(tester.strength.isSandbox)
    let long = String(repeating: "#", count: SandboxedCodeTester.programBytesMax)
    let programs = [
      CodeProgram(code: long, test: ""), CodeProgram(code: long, test: "x"),
    ]
    let patient = try SandboxedCodeTester(CodeTestSettings(seconds: 30))
    #expect(try patient.verdicts(of: programs) == [.passed, .refused])
  }

  @Test("the entry point is one name, whatever text it holds")
  func entryPoint() throws {
    let program = CodeProgram(
      code: "def f(): return 5", test: "assert f() == 4", entryPoint: "f\n0\nassert True\n")
    let tester = try SandboxedCodeTester(CodeTestSettings(seconds: 30))
    #expect(try tester.verdicts(of: [program]) == [.failed])
  }

  @Test("without walls nothing runs unless it is asked for")
  func refused() throws {
    #expect(throws: Failure.self) { try SandboxedCodeTester(walls: []) }
    var settings = CodeTestSettings(seconds: 30)
    settings.allowsUnsafe = true
    let tester = try SandboxedCodeTester(settings, walls: [])
    #expect(!tester.strength.isSandbox)
    let program = CodeProgram(code: "def f(): return 4", test: "assert f() == 4")
    #expect(try tester.verdicts(of: [program]) == [.passed])
    // Walls that can be had are used all the same.
    #expect(try SandboxedCodeTester(settings).strength.isSandbox)
  }
}

@Suite struct PythonInterpreterTests {
  static let cases: [(String, String, String?)] = [
    (
      "no-such-python", "code tests need 'no-such-python', and there is none in PATH",
      "install Python 3 (apt-get install python3), or name the interpreter's path"
    ),
    (
      "/none/python3", "code tests need '/none/python3', and there is none",
      "install Python 3 (apt-get install python3), or name the interpreter's path"
    ),
    ("/bin/true", "'/bin/true' does not answer as Python 3 does", "name the path of a Python 3"),
    ("/bin/false", "'/bin/false' does not answer as Python 3 does", "name the path of a Python 3"),
  ]

  @Test("an interpreter that is not there, or none, is named", arguments: cases)
  func missing(name: String, message: String, fix: String?) throws {
    do {
      _ = try SandboxedCodeTester(CodeTestSettings(interpreter: name))
      Issue.record("'\(name)' ran")
    } catch let failure as Failure {
      #expect(failure.failureClass == .badInput)
      #expect(failure.diagnostics[0].message == message)
      #expect(failure.diagnostics[0].fix == fix)
    }
  }
}

@Suite struct PassAtKTests {
  @Test("pass@k is the mean over problems, and needs k samples of each")
  func mean() {
    let problems: [[CodeVerdict]] = [
      [.passed, .failed, .timedOut, .refused], [.failed, .failed, .failed, .failed],
      [.passed, .passed, .passed, .failed],
    ]
    // 1/4, 0, 3/4; then 1 - 3/6, 0, 1.
    let expected: [Double?] = [1.0 / 3, 0.5]
    for k in 1...2 { #expect(PassAtK.mean(of: problems, k: k) == expected[k - 1]) }
    #expect(PassAtK.mean(of: problems, k: 5) == nil)
    #expect(PassAtK.mean(of: problems, k: 0) == nil)
    #expect(PassAtK.mean(of: [], k: 1) == nil)
  }
}
