import Reports
import Testing

@Suite struct SecretMaskTests {
  @Test("values of variables that look like secrets are masked, others are not")
  func mask() {
    let mask = SecretMask(environment: [
      "GITHUB_TOKEN": "ghp_abcdef123456", "DB_PASSWORD": "hunter2hunter2", "API_KEY": "short",
      "HOME": "/home/somebody", "LONG_TOKEN": "ghp_abcdef123456-and-more",
    ])
    #expect(
      mask.masked("a ghp_abcdef123456 b hunter2hunter2 c short /home/somebody")
        == "a *** b *** c short /home/somebody")
    #expect(mask.masked("ghp_abcdef123456-and-more") == "***")
  }
}
