extension GivenNames {
  /// Given names of Italy.
  static let italian = """
    achille ada adalberto adelina adriano agata agnese agostino alda aldo alessandra alessandro
    alessia alessio alfio alvise ambra amedeo amelia amerigo anastasia angelo anna annalisa
    annamaria annibale annunziata antonella antonello antonietta arduino aristide arnaldo aroldo
    asia assunta attilio augusto azzurra bartolomeo benedetta benedetto beniamino biagio bice bruna
    calogero camilla camillo carlo carlotta carmela carmine caterina cesare cinzia cirillo ciro
    clelia concetta cora corrado cosima cosimo costantino costanza cristiana cristiano cristoforo
    damiano danila danilo daria davide debora demetrio dina dino domenica domenico donatella donato
    edda edoardo egidio elda eleonora eliana elio elisabetta emanuela emanuele enea enrica enrico
    enza ercole ermanno ermenegildo eros ettore evelina ezio fabia fabiana fabiano fabio fabrizia
    fabrizio fausta fausto federica felice ferdinando filiberto filippa filippo fiorella fiorenza
    flavia flavio franca francesca francesco franco fulvia fulvio gabriella gaetana gaetano gaia
    galileo gaspare gavino gemma gennaro geronimo giacinto giacoma giacomo giada giampaolo
    giampiero giampietro giancarla giancarlo gianfranco gianluca gianluigi gianmarco gianna gianni
    gianpaolo gigi gina ginevra gino gioacchino giordano giorgia giorgio giosue giovanna giovanni
    girolamo giuditta giulia giuliana giuliano giulietta giulio giuseppe giuseppina giustina giusy
    goffredo gottardo grazia graziano graziella guendalina guerrino guglielmo iacopo ignazio ilaria
    ilario iolanda ippolito isabella italo ivana ivano jacopo lamberto lando lauretta lavinia leone
    leopoldo letizia liberto licia lino livia livio loredana lorella lorenza loretta luana lucio
    lucrezia ludovica ludovico luigi luigia luigina maddalena mafalda manlio mara marcella marcello
    margherita mariagrazia marianna mariella marilena massimiliano massimo mattia maura maurizio
    mauro melania melchiorre michela micol milena mimmo mirco mirella moira morena moreno morgana
    natale nella nello nerina nevio nicola nicoletta nicolo nilde nino norma nunzia nunzio olimpia
    oreste oriana ornella orsola ottavia ottavio pamela paola paolo pasquale patrizio piera
    pierangelo piergiorgio pierluigi piermaria piero pierpaolo pietro pina pino plinio priscilla
    puccio raffaele raffaella raimondo remo renato renzo riccardo rina rinaldo rino roberta rocco
    romana romano romeo romina romolo rosalba rosangela rosanna rosaria rosella rosetta rosina
    rossana rossella ruggero ruggiero sabina salvatore salvo samanta samuele sandro santina santo
    saverio sebastiano serafina serena settimio silvana silvano silvio simona stefania stefano
    stella susanna tancredi tea tiberio tiziana tiziano tommaso tonino torquato tullio ubaldo
    uberto ugo ulisse umberto valentino vanni vincenza vincenzo viola virgilio vitale vito vittoria
    vittorio viviana zaira
    """
}
