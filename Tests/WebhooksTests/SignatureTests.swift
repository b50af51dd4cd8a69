import Reproducibility
import Testing
import Webhooks

@Suite struct SignatureTests {
  @Test("GitHub's own example of a signature")
  func vector() {
    let key = Array("It's a Secret to Everybody".utf8)
    let body = Array("Hello, World!".utf8)
    let code = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    #expect(KeyedDigest.hmac(body, key: key).hex == code)
    #expect(KeyedDigest.isValid(code[...], of: body, key: key))
    #expect(KeyedDigest.isValid(code.uppercased()[...], of: body, key: key))
    for place in [0, 31, 63] {
      var wrong = Array(code)
      wrong[place] = wrong[place] == "0" ? "1" : "0"
      #expect(!KeyedDigest.isValid(String(wrong)[...], of: body, key: key))
    }
    for wrong in ["", String(code.dropLast()), code + "0", String(repeating: "g", count: 64)] {
      #expect(!KeyedDigest.isValid(wrong[...], of: body, key: key))
    }
    #expect(!KeyedDigest.isValid(code[...], of: body + [0], key: key))
    #expect(!KeyedDigest.isValid(code[...], of: body, key: key + [0x20]))
  }

  @Test("secrets are equal or not")
  func equality() {
    #expect(KeyedDigest.areEqual([1, 2, 3], [1, 2, 3]))
    #expect(!KeyedDigest.areEqual([1, 2, 3], [1, 2, 4]))
    #expect(!KeyedDigest.areEqual([1, 2, 3], [1, 2]))
    #expect(KeyedDigest.areEqual([], []))
  }
}
