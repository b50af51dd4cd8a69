import Evaluation

extension EscapeProgram {
  static let network: [EscapeProgram] = [
    .works(
      "connect by TCP", "socket.create_connection(('127.0.0.1', PORT), 1)", withoutWalls: true),
    .works(
      "send by UDP",
      "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))",
      withoutWalls: true),
    .works("connect by IPv6", "socket.socket(socket.AF_INET6).connect(('::1', PORT))"),
    .works(
      "connect to a Unix socket", "socket.socket(socket.AF_UNIX).connect('FOLDER/socket')",
      withoutWalls: true),
    .works(
      "connect to an abstract socket", "socket.socket(socket.AF_UNIX).connect('\\x00MARK')",
      withoutWalls: true),
    .works(
      "send from a pair to an abstract socket",
      "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b'x', '\\x00MARK-datagrams')",
      withoutWalls: true),
    .works(
      "listen for TCP", "(lambda s: (s.bind(('', 0)), s.listen()))(socket.socket())",
      withoutWalls: true),
    .works("open a raw socket", "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)"),
    .works("open a packet socket", "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    .works(
      "open a netlink socket", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
      withoutWalls: true),
    .works("open a socket of virtual machines", "socket.socket(40, socket.SOCK_STREAM)"),
    .works("open a socket of the kernel's ciphers", "socket.socket(38, socket.SOCK_SEQPACKET)"),
    .works("resolve a name", "socket.getaddrinfo('example.org', 80)"),
    EscapeProgram(
      "pass a descriptor over the link",
      """
      def attack():
        link = socket.socket(fileno=os.dup(3))
        socket.send_fds(link, [b"x"], [0])
        return False
      """, [.failed, .timedOut, .passed]),
  ]
}
