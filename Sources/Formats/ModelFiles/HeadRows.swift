/// The order of rows within a head: Hugging Face rotates halves, llama.cpp's `llama` architecture
/// neighbours, so query and key rows change places (reshape [heads, 2, D/2] ↔ [heads, D/2, 2]).
enum HeadRows {
  /// Hugging Face's order to llama.cpp's: row j + s·D/2 of a head becomes row 2j + s.
  ///
  /// - Parameters:
  ///   - values: rows × columns, row-major; columns is 1 for a bias.
  ///   - headSize: D, even; divides `rows`.
  static func interleaved(_ values: [Float], rows: Int, headSize: Int) -> [Float] {
    moved(values, rows: rows, headSize: headSize) { row, half in (row % half) * 2 + row / half }
  }

  /// llama.cpp's order to Hugging Face's.
  static func halved(_ values: [Float], rows: Int, headSize: Int) -> [Float] {
    moved(values, rows: rows, headSize: headSize) { row, half in row / 2 + (row % 2) * half }
  }

  /// The row in llama.cpp's order of what is row `row` in Hugging Face's.
  static func interleaved(_ row: Int, headSize: Int) -> Int {
    let within = row % headSize
    return row - within + (within % (headSize / 2)) * 2 + within / (headSize / 2)
  }

  /// The row in Hugging Face's order of what is row `row` in llama.cpp's.
  static func stored(_ row: Int, headSize: Int) -> Int {
    let within = row % headSize
    return row - within + within / 2 + within % 2 * (headSize / 2)
  }

  /// - Parameter place: the new row within the head, from the old row and D / 2.
  private static func moved(
    _ values: [Float], rows: Int, headSize: Int, _ place: (Int, Int) -> Int
  ) -> [Float] {
    precondition(headSize % 2 == 0 && rows % headSize == 0 && values.count % rows == 0)
    let columns = values.count / rows
    return [Float](unsafeUninitializedCapacity: values.count) { out, count in
      count = values.count
      values.withUnsafeBufferPointer { values in
        for row in 0..<rows {
          let head = row / headSize * headSize
          let target = (head + place(row % headSize, headSize / 2)) * columns
          let source = UnsafeBufferPointer(
            rebasing: values[row * columns..<(row + 1) * columns])
          _ = UnsafeMutableBufferPointer(rebasing: out[target..<target + columns])
            .initialize(fromContentsOf: source)
        }
      }
    }
  }
}
