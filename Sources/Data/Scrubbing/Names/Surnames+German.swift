extension Surnames {
  /// Family names of Germany, Austria and Switzerland.
  static let german = """
    abel abt ackermann adam aebi aeschlimann ahrens albers albert albrecht altmann amann ammann
    amstutz anders appel arendt arnold auer bach bachmann bader bahr bartels barth bartsch bauer
    baumann baumeler baumgartner baur bayer beck becker beckmann behrendt behrens benz berg berger
    bergmann bernhardt bertram beyer bieber bieri bischoff blum bock bode bohm bohme bohn bolz born
    bosshard brandl brandt braun breuer brinkmann bruckner bruderer bruhn brunner buchholz buchner
    buck buhler bulow burger burkhardt burki busch busse buttner carstens christ christen claus
    conrad decker dietrich dietz dittrich dorn dorr drescher dreyer eberle ebert ebner eckert eder
    egger egli ehlers eichhorn eichler engel engelhardt erhardt ernst esser fabian fassbender
    feldmann fiedler fink fischer fleischer fleischmann fluckiger forster frank franke franz frei
    freitag freund frey fricke friedrich fritsch fritz frohlich fuchs fuhrmann funk furrer gabriel
    gartner gasser gebauer gebhardt geiger geisler geissler gerber gerlach giese gisler glaser
    gobel gotz graber graf gross grossmann gruber gruner gunther gygax haag haas hagen hahn haller
    hamann hanke hansen harms hartmann hartwig haupt hauser hecht heck heil heim hein heinemann
    heinrich heinz heinze heller hellwig hempel henkel hennig henning hentschel herbst hering
    hermann herold herrmann herzog hess hesse heuer heyer hildebrand hildebrandt hiller hinz hirsch
    hirt hofer hoffmann hofmann hofstetter holzer hoppe horn huber hubner hugi hummel hutter imhof
    inderbitzin jacob jacobi jacobs jager jahn jakob jansen janssen jenni john jordan jost jung
    junge junker kaiser karl kaufmann keil keller kellner kern kessler kirchner kirsch klein kling
    klose kluge knapp knoll kober koch kofler kohl kohler kohn kolb koller konig konrad kopp korner
    kraft kramer kraus krause krauss krebs kremer kretschmer kroger kruger kruse kuenzli kuhn kuhne
    kuhnert kummer kung kunz kunze kurz lang lange langer lechner lehmann lehner leitner lenz
    leuenberger lindemann linder lindner linke loffler lohmann lohse lorenz ludwig luthi lutz maas
    mack mahler maier mair mann marquardt martens marti marx mathys maurer may mayer mayr meier
    meili meissner meister menzel merkel mertens merz metz metzger meyer michel mohr moll moller
    moosbrugger moser muller munch nagel naumann neubauer neuhaus neumann niemann niggli noack noll
    nowak nussbaumer oberhuber oberli obermayer odermatt oswald ott otto pape paul pauli paulus
    peters petersen pfaff pfeffer pfeifer pfeiffer pfister philipp pichler pietsch pirker plattner
    pohl popp portmann prantl preuss probst raab rademacher raffl rainer rapp rau rauch rausch
    reich reichert reimann reimer reinhardt reinhold reisinger reiter renner resch reuter richter
    riedel rieder rieger ritter rode roder rohde rohner rohr rose rosenberger roth rothe rudolph
    ruegg ruf ruppert rutten sander sauer sauter schachner schade schaerer schafer schaller schar
    scharf schaub scheffler schenk schenker scherer schick schiller schilling schindler schlapfer
    schlegel schlosser schluter schmid schmidt schmitt schmitz schneider schnyder scholl scholz
    schott schramm schreiber schreiner schroder schroeder schroter schubert schuler schuller
    schulte schultz schultze schulz schulze schumacher schumann schurch schuster schutte schutz
    schwab schwaiger schwaighofer schwarz schweiger schweizer seidel seifert seiler seitz sieber
    siebert siegel siegenthaler simon singer sommer sonntag spengler springer stadler stahl
    stampfli stark stauffer stein steinbach steiner stephan stern stock stocker stolz strasser
    straub strauss strobel stucki studer stumpf sturm suess suter tanner thaler thiel thiele thoma
    thomas timm toth trachsel trautmann traxler uhl ullmann ulrich unger urban vetter vogel vogt
    voigt volk volkmann volz von-allmen wagner wahl wallner walter walther weber wegner weidner
    weigel weis weiss weller wendt wenger wenzel werner westphal wetzel widmer wiedemann wieland
    wiese wieser wild wilhelm will winkler winter wirth witt witte wittmann wolf wolff wolter wulf
    wunderlich wunsch wuthrich wyss zander zangerl zaugg zbinden zeller ziegler zimmer zimmermann
    zink zollinger zuber zurcher
    """
}
