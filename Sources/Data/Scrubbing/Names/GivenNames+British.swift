extension GivenNames {
  /// Given names of the British Isles and other English names beyond the census table.
  static let british = """
    adair aidan aiden aileen ailsa aisling aislinn alasdair alastair alfie alistair alister angus
    ansel aoife arabella archer archibald archie arlo arran asher ashton atticus aubrey ava ayden
    barclay barnaby bartholomew beatrix bella benedict blythe brayden bronagh bronwen bronwyn brynn
    caden cadence cai caitlin caitlyn callan callum calum camden caoimhe caolan carwyn cassian
    catriona ceri cerys cian ciara ciaran cillian clodagh cody cohen colm conall connor conor
    cormac cressida crispin cyrus dafydd daisy daithi darcy darragh dashiell davina declan deirdre
    delilah delwyn dermot desmond diarmuid donal donnacha dougal duncan dylan eamon eamonn edmund
    eilidh eilis eimear eirian eithne elsie elspeth emmett emrys emyr eoghan eoin esme euan evander
    evie ewan ezra fergal fergus finbar finlay finley finnegan finola fintan fionn fionnuala fraser
    freddie freya gareth geraint gethin giles gillian glynis gordan gordon graeme graham grainne
    gruffydd gwen gwendolen gwenllian gwyneth hamish harley harriet hayden heath hebe hermione
    honor huw iain ianto ieuan imogen iona isla isobel iwan jace jago jarvis jaxon jaxson jayden
    jemima jenna jocasta jools kayden keira kellan kenna kester kieran kieron kinsley kirsty
    lachlan laoise leighton lettice lewis liam lorcan lorna lowri lucinda lyra mabel madison maebh
    maeve mairead mairi maisie malachy marnie maureen maverick maxwell mckenna mckenzie meadhbh
    megan mhairi millie minnie morag morwenna muireann murdo myfanwy nerys nessa nevaeh niall niamh
    nigel noah nolan nuala oakley olwen oonagh oran orla orlagh osian owain paddy padraig paisley
    pandora pearse penelope peregrine persephone peyton phoebe piers piper pippa poppy presley
    primrose prudence quinn raelynn rafferty reagan remington reuben rhian rhiannon rhodri rhona
    rhys roisin rory rosalind rosamund rowan ruairi ruairidh rufus ryder ryker rylee sadhbh saoirse
    sawyer seamus sean serenity shane shauna shea shona sian sinead siobhan sioned skye skylar
    sorcha struan sutton tadhg tamsin tarquin teagan tegwen thaddeus tiernan tilly tomos torquil
    trefor verity weston wilf willa winifred wren wyatt wyn zander zayden zion
    """
}
