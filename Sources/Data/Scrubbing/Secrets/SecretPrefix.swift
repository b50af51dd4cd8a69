/// A token that its issuer marks by a prefix.
struct SecretPrefix: Sendable {
  enum Alphabet: Sendable {
    /// Capitals and digits.
    case upper
    case alphanumeric
    /// Letters, digits, `-`, `_`.
    case url
    /// Letters, digits, `-`, `_`, `.`, `=`, `+`, `/`.
    case wide
    case hex
  }

  let issuer: StaticString
  let prefix: StaticString
  let alphabet: Alphabet
  /// Characters behind the prefix.
  let lengths: ClosedRange<Int>

  init(
    _ issuer: StaticString, _ prefix: StaticString, _ alphabet: Alphabet,
    _ lengths: ClosedRange<Int>
  ) {
    self.issuer = issuer
    self.prefix = prefix
    self.alphabet = alphabet
    self.lengths = lengths
  }

  /// The end of the token that begins at `start`; nil when it is none.
  func end(_ text: ByteText, at start: Int) -> Int? {
    let size = prefix.utf8CodeUnitCount
    guard text.hasExactly(prefix, at: start) else { return nil }
    var index = start + size
    var digits = 0
    var letters = 0
    while index < text.count, holds(text[index]), index - start - size <= lengths.upperBound {
      if ByteText.isDigit(text[index]) { digits += 1 } else { letters += 1 }
      index += 1
    }
    while index > start, text[index - 1] == UInt8(ascii: ".") { index -= 1 }
    // A placeholder (`sk-XXXXXXXXXXXXXXXX`) has no digits.
    guard lengths.contains(index - start - size), digits > 0, letters > 0 || alphabet == .hex else {
      return nil
    }
    return index
  }

  private func holds(_ byte: UInt8) -> Bool {
    if ByteText.isDigit(byte) { return true }
    switch alphabet {
    case .upper: return ByteText.isUpper(byte)
    case .alphanumeric: return ByteText.isLetter(byte)
    case .hex: return ByteText.isHex(byte)
    case .url: return ByteText.isLetter(byte) || byte == 0x2D || byte == 0x5F
    case .wide:
      return ByteText.isLetter(byte) || byte == 0x2D || byte == 0x5F || byte == 0x2E || byte == 0x3D
        || byte == 0x2B || byte == 0x2F
    }
  }

