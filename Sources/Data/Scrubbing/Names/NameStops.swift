/// Capitalised words that are no names, so that a run of capitalised words ends before them.
enum NameStops {
  static let hashes = WordHash.set(list)

  static let list = """
    a about account accounts action after again agent all also although an and annual any app apple
    application are as asap at attention back bank because been before best billing both branch but by
    call can card case center centre city client clinic club com company contact contract corp could
    country county court customer customers customerservice data date day dear default delivery
    department desk details device did do does doctor doing done each email en error escalation every
    feedback file first flight for forward from full further gateway gmbh good group ha had happy has
    have having he hello help her here hey hi high his hospital hotel how hr i if in inc info internet
    invoice invoices is issue it item its just kind kindly last late later let like limited line linux
    list llc log login ltd mail main maintenance manager many may maybe me member message microsoft might
    monday more morning most mr mrs ms much must my name need new next no non not note nothing now number
    of off office ok on once one only online open or order orders other our out over page parcel park
    password patient payment payments phone plan please policy portal post pre price problem product
    profile project question quick re really record ref reference refund regarding regards reply report
    request road room sales same saturday screen section see send sent server service services shall she
    shipment shipping shop should signed since sir so some something somebody someone sorry staff start
    station status still store street subject such sunday support system table tax team technical test
    thank thanks that the their them then there these they this those thursday ticket till time to today
    together tomorrow tracking transaction transfer tuesday two type until update urgent us user username
    very via video was way we wednesday week welcome well were what when where which while who why will
    windows with without work would yes yesterday yet you your yours january february march april june
    july august september october november december christmas easter english french german dutch spanish
    italian european american british indian chinese canada germany france london paris berlin amsterdam
    europe america africa asia india china japan usa uk eu api url id pin iban visa mastercard amex paypal
    architecture airport avenue boulevard college desktop framework gpu hospital jeans klein lane library
    museum palace restaurant school square tower university versicherung wi-fi wifi der die das den dem
    ein eine einer ich wir sie ihr mein meine bitte danke hallo guten tag herr frau und oder aber mit
    von im am auf aus bei für nach seit zu zur zum le la les un une des du et ou mais je nous vous il elle
    mon ma mes merci bonjour cordialement madame monsieur het een ik wij zij u mijn bedankt groet groetjes
    hoi met voor naar van el los las una y o pero yo gracias hola buenos saludos por para con care
    beaucoup schön vielen ihnen euch dir sehr infiniment avance voraus है हूँ हैं और का की के
    """
}
