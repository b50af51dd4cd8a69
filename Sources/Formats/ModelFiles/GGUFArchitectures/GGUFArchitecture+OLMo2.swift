extension GGUFArchitecture {
  static let olmo2: GGUFArchitecture = {
    var olmo2 = GGUFArchitecture("olmo2", "olmo2")
    olmo2.headsFillWidth = true
    olmo2.isNeverTied = true
    return olmo2
  }()
}
