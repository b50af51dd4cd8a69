import CSandbox
import Testing

/// The filter of system calls, run by hand.
@Suite(.enabled(if: orc_sandbox_has_seccomp() == 1, "the kernel filters no system calls"))
struct SandboxFilterTests {
  enum Answer: Equatable {
    case allowed, killed
    case refused(UInt32)
  }

  #if arch(x86_64)
    static let architecture: UInt32 = 0xC000_003E
    static let numbers = (
      read: UInt32(0), ioctl: UInt32(16), socket: UInt32(41), socketpair: UInt32(53),
      clone: UInt32(56), kill: UInt32(62), ptrace: UInt32(101), prctl: UInt32(157),
      chmod: UInt32(268), sendto: UInt32(44), prlimit: UInt32(302), tgkill: UInt32(234)
    )
  #else
    static let architecture: UInt32 = 0xC000_00B7
    static let numbers = (
      read: UInt32(63), ioctl: UInt32(29), socket: UInt32(198), socketpair: UInt32(199),
      clone: UInt32(220), kill: UInt32(129), ptrace: UInt32(117), prctl: UInt32(167),
      chmod: UInt32(53), sendto: UInt32(206), prlimit: UInt32(261), tgkill: UInt32(131)
    )
  #endif

  /// What the filter answers to a call: the classic BPF machine, as far as the filter uses it.
  static func ask(
    _ number: UInt32, _ arguments: [UInt64] = [], architecture: UInt32 = architecture,
    namespaces: Bool = true
  ) -> Answer? {
    var code = [orc_sandbox_instruction](
      repeating: orc_sandbox_instruction(), count: Int(ORC_SANDBOX_FILTER_MAX))
    let count = Int(orc_sandbox_filter(&code, namespaces ? 1 : 0, 77))
    // struct seccomp_data: number, architecture, address of the call, six arguments.
    let padded = arguments + [UInt64](repeating: 0, count: 6 - arguments.count)
    var words: [UInt32] = [number, architecture, 0, 0]
    for argument in padded {
      words += [UInt32(truncatingIfNeeded: argument), UInt32(argument >> 32)]
    }
    var (at, register) = (0, UInt32(0))
    while at < count {
      let (step, operand) = (code[at], code[at].operand)
      at += 1
      switch step.code {
      case 0x20: register = words[Int(operand) / 4]
      case 0x15: at += Int(register == operand ? step.jump_true : step.jump_false)
      case 0x35: at += Int(register >= operand ? step.jump_true : step.jump_false)
      case 0x45: at += Int(register & operand != 0 ? step.jump_true : step.jump_false)
      case 0x06:
        switch operand & 0xFFFF_0000 {
        case 0x7FFF_0000: return .allowed
        case 0x8000_0000: return .killed
        case 0x0005_0000: return .refused(operand & 0xFFFF)
        default: return nil
        }
      default: return nil
      }
    }
    return nil
  }

  @Test("what is harmless is allowed, what is not is refused, other calling conventions are fatal")
  func answers() {
    let n = Self.numbers
    let (notPermitted, noTerminal, unknown) = (UInt32(1), UInt32(25), UInt32(38))
    #expect(Self.ask(n.read) == .allowed)
    #expect(Self.ask(n.ptrace) == .refused(notPermitted))
    #expect(Self.ask(n.socket, [2, 1]) == .refused(notPermitted))
    #expect(Self.ask(n.socket, [1, 1]) == .refused(notPermitted))
    #expect(Self.ask(n.socketpair, [1, 1]) == .allowed)
    #expect(Self.ask(n.socketpair, [1, 0x80801]) == .allowed)
    #expect(Self.ask(n.socketpair, [1, 2]) == .refused(notPermitted))
    #expect(Self.ask(n.socketpair, [30, 1]) == .refused(notPermitted))
    #expect(Self.ask(n.sendto, [3, 0, 1, 0, 0, 0]) == .allowed)
    #expect(Self.ask(n.sendto, [3, 0, 1, 0, 0, 16]) == .refused(notPermitted))
    #expect(Self.ask(n.prctl, [15]) == .allowed)
    #expect(Self.ask(n.prctl, [1]) == .refused(notPermitted))
    #expect(Self.ask(n.ioctl, [0, 0x541B]) == .allowed)
    #expect(Self.ask(n.ioctl, [0, 0x5412]) == .refused(noTerminal))
    #expect(Self.ask(n.prlimit, [0, 7]) == .allowed)
    #expect(Self.ask(n.prlimit, [5, 7]) == .refused(notPermitted))
    #expect(Self.ask(435) == .refused(unknown))
    #expect(Self.ask(9999) == .refused(unknown))
    #expect(Self.ask(n.read, architecture: 0x4000_0003) == .killed)
    #if arch(x86_64)
      #expect(Self.ask(0x4000_0000) == .killed)
    #endif
  }

  @Test("without namespaces there are no new processes, no changed modes, no signals to others")
  func alone() {
    let n = Self.numbers
    for bit in [
      0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ] {
      #expect(Self.ask(n.clone, [UInt64(bit) | 17]) == .refused(1), "\(bit)")
    }
    #expect(Self.ask(n.clone, [0x3D0F00]) == .allowed)
    #expect(Self.ask(n.clone, [0x3D0F00], namespaces: false) == .refused(1))
    #expect(Self.ask(n.chmod) == .allowed)
    #expect(Self.ask(n.chmod, namespaces: false) == .refused(1))
    for call in [n.kill, n.tgkill] {
      #expect(Self.ask(call, [78]) == .allowed)
      #expect(Self.ask(call, [77], namespaces: false) == .allowed)
      #expect(Self.ask(call, [78], namespaces: false) == .refused(1))
    }
  }

  @Test("every number has an answer, and what is allowed without namespaces is allowed with them")
  func total() {
    var allowed = 0
    for number in UInt32(0)..<600 {
      let (alone, shared) = (Self.ask(number, namespaces: false), Self.ask(number))
      #expect(alone != nil && shared != nil && alone != .killed)
      if alone == .allowed { #expect(shared == .allowed) }
      if shared == .allowed { allowed += 1 }
    }
    #expect((100...260).contains(allowed))
  }
}
