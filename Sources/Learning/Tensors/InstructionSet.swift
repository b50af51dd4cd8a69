private import CKernels

/// What the kernels are compiled for.
package enum InstructionSet: UInt32, Sendable, CaseIterable, Comparable {
  case base = 0
  case avx2 = 1
  case avx512 = 2
  case avx512bf16 = 3

  /// Those this CPU runs, slowest first.
  package static var available: [InstructionSet] {
    allCases.filter { orc_kernels_at(orc_level(rawValue: $0.rawValue)) != nil }
  }

  /// Whether this CPU multiplies bfloat16 in hardware, and faster than float32.
  package static var multipliesIn16Bits: Bool {
    orc_kernels_best()?.pointee.level.rawValue == avx512bf16.rawValue
  }

  package static func < (a: InstructionSet, b: InstructionSet) -> Bool { a.rawValue < b.rawValue }
}
