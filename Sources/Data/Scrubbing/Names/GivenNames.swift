/// Given names in small letters without accents, a file for each part of the world; a name that
/// several parts share is listed once.
///
/// Written down from general knowledge of each language's calendar of names and of the tables of
/// frequent names that statistics offices publish; the American ones from the census of 1990.
enum GivenNames {}

extension GivenNames {
  /// What invented names are drawn from.
  static let list = unitedStates + "\n" + british

  /// By ``WordHash``, for pseudonyms: whether a word alone is a given name.
  static let hashes = WordHash.set(
    [
      german, french, dutch, spanish, italian, portuguese, westSlavic, nordic, easternEurope,
      middleEast, southAsia, asiaAfrica, british, unitedStates,
    ].joined(separator: "\n"))
}
