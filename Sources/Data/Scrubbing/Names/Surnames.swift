/// Family names in small letters without accents, a file for each part of the world; a name that
/// several parts share is listed once. Names that ``SurnameEndings`` covers need no listing.
///
/// Written down from general knowledge and from the tables of frequent names that statistics offices
/// publish; the American ones from the census of 1990.
enum Surnames {}

extension Surnames {
  /// What invented names are drawn from.
  static let list = unitedStates
}
