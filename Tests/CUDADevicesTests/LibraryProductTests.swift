import BackendConformance
import CUDADevices
import EmulatedCards
import Foundation
import Parallelism
import Tensors
import Testing

/// The way of products through a vendor's library: layouts, transpositions, strides and rounding, with
/// a library of plain loops in the place of cuBLAS.
@Suite struct LibraryProductTests {
  private struct Loops: ProductLibrary {
    func multiply(_ p: LibraryProduct) throws {
      func value(_ operand: LibraryProduct.Operand, _ row: Int, _ column: Int) -> Double {
        let (i, j) = operand.isTransposed ? (column, row) : (row, column)
        let index = i * operand.stride + j
        switch p.element {
        case .float32: return Double(Self.pointer(operand.address, Float.self)[index])
        case .bfloat16:
          let bits = UInt32(Self.pointer(operand.address, UInt16.self)[index]) << 16
          return Double(Float(bitPattern: bits))
        }
      }
      let c = Self.pointer(p.c, Float.self)
      for i in 0..<p.rows {
        for j in 0..<p.columns {
          let sum = (0..<p.depth).reduce(0) { $0 + value(p.a, i, $1) * value(p.b, $1, j) }
          let at = i * p.cStride + j
          c[at] = Float(Double(p.alpha) * sum + (p.beta == 0 ? 0 : Double(p.beta * c[at])))
        }
      }
    }

    private static func pointer<Value>(_ address: UInt64, _ type: Value.Type)
      -> UnsafeMutablePointer<Value>
    {
      guard let pointer = UnsafeMutablePointer<Value>(bitPattern: UInt(address)) else {
        preconditionFailure("an operand has an address")
      }
      return pointer
    }
  }

  private static let cases = ConformanceCase.all.filter {
    $0.name.contains("product")
      || $0.name.contains("weights in")
  }

  @Test("in float32", arguments: cases)
  func float(_ example: ConformanceCase) throws {
    let backend = try CUDABackend(
      EmulatedDevice(library: Loops()), pool: ThreadPool(threads: 1))
    #expect(try example.problems(backend, BackendTraits()) == [])
  }

  @Test("weights that are expanded a piece at a time", arguments: cases)
  func pieces(_ example: ConformanceCase) throws {
    for products in [ProductPrecision.float32, .bfloat16] {
      // A few rows of most weights.
      let backend = try CUDABackend(
        EmulatedDevice(library: Loops()), pool: ThreadPool(threads: 1), products: products,
        expansionCells: 600)
      #expect(
        try example.problems(backend, products == .bfloat16 ? .roundedCard : BackendTraits())
          == [])
    }
  }

  @Test("in bfloat16", arguments: cases)
  func half(_ example: ConformanceCase) throws {
    let backend = try CUDABackend(
      EmulatedDevice(library: Loops()), pool: ThreadPool(threads: 1), products: .bfloat16)
    #expect(try example.problems(backend, .roundedCard) == [])
  }
}
