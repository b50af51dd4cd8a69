import Evaluation

/// A program that tries to get out of the sandbox, or to be taken for right.
///
/// `attack()` of the code returns true when it got out; the test is that it does not. `FOLDER`,
/// `HOME`, `PORT`, `PID`, `MARK` and `SECRET` stand for what ``EscapeGround`` holds.
struct EscapeProgram: Sendable {
  let name: String
  let code: String
  let test: String
  /// The verdicts that say that it was held.
  let expected: Set<CodeVerdict>
  /// Whether it gets out where there are no walls, which shows that the attack is one.
  let succeedsWithoutWalls: Bool

  init(
    _ name: String, _ code: String, test: String = "assert attack() is False",
    _ expected: Set<CodeVerdict> = [.passed], succeedsWithoutWalls: Bool = false
  ) {
    self.name = name
    self.code = code
    self.test = test
    self.expected = expected
    self.succeedsWithoutWalls = succeedsWithoutWalls
  }

  /// `attack()` is whether `expression` raises nothing and is not false.
  static func works(_ name: String, _ expression: String, withoutWalls: Bool = false)
    -> EscapeProgram
  {
    EscapeProgram(
      name, "def attack(): return works(lambda: \(expression))", succeedsWithoutWalls: withoutWalls)
  }

  /// `attack()` is whether the kernel carries out a system call: its name below, its arguments.
  static func call(_ name: String, _ arguments: String) -> EscapeProgram {
    let number = name.split(separator: " ")[0]
    return EscapeProgram(name, "def attack(): return call('\(number)', \(arguments)) >= 0")
  }

  static let all = files + kernel + network + resources + fakes

  /// Numbers of system calls on x86-64 and aarch64.
  static let preamble = """
    import ctypes, errno, os, platform, signal, socket, stat, subprocess, sys, time
    libc = ctypes.CDLL(None, use_errno=True)
    NUMBERS = dict(
      ptrace=(101, 117), process_vm_readv=(310, 270), mount=(165, 40), umount2=(166, 39),
      pivot_root=(155, 41), unshare=(272, 97), setns=(308, 268), clone=(56, 220), clone3=(435, 435),
      open_by_handle_at=(304, 265), name_to_handle_at=(303, 264), io_uring_setup=(425, 425),
      bpf=(321, 280), perf_event_open=(298, 241), add_key=(248, 217), keyctl=(250, 219),
      init_module=(175, 105), finit_module=(313, 273), kexec_load=(246, 104), reboot=(169, 142),
      userfaultfd=(323, 282), settimeofday=(164, 170), clock_settime=(227, 112),
      clock_adjtime=(305, 266), sethostname=(170, 161), swapon=(167, 224), syslog=(103, 116),
      personality=(135, 92), fanotify_init=(300, 262), inotify_init1=(294, 26), shmget=(29, 194),
      semget=(64, 190), msgget=(68, 186), mq_open=(240, 180), memfd_create=(319, 279),
      pidfd_open=(434, 434), fsopen=(430, 430), open_tree=(428, 428), seccomp=(317, 277),
      landlock_create_ruleset=(444, 444), quotactl=(179, 60), acct=(163, 89), vmsplice=(278, 75),
      rt_tgsigqueueinfo=(297, 240), kcmp=(312, 272), move_pages=(279, 239), vhangup=(153, 58),
      setpriority=(141, 140), lookup_dcookie=(212, 18))

    def call(name, *arguments):
      number = NUMBERS[name][platform.machine() == "aarch64"]
      return libc.syscall(ctypes.c_long(number), *[
        ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])

    def works(what):
      try:
        return what() is not False
      except Exception:
        return False

    def read(path):
      with open(path, "rb") as file: return bool(file.read(64))

    def put(path):
      with open(path, "wb") as file: file.write(b"x")

    """
}
