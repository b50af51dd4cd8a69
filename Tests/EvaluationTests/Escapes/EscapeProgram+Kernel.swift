import Evaluation

extension EscapeProgram {
  static let kernel: [EscapeProgram] = [
    .call("ptrace the parent", "16, os.getppid() or 1, 0, 0"),
    .call("ptrace the tests", "16, PID, 0, 0"),
    .call(
      "process_vm_readv of the tests",
      "PID, (ctypes.c_long * 2)(0, 0), 1, (ctypes.c_long * 2)(4096, 8), 1, 0"),
    .call("mount proc", "b'proc', b'/tmp', b'proc', 0, None"),
    .call("mount a bind", "b'/', b'/tmp', None, 4096, None"),
    .call("mount writable again", "None, b'/usr', None, 4096 | 32, None"),
    .call("umount2 the working folder", "b'/tmp', 2"),
    .call("pivot_root", "b'.', b'.'"),
    .call("fsopen", "b'tmpfs', 0"),
    .call("open_tree", "-100, b'/', 1"),
    .call("unshare a user namespace", "0x10000000"),
    .call("unshare a mount namespace", "0x20000"),
    .call("clone into a user namespace", "0x10000000 | 17, 0, 0, 0, 0"),
    .call("clone3 into a user namespace", "(ctypes.c_long * 8)(0x10000000, 0, 0, 0, 17), 64"),
    .call("setns", "0, 0"),
    .call("io_uring_setup", "8, ctypes.create_string_buffer(120)"),
    .call(
      "bpf", "0, ctypes.create_string_buffer(b'\\2\\0\\0\\0\\4\\0\\0\\0\\4\\0\\0\\0\\1', 72), 72"),
    .call(
      "perf_event_open", "ctypes.create_string_buffer(b'\\1\\0\\0\\0\\x70', 112), 0, -1, -1, 0"),
    .call("add_key", "b'user', b'k', b'v', 1, -3"),
    .call("keyctl", "0, -3, 1"),
    .call("init_module", "b'x', 1, b''"),
    .call("finit_module", "0, b'', 0"),
    .call("kexec_load", "0, 0, None, 0"),
    // CAD off: harmless where it works.
    .call("reboot", "0xfee1dead, 672274793, 0, None"),
    .call("userfaultfd", "1"),
    .call("settimeofday", "(ctypes.c_long * 2)(int(time.time()), 0), None"),
    .call("clock_settime", "0, (ctypes.c_long * 2)(int(time.time()), 0)"),
    .call("clock_adjtime", "0, ctypes.create_string_buffer(208)"),
    .call("sethostname", "b'escaped', 7"),
    .call("swapon", "b'/tmp/none', 0"),
    .call("syslog", "3, ctypes.create_string_buffer(64), 64"),
    .call("personality without address randomness", "0x0040000"),
    .call("fanotify_init", "0, 0"),
    .call("inotify_init1", "0"),
    .call("shmget", "0x4F52, 4096, 0o1600"),
    .call("semget", "0x4F52, 1, 0o1600"),
    .call("msgget", "0x4F52, 0o1600"),
    .call("mq_open", "b'orchestrate-MARK', 0o102, 0o600, None"),
    .call("memfd_create", "b'x', 0"),
    .call("pidfd_open", "os.getpid(), 0"),
    .call("kcmp", "os.getpid(), os.getpid(), 1, 0, 0"),
    .call("seccomp with a filter of its own", "0, 0, None"),
    .call("landlock_create_ruleset", "None, 0, 1"),
    .call("quotactl", "0x800007, None, 0, None"),
    .call("acct", "b'/tmp/acct'"),
    .call("vmsplice", "1, None, 0, 0"),
    .call("rt_tgsigqueueinfo", "os.getpid(), os.getpid(), 0, ctypes.create_string_buffer(128)"),
    .works("set an uncaught death signal", "libc.prctl(1, 0, 0, 0, 0) == 0"),
    .works("become dumpable", "libc.prctl(4, 1, 0, 0, 0) == 0"),
    .works("keep capabilities", "libc.prctl(8, 1, 0, 0, 0) == 0"),
    .works(
      "a system call of the x32 kind",
      "libc.syscall(ctypes.c_long(0x40000000 + 39)) > 0"
    ).expecting([.failed, .passed]),
    EscapeProgram(
      "enter the kernel by int 0x80",
      """
      def attack():
        if platform.machine() != "x86_64": return False
        import mmap
        code = mmap.mmap(-1, 4096, prot=7)
        code.write(bytes.fromhex("b814000000cd80c3"))
        address = ctypes.addressof(ctypes.c_char.from_buffer(code))
        return ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0
      """, [.failed, .passed]),
    .works("type into the terminal", "__import__('fcntl').ioctl(0, 0x5412, b'x')"),
    .works("open the terminal", "os.open('/dev/tty', os.O_RDWR)"),
    .works("open a new terminal", "os.openpty()"),
    .works(
      "raise a limit",
      "__import__('resource').setrlimit(7, (1 << 16, 1 << 16))"),
    .works(
      "set limits of another process",
      "__import__('resource').prlimit(PID, 7, (64, 64))"),
    .works("go before others", "os.nice(-5)"),
    .works("kill the tests", "(os.kill(PID, 0), os.kill(PID, 9))"),
    .works("kill the parent", "os.kill(os.getppid() or PID, 9)"),
    EscapeProgram(
      "kill everything",
      """
      def attack():
        for target in (-1, 0):
          try: os.kill(target, signal.SIGTERM)
          except OSError: pass
        return False
      """, [.passed, .failed]),
    EscapeProgram(
      "signal every number",
      """
      def attack():
        hit = 0
        for pid in set(range(1, 70000)) - {os.getpid()}:
          try: os.kill(pid, 0); hit += 1
          except OSError: pass
        return hit > 0
      """),
  ]

  func expecting(_ verdicts: Set<CodeVerdict>) -> EscapeProgram {
    EscapeProgram(name, code, test: test, verdicts, succeedsWithoutWalls: succeedsWithoutWalls)
  }
}
