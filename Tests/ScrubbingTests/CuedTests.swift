import Scrubbing
import Testing

@Suite struct CuedTests {
  @Test(
    "dates are dates of birth behind a word of birth alone",
    arguments: [
      "born ⟦12/03/1980⟧", "DOB: ⟦1980-03-12⟧, seen on 2024-01-02", "geb. ⟦3. März 1980⟧ in Ulm",
      "né(e) le ⟦1er mai 1980⟧", "fecha de nacimiento: ⟦3 de marzo de 1980⟧", "nato il ⟦3/4/81⟧",
      "जन्म तिथि ⟦12 मार्च 1980⟧", "Birthday: ⟦March 3, 1980⟧.", "ur. ⟦03.04.1980⟧", "född ⟦1980-03-04⟧",
      "{\"dateOfBirth\": \"⟦1980-03-04⟧\"}", "⟦12/03/1980⟧ (DOB)", "signed on 12/03/1980",
      "(17, 'Ann Poe', 'ann@example.com', '⟦1975-10-05⟧')", "ann@example.com;⟦5 mai 1975⟧;Köln",
      "(17, 'ann@example.com', '2024-10-05')", "(17, 'Ann Poe', '1975-10-05')",
      "mail ann@example.com before 1975-10-05 or so", "born to run 24/7",
      "data de nascimento ⟦04-03-1980⟧", "geboren ⟦19800304⟧",
      "id,name,dob\n1,Bo,⟦1980-03-04⟧\n2,Al,⟦1981-03-04⟧",
    ])
  func dateOfBirth(marked: String) { RecognizerTests.check(.dateOfBirth, marked) }

  @Test("every date is found when dates are asked for")
  func dateTime() {
    RecognizerTests.check(.dateTime, "on ⟦12/03/1980⟧ or ⟦3 March 1981⟧")
    #expect(!Entity.standard.contains(.dateTime) && Entity.known.contains(.dateTime))
  }

  @Test(
    "passports and records behind their words",
    arguments: [
      (Entity.passport, "paspoort ⟦SP3H0F4C2⟧"), (.passport, "passeport n° ⟦12AB34567⟧"),
      (.medicalID, "MRN ⟦12345678⟧, seen"), (.medicalID, "Hospital number: ⟦P-123456⟧."),
      (.medicalID, "dossier ⟦123-4567⟧"), (.medicalID, "Voir le dossier CASE-2376075"),
      (.passport, "passport control at 10:30"), (.medicalID, "dossier du 12/03/2024"),
      (.nationalID, "Government ID on file: ⟦77 1234 999⟧"), (.nationalID, "order id 12345678"),
      (.nationalID, "id: 12345678"),
    ])
  func documents(entity: Entity, marked: String) { RecognizerTests.check(entity, marked) }

  @Test(
    "secrets by form and behind words",
    arguments: [
      "key ⟦AKIAIOSFODNN7EXAMPL2⟧", "⟦ghp_16C7e42F292c6912E7710c838347Ae178B4a⟧",
      "Bearer ⟦abcDEF123456_-.xyzXYZ7890⟧",
      "AWS_SECRET_ACCESS_KEY=⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
      "⟦postgres://app:s3cr3tPass@db.example.net:5432/prod⟧", "password is ⟦Sommer2024!⟧",
      "Mein Passwort lautet ⟦Geheim#12⟧, bitte", "mot de passe : ⟦Bonjour1!⟧",
      "\"password\": \"⟦hunter22⟧\"",
      "the wifi pw is ⟦Monkey1234#⟧ and the router", "contraseña: ⟦Abc123!x⟧",
      "⟦-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----⟧",
      "⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P⟧",
      "use YOUR_API_KEY here", "password: ${DB_PASSWORD}", "sk-XXXXXXXXXXXXXXXX",
      "password: required",
      "<your-token-here>", "the key point is that", "token expired",
      "commit 3f786850e387550fdab836ed7e6dc881de23001b",
      "password: ***REDACTED***", "pass the salt", "basic plan",
    ])
  func secrets(marked: String) { RecognizerTests.check(.secret, marked) }

  @Test("user names behind their words")
  func userNames() {
    RecognizerTests.check(.username, "username: ⟦ann.lee_7⟧, twitter ⟦@annlee⟧, user=⟦jdoe⟧ x")
    RecognizerTests.check(.username, "user=a@b.org username: null, the user said")
  }

  @Test("wallets by their checksums")
  func wallets() {
    RecognizerTests.check(
      .crypto,
      "⟦bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4⟧ bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")
    RecognizerTests.check(
      .crypto, "⟦bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0⟧")
  }
}
