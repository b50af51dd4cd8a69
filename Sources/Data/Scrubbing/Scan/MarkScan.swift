internal import CKernels

/// The marks and cues of one text: see `orc_pii.h`. Buffers are kept from text to text.
struct MarkScan: ~Copyable {
  private(set) var marks: UnsafeMutableBufferPointer<orc_pii_mark>
  private(set) var cues: UnsafeMutableBufferPointer<orc_pii_cue>
  private(set) var markCount = 0
  private(set) var cueCount = 0

  init() {
    marks = .allocate(capacity: 512)
    cues = .allocate(capacity: 256)
  }

  deinit {
    marks.deallocate()
    cues.deallocate()
  }

  /// - Precondition: fewer than 2^32 bytes.
  mutating func scan(_ text: ByteText, _ table: CueTable) {
    var state = orc_pii_state()
    var kernelTable = table.table
    while true {
      let isDone = orc_pii_scan(
        text.bytes.baseAddress, text.count, &kernelTable, &state, marks.baseAddress,
        UInt32(marks.count), cues.baseAddress, UInt32(cues.count))
      markCount = Int(state.mark_count)
      cueCount = Int(state.cue_count)
      if isDone == 1 { return }
      makeRoom()
    }
  }

  /// The same, and the words of the text, read in one pass.
  mutating func scan(_ text: ByteText, _ table: CueTable, _ words: inout WordCut) -> TextWords {
    var state = orc_pii_state()
    var cut = orc_pii_cut_start()
    var kernelTable = table.table
    var lists = WordTable.shared.lists
    while true {
      let isDone = orc_pii_read(
        text.bytes.baseAddress, text.count, &kernelTable, &lists, &state, &cut, marks.baseAddress,
        UInt32(marks.count), cues.baseAddress, UInt32(cues.count), words.words.baseAddress,
        words.words.count)
      markCount = Int(state.mark_count)
      cueCount = Int(state.cue_count)
      if isDone == 1 { return words.settled(text, &cut) }
      makeRoom()
      if cut.words == words.words.count { words.words.grow(used: cut.words) }
    }
  }

  private mutating func makeRoom() {
    if markCount + 8 > marks.count { marks.grow(used: markCount) }
    if cueCount + 8 > cues.count { cues.grow(used: cueCount) }
  }
}