  /// Published token formats: each issuer's own documentation.
  static let all: [SecretPrefix] = [
    SecretPrefix("AWS", "AKIA", .upper, 16...16), SecretPrefix("AWS", "ASIA", .upper, 16...16),
    SecretPrefix("AWS", "ABIA", .upper, 16...16), SecretPrefix("AWS", "ACCA", .upper, 16...16),
    SecretPrefix("AWS", "AROA", .upper, 16...17), SecretPrefix("AWS", "AIDA", .upper, 16...17),
    SecretPrefix("GitHub", "ghp_", .alphanumeric, 30...251),
    SecretPrefix("GitHub", "gho_", .alphanumeric, 30...251),
    SecretPrefix("GitHub", "ghu_", .alphanumeric, 30...251),
    SecretPrefix("GitHub", "ghs_", .alphanumeric, 30...251),
    SecretPrefix("GitHub", "ghr_", .alphanumeric, 30...251),
    SecretPrefix("GitHub", "github_pat_", .url, 40...240),
    SecretPrefix("GitLab", "glpat-", .wide, 20...64),
    SecretPrefix("GitLab", "gldt-", .url, 20...64),
    SecretPrefix("GitLab", "glrt-", .wide, 20...64),
    SecretPrefix("GitLab", "glptt-", .hex, 40...40),
    SecretPrefix("Slack", "xoxb-", .url, 20...120), SecretPrefix("Slack", "xoxp-", .url, 20...120),
    SecretPrefix("Slack", "xoxa-", .url, 20...120), SecretPrefix("Slack", "xoxr-", .url, 20...120),
    SecretPrefix("Slack", "xoxs-", .url, 20...120), SecretPrefix("Slack", "xoxe-", .wide, 20...220),
    SecretPrefix("Slack", "xapp-", .url, 20...140),
    SecretPrefix("Stripe", "sk_live_", .alphanumeric, 16...250),
    SecretPrefix("Stripe", "rk_live_", .alphanumeric, 16...250),
    SecretPrefix("Stripe", "sk_test_", .alphanumeric, 16...250),
    SecretPrefix("Stripe", "rk_test_", .alphanumeric, 16...250),
    SecretPrefix("Stripe", "whsec_", .wide, 24...120),
    SecretPrefix("Google", "AIza", .url, 35...35), SecretPrefix("Google", "ya29.", .wide, 30...250),
    SecretPrefix("Google", "GOCSPX-", .url, 28...28),
    SecretPrefix("Google", "1//0", .url, 30...120),
    SecretPrefix("Anthropic", "sk-ant-", .url, 24...200),
    SecretPrefix("OpenAI", "sk-proj-", .url, 20...220),
    SecretPrefix("OpenAI", "sk-svcacct-", .url, 20...220),
    SecretPrefix("OpenRouter", "sk-or-v1-", .hex, 64...64),
    SecretPrefix("OpenAI", "sk-", .url, 20...220),
    SecretPrefix("Hugging Face", "hf_", .alphanumeric, 30...44),
    SecretPrefix("SendGrid", "SG.", .wide, 60...72),
    SecretPrefix("npm", "npm_", .alphanumeric, 36...36),
    SecretPrefix("PyPI", "pypi-AgEI", .url, 50...250),
    SecretPrefix("RubyGems", "rubygems_", .hex, 48...48),
    SecretPrefix("Twilio", "SK", .hex, 32...32), SecretPrefix("Twilio", "AC", .hex, 32...32),
    SecretPrefix("Mailgun", "key-", .hex, 32...32),
    SecretPrefix("Mailchimp", "mailchimp-", .wide, 32...40),
    SecretPrefix("DigitalOcean", "dop_v1_", .hex, 64...64),
    SecretPrefix("DigitalOcean", "doo_v1_", .hex, 64...64),
    SecretPrefix("Shopify", "shpat_", .hex, 32...32),
    SecretPrefix("Shopify", "shpss_", .hex, 32...32),
    SecretPrefix("Shopify", "shpca_", .hex, 32...32),
    SecretPrefix("Shopify", "shppa_", .hex, 32...32),
    SecretPrefix("Square", "sq0atp-", .url, 22...22),
    SecretPrefix("Square", "sq0csp-", .url, 43...43),
    SecretPrefix("Square", "EAAA", .url, 60...64),
    SecretPrefix("Facebook", "EAACEdEose0cBA", .alphanumeric, 20...250),
    SecretPrefix("Telegram", "bot", .wide, 40...60),
    SecretPrefix("HashiCorp", "hvs.", .wide, 24...220),
    SecretPrefix("HashiCorp", "hvb.", .wide, 24...220),
    SecretPrefix("Databricks", "dapi", .hex, 32...34),
    SecretPrefix("Atlassian", "ATATT3", .wide, 60...250),
    SecretPrefix("Linear", "lin_api_", .alphanumeric, 40...40),
    SecretPrefix("Notion", "ntn_", .alphanumeric, 40...60),
    SecretPrefix("Notion", "secret_", .alphanumeric, 43...43),
    SecretPrefix("Figma", "figd_", .url, 40...60),
    SecretPrefix("Postman", "PMAK-", .url, 59...59),
    SecretPrefix("New Relic", "NRAK-", .upper, 27...27),
    SecretPrefix("Grafana", "glsa_", .url, 40...50),
    SecretPrefix("Grafana", "glc_", .wide, 32...250),
    SecretPrefix("Dropbox", "sl.", .wide, 100...250),
    SecretPrefix("Doppler", "dp.pt.", .alphanumeric, 40...44),
    SecretPrefix("Sentry", "sntrys_", .wide, 40...250),
    SecretPrefix("Fly.io", "fo1_", .url, 40...60),
    SecretPrefix("Supabase", "sbp_", .hex, 40...40),
    SecretPrefix("Vercel", "vercel_", .alphanumeric, 24...40),
    SecretPrefix("Replicate", "r8_", .alphanumeric, 37...37),
    SecretPrefix("Groq", "gsk_", .alphanumeric, 48...56),
    SecretPrefix("xAI", "xai-", .alphanumeric, 60...90),
    SecretPrefix("Perplexity", "pplx-", .alphanumeric, 40...60),
    SecretPrefix("Pulumi", "pul-", .hex, 40...40),
    SecretPrefix("Artifactory", "AKCp", .alphanumeric, 60...80),
    SecretPrefix("age", "AGE-SECRET-KEY-1", .upper, 58...58),
    SecretPrefix("Discord", "mfa.", .url, 80...95),
    SecretPrefix("Azure", "AccountKey=", .wide, 80...90),
    SecretPrefix("Airtable", "pat", .wide, 79...82),
  ]
}

extension ByteText {
  /// Whether `word` stands at `index` in just these letters.
  func hasExactly(_ word: StaticString, at index: Int) -> Bool {
    word.withUTF8Buffer { wanted in
      guard index >= 0, index + wanted.count <= count else { return false }
      for k in 0..<wanted.count where bytes[index + k] != wanted[k] { return false }
      return true
    }
  }
}
