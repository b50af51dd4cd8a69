import Evaluation

extension EscapeProgram {
  /// Wrong programs that want to pass.
  private static func fake(_ name: String, _ code: String, test: String = "assert f(2) == 4")
    -> EscapeProgram
  {
    EscapeProgram("fake: " + name, code, test: test, [.failed])
  }

  static let fakes: [EscapeProgram] = [
    fake("leave with status 0", "os._exit(0)"),
    fake("leave with status 0 when called", "def f(x): os._exit(0)"),
    fake("sys.exit(0)", "sys.exit(0)"),
    fake("sys.exit(0) when called", "def f(x): sys.exit(0)"),
    fake("become /bin/true", "os.execv('/bin/true', ['true'])"),
    fake("become /bin/true when called", "def f(x): os.execv('/bin/true', ['true'])"),
    fake(
      "say passed", "print('passed'); print('OK'); sys.stderr.write('passed')\ndef f(x): return 5"),
    fake(
      "say passed on every descriptor",
      """
      def f(x):
        for n in range(1024):
          for text in (b"passed", b" passed", b"\\n passed\\n"):
            try: os.write(n, text)
            except OSError: pass
        os._exit(0)
      """),
    fake(
      "equal to everything",
      "class E:\n  def __eq__(s, o): return True\n  __ne__ = lambda s, o: False\ndef f(x): return E()"
    ),
    fake(
      "a number equal to everything",
      "class E(int):\n  def __eq__(s, o): return True\n  def __hash__(s): return 1\n"
        + "  def __int__(s): return 4\n  __index__ = __int__\ndef f(x): return E(5)"),
    fake(
      "a list equal to everything",
      "class E(list):\n  def __eq__(s, o): return True\ndef f(x): return E([5])",
      test: "assert f(2) == [4]"),
    fake(
      "a string equal to everything",
      "class E(str):\n  def __eq__(s, o): return True\n  def __str__(s): return 'b'\n"
        + "def f(x): return E('a')", test: "assert f(2) == 'b'"),
    fake(
      "contains everything",
      "class E:\n  def __contains__(s, o): return True\n"
        + "  def __iter__(s): return iter([5])\ndef f(x): return E()", test: "assert 4 in f(2)"),
    fake(
      "no assertions",
      """
      import builtins
      class Quiet(Exception): pass
      builtins.AssertionError = Quiet
      sys.excepthook = lambda *a: os._exit(0)
      def f(x): return 5
      """),
    fake(
      "assertions taken out of the compiler",
      """
      import builtins
      old = builtins.compile
      builtins.compile = lambda s, *a, **k: old("pass", *a, **k)
      builtins.exec = lambda *a, **k: None
      def f(x): return 5
      """),
    fake(
      "its own test", "def check(candidate): pass\ndef f(x): return 5",
      test: "def check(c): assert c(2) == 4\ncheck(f)"),
    fake(
      "its own abs", "def abs(x): return 0\ndef f(x): return 5", test: "assert abs(f(2) - 4) < 1"),
    fake(
      "its own all, len, sorted and set",
      "all = lambda x: True\nlen = sorted = set = lambda *a: 0\ndef f(x): return [5]",
      test: "assert all(v == 4 for v in f(2)) and len(f(2)) == 2"),
    fake(
      "its own math",
      "class math:\n  isclose = staticmethod(lambda *a, **k: True)\ndef f(x): return 5",
      test: "import math\nassert math.isclose(f(2), 4)"),
    fake(
      "its own math under the name of the real one",
      "import types\nmath = types.ModuleType('math')\nmath.isclose = lambda *a, **k: True\n"
        + "def f(x): return 5", test: "assert math.isclose(f(2), 4)"),
    fake("at exit", "import atexit\natexit.register(os._exit, 0)\ndef f(x): raise SystemExit(0)"),
    fake(
      "trace",
      "def trace(*a): os._exit(0)\nsys.settrace(trace)\ndef f(x): return 5"),
    fake(
      "frames, garbage and memory searched for the token",
      """
      import gc, re
      def f(x):
        found, frame = set(), sys._getframe()
        while frame:
          found.update(re.findall("[0-9A-F]{8}-[0-9A-F-]{27}", str(frame.f_locals) + str(frame.f_globals)))
          frame = frame.f_back
        for o in gc.get_objects():
          if isinstance(o, (list, dict, tuple)):
            found.update(re.findall("[0-9A-F]{8}-[0-9A-F-]{27}", str(o)[:10000]))
        for token in found:
          for n in range(64):
            try: os.write(n, (token + " passed").encode())
            except OSError: pass
        return 5
      """),
    fake(
      "the other side's functions replaced",
      """
      frame = sys._getframe()
      while frame.f_back: frame = frame.f_back
      Peer = frame.f_globals["Peer"]
      Peer.act = lambda self, *a: (True, [])
      Remote = frame.f_globals["Remote"]
      Remote.__eq__ = lambda *a: True
      frame.f_globals["judge"] = lambda: None
      def f(x): return 5
      """),
    fake(
      "answers before questions",
      "def frame(b): return len(b).to_bytes(4, 'big') + b\n"
        + "os.write(3, frame(b'=l1;t3;s1;fTF') + frame(b'=t2;Tl0;') * 100)"),
    fake("closed link", "os.close(3)\ndef f(x): return 4"),
    // A frame of a random length may never be whole.
    fake("garbage on the link", "os.write(3, os.urandom(4096))\ndef f(x): return 4")
      .expecting([.failed, .timedOut]),
    fake("a frame that lies about its length", "os.write(3, b'\\0\\0\\0\\x08=i4')\nos._exit(0)"),
    fake(
      "a list that lies about its length", "os.write(3, b'\\0\\0\\0\\x0a=l99999999')\nos._exit(0)"),
    fake(
      "an object of the test", "os.write(3, b'\\0\\0\\0\\x11=l1;t3;s1;fy0;F')\ndef f(x): return 5"),
    fake(
      "a bare except in the test", "def f(x): os._exit(0)",
      test: "try:\n  f(2)\nexcept:\n  pass"),
    fake(
      "kill the judge",
      "def f(x):\n  for n in list(range(2, 30000)) + [-1]:\n    try: os.kill(n, 9)\n"
        + "    except OSError: pass\n  return 5"),
    fake("syntax", "def f(x) return 4"),
    fake("nothing", ""),
    fake("an early end of the header", "\n\n0\n\nassert True\n"),
  ]
}
