/// A vocabulary of whole pieces; any other piece is the unknown token.
struct WordLevelModel: Sendable {
  let table: ByteStringTable
  let unknown: Int32

  func encode(_ piece: Bytes) -> Int32 {
    let id = table.find(piece)
    return id < 0 ? unknown : id
  }
}
