extension GivenNames {
  /// Given names of Poland, Czechia, Slovakia.
  static let westSlavic = """
    adam agnieszka albin aldona aleksander aleksandra aleksy alena ales alicja alojzy alzbeta
    anastazja anatol andrej andrzej aneta aniela antoni antonin antonina apolonia arkadiusz barbora
    bartek bartlomiej bartosz beata benedykt blanka blazej bogdan bogumil boguslaw boguslawa bohdan
    bohumil bohuslav bolek boleslaw borys bozena branislav bretislav bronislaw bronislawa brygida
    cecylia celina cezary czeslaw czeslawa dagmara dalibor dana danuta dariusz dawid denisa
    dominika dorota drahomira dusan edward edyta eliska eliza elzbieta eryk eugeniusz ewa ewelina
    felicja feliks ferdynand filip franciszek franciszka frantisek fryderyk genowefa grazyna
    grzegorz gustaw halina hana henryk henryka honza iga ignacy irena ireneusz iva iwo iwona
    izabela jacek jachym jadwiga jagoda jakub janusz jarek jarmila jaromir jaroslav jaroslava
    jaroslaw jeremi jerzy jindrich jiri jirina jitka joanna jolanta jowita jozef jozefa julita
    juliusz juraj justyna kacper kaja kajetan kalina kamil kamila karol karolina kasia katarzyna
    katerina kazimiera kazimierz kinga klaudia klemens konstanty kornel kornelia kristyna krystian
    krystyna krzysztof ksawery kveta kvetoslava ladislav lech lechoslaw lenka leonard leszek libor
    libuse lida longin lubica lubomir lubos lucja lucjan lucyna ludek ludmila ludwik ludwika lukasz
    maksym maksymilian malgorzata malwina marcelina marcin marek marian mariola mariusz marketa
    marlena martyna maryla maryna matej mateusz matous matylda maurycy michal michalina mieczyslaw
    mikolaj milada milan milos miloslav miloslava milosz miroslav miroslava miroslaw miroslawa
    nadezda natalie natasza nela nikodem nikola ola oldrich oliwia ondrej otakar oto otylia
    patrycja patryk paulina pavel pavla pavlina pawel petr piotr pola premysl przemek przemyslaw
    radek radim radka radomir radovan rafal rastislav remigiusz roch roksana rostislav roza rozalia
    rufin ruzena ryszard sarka sergiusz seweryn silvie slavomir slawomir stanislav stanislava
    stanislaw stanislawa stepan stepanka svatopluk svetlana sylwester sylwia szczepan szymon
    tadeusz teodor teofil tereza tibor tomasz tymon tymoteusz tytus urszula vaclav vendula vilem
    vit vitezslav vladimir vladimira vladislav vlasta vlastimil vojtech vratislav waclaw walenty
    walentyna walery weronika wieslaw wieslawa wiktor wiktoria wincenty wioletta wit witold
    wladyslaw wladyslawa wlodzimierz wojciech wojtek zbigniew zbynek zbyszek zdena zdenek zdenka
    zdzislaw zdzislawa zenon zlata zlatica zofia zora zosia zuzana zuzanna zygmunt zyta
    """
}
