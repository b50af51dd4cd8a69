/// Two words that read as a name and are a brand, a product or a place.
enum FamousPairs {
  static let hashes: Set<UInt64> = Set(
    list.split(separator: "\n").map { line in
      let words = line.split(separator: " ").map { FoldedHash.of($0) }
      return words[0] &* 31 &+ words[1]
    })

  private static let list = """
    calvin klein
    jack daniel
    jack daniels
    ada lovelace
    tommy hilfiger
    louis vuitton
    harley davidson
    johnnie walker
    ralph lauren
    hugo boss
    marks spencer
    georgia tech
    austin texas
    paris france
    grace hopper
    wells fargo
    morgan stanley
    florence italy
    jackson mississippi
    charlotte north
    ben jerry
    travis ci
    jordan river
    max planck
    giorgio armani
    yves saint
    christian dior
    michael kors
    kate spade
    jimmy choo
    paul smith
    ted baker
    tom ford
    oscar mayer
    mary kay
    betty crocker
    jim beam
    captain morgan
    don julio
    jose cuervo
    dr pepper
    ernst young
    rolls royce
    aston martin
    land rover
    alfa romeo
    mercedes benz
    charles schwab
    merrill lynch
    lloyd bank
    virgin mary
    saint laurent
    santa claus
    uncle sam
    murphy law
    james bond
    harry potter
    star wars
    victoria secret
    victoria station
    victoria falls
    victoria line
    victoria street
    virginia beach
    virginia tech
    florence nightingale
    martin luther
    john deere
    apollo mission
    monte carlo
    prince george
    hong kong
    val thorens
    spring boot
    jupyter notebook
    hugging face
    """
}
