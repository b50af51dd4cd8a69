import Curation
import Testing

@Suite struct ShinglerTests {
  static func jaccard(_ a: [String], _ b: [String], _ shingler: Shingler) -> Double {
    shingler.set(of: a).withUnsafeBufferPointer { x in
      shingler.set(of: b).withUnsafeBufferPointer { y in Shingler.jaccard(x, y) }
    }
  }

  @Test(
    "texts that differ in case, blanks and marks have the same words",
    arguments: [
      ("The quick, brown fox!", "the  QUICK brown\nfox"),
      ("Über ÄRGER – straße", "über ärger straße"),
      ("don't", "don t"),
      ("ПРИВЕТ, мир", "привет мир"),
      ("日本語、です。", "日本語です"),
      ("हिन्दी में", "हिन्दी  में!"),
    ])
  func normalised(_ a: String, _ b: String) {
    for size in [1, 2, 5] {
      #expect(Self.jaccard([a], [b], Shingler(.words, size: size)) == 1)
    }
  }

  @Test("sets hold one hash for each window of words, without repeats and in order")
  func counts() {
    let shingler = Shingler(.words, size: 2)
    #expect(shingler.set(of: ["a b c d"]).count == 3)
    #expect(shingler.set(of: ["a b a b a b"]).count == 2)
    #expect(shingler.set(of: ["one"]).count == 1)
    #expect(shingler.set(of: ["", "?!"]).isEmpty)
    #expect(shingler.set(of: ["a b", "c d"]).count == 2)
    let long = shingler.set(of: [(0..<3000).map { "w\($0)" }.joined(separator: " ")])
    #expect(long.count == 2999)
    #expect(long == long.sorted())
  }

  @Test("the similarity of sets is the share of windows in common")
  func similarity() {
    let shingler = Shingler(.words, size: 1)
    #expect(Self.jaccard(["a b c d"], ["a b c e"], shingler) == 0.6)
    #expect(Self.jaccard(["a"], ["b"], shingler) == 0)
    let characters = Shingler(.characters, size: 2)
    #expect(Self.jaccard(["Ab  c"], ["aB c"], characters) == 1)
    #expect(Self.jaccard(["abc"], ["abd"], characters) == 1.0 / 3)
    #expect(Self.jaccard(["a, b"], ["a b"], characters) == 0.25)
  }

  @Test("scripts without spaces are compared by characters")
  func unspaced() {
    let shingler = Shingler(.words, size: 2)
    #expect(shingler.set(of: ["日本語です"]).count == 4)
    #expect(shingler.set(of: ["ภาษาไทย"]).count == 6)
  }

  @Test("digits and accents are left out of account on request")
  func normalisation() {
    func same(_ a: String, _ b: String, _ normalisation: Normalisation) -> Bool {
      Self.jaccard([a], [b], Shingler(.words, size: 2, normalisation)) == 1
    }
    #expect(same("Room 12 of 30", "room 34 of 99", Normalisation(digits: .zero)))
    #expect(!same("room 12 of 30", "room 34 of 99", Normalisation()))
    #expect(!same("Room one", "room one", Normalisation(lowercase: false)))
    #expect(same("Café crème", "cafe creme", Normalisation(accents: .strip)))
    #expect(same("cafe\u{301} noir", "cafe noir", Normalisation(accents: .strip)))
    #expect(same("한국어 말", "한국어 말", Normalisation(accents: .strip)))
    #expect(!same("한국어 말", "한국 말", Normalisation(accents: .strip)))
    #expect(!same("café noir", "cafe noir", Normalisation()))
  }
}
