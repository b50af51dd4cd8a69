import Evaluation

extension EscapeProgram {
  static let files: [EscapeProgram] = [
    .works("write beside the user's files", "put('FOLDER/written')", withoutWalls: true),
    .works("write into /etc", "put('/etc/orchestrate-MARK')"),
    .works("write into /usr", "put('/usr/orchestrate-MARK')"),
    .works("write over the interpreter", "open(sys.executable, 'r+b').close()"),
    .works("write into the root", "put('/orchestrate-MARK')"),
    .works("read /etc/shadow", "read('/etc/shadow')"),
    .works("read a file of the user", "read('FOLDER/secret')", withoutWalls: true),
    .works(
      "read the home folder",
      "any(works(lambda: read('HOME/' + n)) for n in ('.bashrc', '.profile', '.netrc', '.gitconfig'))"
    ),
    .works(
      "read ssh keys", "any(read('HOME/.ssh/' + n) for n in ('id_rsa', 'id_ed25519')) or False"),
    .works("list the folder of tests", "os.listdir('FOLDER')", withoutWalls: true),
    .works("climb with ..", "read('../../../../../../..FOLDER/secret')", withoutWalls: true),
    .works(
      "read through a symlink", "(os.symlink('FOLDER/secret', 'link'), read('link'))[1]"),
    .works(
      "link a file of the user", "os.link('FOLDER/secret', 'FOLDER/linked')", withoutWalls: true),
    .works("rename a file of the user", "os.rename('FOLDER/other', 'FOLDER/another')"),
    .works("delete a file of the user", "os.unlink('FOLDER/gone')", withoutWalls: true),
    .works("truncate a file of the user", "os.truncate('FOLDER/secret', 0)"),
    .works(
      "open a file of the user for reading and truncation",
      "os.open('FOLDER/secret', os.O_RDONLY | os.O_TRUNC)"),
    .works("change the mode of a file of the user", "os.chmod('FOLDER/secret', 0o777)"),
    .works("change times of a file of the user", "os.utime('FOLDER/secret', (0, 0))"),
    .works(
      "read through /proc/PID/root",
      "any(works(lambda: read(f'/proc/{p}/rootFOLDER/secret')) for p in ('1', 'self', 'PID'))"),
    .works(
      "reopen inherited descriptors through /proc/self/fd",
      "any(works(lambda: os.open(f'/proc/self/fd/{n}', os.O_RDONLY)) for n in range(3, 1000))"),
    EscapeProgram(
      "use inherited descriptors",
      """
      def attack():
        for n in range(4, 2000):
          try: os.fstat(n)
          except OSError: continue
          return True
        return any(not stat.S_ISCHR(os.fstat(n).st_mode) for n in range(3))
      """),
    EscapeProgram(
      "climb out of a chroot",
      """
      def attack():
        try:
          os.mkdir("d")
          os.chroot("d")
        except OSError: return False
        for _ in range(64): os.chdir("..")
        os.chroot(".")
        return os.path.exists("FOLDER/secret")
      """),
    .works("make a device node", "os.mknod('disk', stat.S_IFBLK | 0o600, os.makedev(254, 0))"),
    .works("make a character device", "os.mknod('mem', stat.S_IFCHR | 0o600, os.makedev(1, 1))"),
    .works("open /dev/mem", "read('/dev/mem')"),
    .works(
      "open disks",
      "any(works(lambda: read('/dev/' + n)) for n in ('sda', 'vda', 'nvme0n1', 'xvda', 'loop0'))"),
    EscapeProgram(
      "run a copy with the setuid bit",
      """
      def attack():
        import shutil
        before = os.geteuid()
        try:
          shutil.copy("/usr/bin/id", "id")
          os.chmod("id", 0o6755)
          out = subprocess.run(["./id", "-u"], capture_output=True).stdout
        except OSError: return False
        return out.strip() == b"0"
      """),
    .works(
      "run su",
      "subprocess.run(['/bin/su', '-c', 'id -u'], capture_output=True).stdout.strip() == b'0'"),
    .works("become root", "os.setuid(0)"),
    .works("become another user", "os.setresuid(1, 1, 1)"),
    .call(
      "name_to_handle_at of the root",
      "-100, b'/', ctypes.create_string_buffer(b'\\x80\\0\\0\\0' + b'\\0' * 200), "
        + "ctypes.byref(ctypes.c_int()), 0"),
    .call(
      "open_by_handle_at",
      "-100, ctypes.create_string_buffer(b'\\x08\\0\\0\\0\\1\\0\\0\\0' + b'\\2' * 8), 0"),
    .works("read the kernel's log", "read('/dev/kmsg') or read('/proc/kmsg')"),
    .works(
      "look at other processes", "any(n.isdigit() for n in os.listdir('/proc'))", withoutWalls: true
    ),
    .works(
      "get at a cgroup",
      "os.listdir('/sys/fs/cgroup') and put('/sys/fs/cgroup/cgroup.procs')"),
    .works(
      "put a file where the host's /dev/shm is",
      "(put('/dev/shm/MARK'), os.path.exists('FOLDER'))[1]", withoutWalls: true),
    .works(
      "find secrets in the environment",
      "'SECRET' in str(os.environ) or read('/proc/self/environ') or read('/proc/1/environ')"),
  ]
}
