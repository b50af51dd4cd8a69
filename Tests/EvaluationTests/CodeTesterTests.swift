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
