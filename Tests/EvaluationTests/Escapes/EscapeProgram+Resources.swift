import Evaluation

extension EscapeProgram {
  static let resources: [EscapeProgram] = [
    EscapeProgram(
      "fork bomb",
      """
      def attack():
        while True:
          try: os.fork()
          except OSError: pass
      """, [.timedOut]),
    EscapeProgram(
      "fork bomb of a shell",
      """
      def attack():
        while True:
          try: subprocess.run(["sh", "-c", "f() { f | f & }; f; f; sleep 9MARK"])
          except OSError: pass
      """, [.timedOut, .failed]),
    EscapeProgram(
      "more than 64 processes",
      """
      def attack():
        count = 0
        try:
          while count < 200:
            if os.fork() == 0: time.sleep(100)
            count += 1
        except OSError: pass
        return count > 64
      """),
    EscapeProgram(
      "thread bomb",
      """
      import threading
      def attack():
        count = 0
        try:
          while count < 1000:
            threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
            count += 1
        except RuntimeError: pass
        return count > 64
      """),
    EscapeProgram(
      "memory bomb",
      """
      def attack():
        try: bytearray(16 << 30)
        except MemoryError: return False
        return True
      """),
    EscapeProgram(
      "memory bomb in steps",
      """
      def attack():
        held = []
        try:
          while len(held) < 64: held.append(b"x" * (64 << 20))
        except MemoryError:
          held.clear()
          return False
        return True
      """),
    EscapeProgram(
      "memory bomb by nesting",
      """
      def attack():
        x = "x"
        while True: x = [x, x * 2] if len(x) < 3 else x * 2
      """, [.failed, .timedOut]),
    EscapeProgram(
      "fill the disk",
      """
      def attack():
        written = 0
        try:
          for n in range(100):
            with open(f"big{n}", "wb") as file:
              for _ in range(16): written += file.write(b"x" * (1 << 20))
        except OSError: pass
        return written > 80 << 20
      """),
    EscapeProgram(
      "one huge file",
      """
      def attack():
        try:
          with open("big", "wb") as file: file.truncate(1 << 40)
        except OSError: return False
        return True
      """),
    EscapeProgram(
      "use up inodes",
      """
      def attack():
        count = 0
        try:
          while count < 100000:
            open(f"f{count}", "w").close()
            count += 1
        except OSError: pass
        return count > 5000
      """),
    EscapeProgram(
      "use up descriptors",
      """
      def attack():
        held = []
        try:
          while len(held) < 5000: held.append(os.pipe())
        except OSError: pass
        return len(held) > 64
      """),
    EscapeProgram(
      "print 10 GB",
      """
      text = "x" * (1 << 20)
      def attack():
        for _ in range(10240): print(text)
        return False
      """, [.passed, .timedOut]),
    EscapeProgram(
      "answer with 10 GB",
      "def attack(): return 'x' * (900 << 20)", [.failed, .timedOut]),
    EscapeProgram("print garbage", "def attack(): os.write(1, os.urandom(1 << 20)); return False"),
    EscapeProgram("loop without end", "def attack():\n  while True: pass", [.timedOut]),
    EscapeProgram("sleep without end", "def attack(): time.sleep(10 ** 6)", [.timedOut]),
    EscapeProgram(
      "ignore every signal and sleep",
      """
      def attack():
        for number in range(1, 65):
          try: signal.signal(number, signal.SIG_IGN)
          except (OSError, ValueError): pass
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True: time.sleep(1)
      """, [.timedOut]),
    EscapeProgram(
      "stop itself", "def attack(): os.kill(os.getpid(), signal.SIGSTOP); time.sleep(9)",
      [.timedOut]),
    EscapeProgram(
      "leave a daemon",
      """
      def attack():
        try:
          if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
              signal.signal(signal.SIGHUP, signal.SIG_IGN)
              os.execv("/bin/sleep", ["sleep", "9MARK"])
            os._exit(0)
        except OSError: pass
        time.sleep(0.1)
        return False
      """),
    EscapeProgram(
      "leave a hundred daemons in sessions of their own",
      """
      def attack():
        for _ in range(100):
          try: subprocess.Popen(["/bin/sleep", "9MARK"], start_new_session=True)
          except OSError: pass
        return False
      """),
    EscapeProgram("dump core", "def attack(): os.abort()", [.failed]),
    EscapeProgram("read address 0", "def attack(): ctypes.string_at(0)", [.failed]),
    EscapeProgram(
      "overflow the stack", "def attack():\n  sys.setrecursionlimit(10 ** 9)\n  return attack()",
      [.failed, .timedOut]),
    EscapeProgram(
      "compile a monster",
      "def attack(): return eval('(' * 90 + '1' + ')' * 90) != 1 or bool(eval('-' * 10 ** 6 + '1')) and False",
      [.passed, .failed, .timedOut]),
    EscapeProgram(
      "a regular expression without end",
      "import re\ndef attack(): return bool(re.match('(a+)+$', 'a' * 64 + 'b'))", [.timedOut]),
  ]
}
