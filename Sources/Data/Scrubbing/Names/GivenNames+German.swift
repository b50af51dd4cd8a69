extension GivenNames {
  /// Given names of Germany, Austria and Switzerland.
  static let german = """
    achim adalbert adelheid adolf agnes albert albrecht alexander alexandra alfons alfred alina
    alois amelie andrea andreas angela angelika anita anja anke annegret annelie anneliese
    annemarie annette anni annika ansgar antje anton antonia armin arndt arne arno arnold astrid
    august axel barbara bastian beat beate ben benedikt benjamin bernd bernhard berta bertram
    bettina bianca birgit birte bjorn boris brigitte britta bruno burkhard carina carla carolin
    caroline carsten celine charlotte chiara christa christel christian christiane christina
    christine christof christoph clara claudia claus clemens conrad constanze cordula corinna
    cornelia dagmar daniela david denise detlef detlev diana dieter dietmar dietrich dirk dominik
    dominique doris dorothea eberhard eckhard edeltraud edgar edith egon elfriede elias elisabeth
    elke ella ellen elmar elsa else emely emil emilia emma engelbert erhard erich erik erika ernst
    erwin eugen eva evelyn ewald fabian falk felix ferdinand finn florian frank franz franziska
    frauke frederik frieda friedemann friedhelm friedrich fritz fynn gabi gabriele georg gerald
    gerd gerda gerhard gerlinde gernot gert gertrud gesine gisela gottfried gotz greta gudrun guido
    gunda gunter gunthar gunther gustav hanna hannah hannelore hannes hanno hans hansjorg harald
    hartmut hartwig hedwig heide heidemarie heidi heidrun heike heiko heiner heinrich heinz helene
    helga hella helmut helmuth henning henri henrik henrike herbert heribert hermann herta hilde
    hildegard hiltrud holger horst hubert hugo ida ilona ilse imke ines inga inge ingeborg ingo
    ingolf ingrid irene iris irmgard irmtraud isabel isabell isolde jakob jan jana janina jannik
    jasmin jens jessica joachim jochen johann johanna johannes jonas jorg joris jorn josef joseph
    judith julia julian juliane julius jurg jurgen jutta kai karin karl karla karlheinz karlotta
    karoline karsten kaspar katharina kathrin katja katrin kerstin kilian kirsten klara klaus
    konrad konstantin korbinian kristin kristina kunigunde kurt larissa lars laura lea leander lena
    leni lennart leo leon leonas leonhard leonie leopold levi liane lieselotte lilly lina linus
    lisa liselotte lorenz lothar lotta lotte luca lucas ludger ludwig luisa luise luitgard lukas
    lutz magda magdalena maike maja malte mandy manfred manuel manuela mareike maren margarete
    margarethe margit margot margret margrit maria marianne marie marina mario marion marius markus
    marlene marlies marta martha martin martina marvin mathias mathilda mathilde mats matteo
    matthias max maximilian mechthild meike melanie melina merle mia michael michaela mike mila
    mira miriam mirjam mirko moana monika moritz nadine nadja natascha nele nepomuk niclas nico
    nicole niklas nikolaus nils nina norbert olaf ole oliver ortrud oskar oswald otmar ottilie otto
    pascal patrick patrizia paul paula pauline peer peter petra philipp pia rainer ralf ralph
    ramona raphael rebecca regina regine regula reiner reinhard reinhardt reinhold renate rene resi
    reto ria ricarda richard rita robert roland rolf roman romy ronny rosa rosemarie roswitha rudi
    rudiger rudolf rupert ruth sabine sabrina sandra sara sascha saskia sebastian selina sepp
    severin siegbert siegfried sieghard sieglinde sigmund sigrid silke silvia simon simone sina
    sofia solveig sonja sophia sophie stefan stefanie steffen steffi stephan stephanie susann
    susanne svea sven svenja swantje sybille tabea tamara tanja tatjana thea theo theodor theresa
    therese thomas thorben thorsten tilman tilmann tim timo tina tobias tom torben torsten traute
    trude udo ueli ulf uli ulla ulrich ulrike urs ursel ursula uschi ute uwe valentin valentina
    vanessa vera verena veronika viktor viktoria volker volkmar vroni walburga waldemar walter
    waltraud wenzel werner wiebke wilfried wilhelm wilhelmine willi willy winfried wolf wolfgang
    wolfram xaver yannick yvonne zita
    """
}
