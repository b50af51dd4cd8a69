extension GivenNames {
  /// Given names of Spain and Latin America.
  static let spanish = """
    abelardo abigail adela adolfo adoracion adrian agustin agustina aina ainhoa aitana aitor alba
    alberto alejandra alejandro alfonso alfredo alicia almudena alonso alvaro amadeo amalia amancio
    amanda amaya ambrosio amparo ana anastasio ander andres angel angeles angelica angelina anibal
    anselmo antonio anxo aquiles araceli arancha ariadna armando arnau arsenio artemio arturo asier
    asuncion aurelio aurora azucena baltasar bartolome basilio beatriz belen benigno benito bernabe
    bernardo biel blanca blas borja brais braulio brigida calixto camila candela candelaria caridad
    carlos carlota carmelo carmen carolina casandra catalina cayetano cecilia celestino cesar chema
    chus claudio clemente concepcion concha conchita consuelo cristian cristina cristobal cruz
    curro custodia dalia damian dario delfina diego dionisio dolores domingo dora edelmira edgardo
    edmundo eduardo efrain elena eleuterio elisa eliseo eloisa eloy elvira emiliano emilio
    encarnacion eneko enrique erica ernesto esmeralda esperanza esteban estefania estela ester
    estrella eufemia eugenia eugenio eulalia eusebio evaristo fabiola facundo fatima faustino
    federico feliciano felicidad felipe felisa fermin fernanda fernando fidel flora florencia
    florencio francisca francisco froilan gabriela genoveva gerardo german gertrudis gilberto gines
    gloria gonzalo gorka goyo graciela gregorio guadalupe guillermo gustavo hector heriberto
    herminia hernan hernando hilario hipolito horacio humberto ignacio iker imelda immaculada inigo
    inmaculada iria isaac isidoro isidro ismael itziar ivan jacinta jacinto jacobo jaime jaume javi
    javier jeronimo jesus jimena joaquin joaquina jon jordi jorge jose josefa josefina josep josu
    juan juana juanito juliana julieta julio justo lautaro leandro leire leocadia leonardo leoncio
    leonor leticia lidia liliana lisandro lope lorena lorenzo lourdes lucia luciana luciano lucila
    luis lupe luz macarena maite malena manolo manu marcal marcela marcelino marcelo marcos
    margarita mariana mariano maribel maricarmen mariona marisa marisol mateo matias matilde
    mauricio maximiliano maximo melchor mercedes meritxell micaela miguel mikel milagros minerva
    mireia moises monica montse montserrat nacho narciso natalia natividad nazaret nerea nestor
    neus nicanor nicolasa nieves nilda noelia noemi norberto nuria octavio odalys ofelia olga omar
    onofre oriol orlando osvaldo oswaldo pablo paco paloma pascual pastora patricio patxi pau
    paulino paz pedro pelayo pepe pere perla petrona pilar placido primitivo purificacion quique
    rafa rafael ramiro raquel raul rebeca refugio reinaldo remedios renata reyes ricardo rigoberto
    roberto rocio rodolfo rodrigo rogelio rosalia rosario rosaura ruben rufino ruperto sabela
    salvador samuel santi santiago saturnino saul segundo selena serafin sergio severino silvestre
    sol soledad sonia soraya susana tadeo tania telmo teo teodoro teofilo teresa tomas toni
    trinidad ulises unai urbano uxia valeria valerio vanesa veronica vicenta vicente victoria
    victoriano vidal violeta virginia visitacion xabier xavi ximena xiomara yago yesenia yolanda
    zacarias zulema
    """
}
