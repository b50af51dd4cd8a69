/// Endings of family names, and of words that are none.
enum SurnameEndings {
  /// Of family names, by what is typical of a language; a word must be longer by two letters.
  static let names = WordEndings(
    """
    ski ska sky skyi skaya skaja wicz vic vich vych icz czyk czak czuk chuk enko enka ovich evich
    owicz ewicz ova eva ov ev yev yeva ova aite iene auskas inskas opoulos opoulou akis idis iadis
    adis oglu zade zadeh yan ian dze shvili sson sen dottir datter qvist quist gren strom berg
    burger mann stein bauer meier meyer maier mayer huber hofer muller schmidt wirth inger
    ingen kamp sma stra inga veld veld huis hoven man mans ssens ssen aert aerts ini oni etti elli
    ello ucci acci azzi ezzo uzzi ucci ari aldi ardi ardo ieri iere andez endez inez alez ellez
    ares eiro eira inho escu eanu iceanu vici nen inen lainen wala walla wal kar jee pathy swamy
    murthy natha rathna singh preet moto mura yama gawa kawa shima saki zaki bayashi hashi naka
    ford ton ley worth well field wood stone more land son by thwaite bury borough kin kins
    """)

  /// Of German nouns.
  static let germanNouns = WordEndings(
    """
    ung ungen heit heiten keit schaft tion tionen tat nis nisse ment tum ismus anz enz
    """)
}

extension TextWord {
  /// Whether the word ends as family names do and no list knows it as something else.
  var hasSurnameEnding: Bool {
    guard shape == .capitalised || shape == .upper, letters >= 5 else { return false }
    if hasHyphen, !lastClasses.isDisjoint(with: .surname) { return true }
    if self.is([.common, .place, .organisation, .product, .calendar, .streetSuffix]) {
      return false
    }
    return SurnameEndings.names.end(self, stem: 2)
  }

  /// Whether the word ends as many German nouns do.
  var hasNounEnding: Bool {
    letters >= 6 && SurnameEndings.germanNouns.end(self, stem: 1)
  }
}
