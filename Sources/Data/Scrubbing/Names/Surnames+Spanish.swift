extension Surnames {
  /// Family names of Spain, Portugal, Latin America.
  static let spanish = """
    abad acevedo acosta acuna aguado agudo aguilar aguilera aguirre alarcon alba alcala alcantara
    alegre alfaro alfonso almeida alonso altamirano alvarado alvarez alves amador amaral amaya
    amorim andrade andres antunes aparicio aragon arana aranda araujo arce arenas arevalo arias
    arnau arranz arredondo arriaga arroyo asensio avalos avila ayala azevedo aznar baez ballester
    ballesteros banderas baptista barajas barbosa baro barrera barreto barrientos barrios barros
    barroso batista bautista becerra bejarano bellido beltran benavides benitez bermejo bermudez
    bernal berrocal blanco blasco bonilla borges borrego botella braga bravo brito brizuela bueno
    burgos bustamante bustos caballero cabello cabral cabrera cabrero caceres calderon calero calvo
    camacho camara camargo campos canas cano canto caraballo carballo carbonell cardenas cardona
    cardoso carmona caro carrasco carrera carreras carretero carrillo carrion carvajal carvalho
    casado casas castaneda castano castellano castellanos castillo castro catalan cavalcanti
    ceballos cerda cervantes cervera chaves chavez cifuentes cisneros clemente coelho collado colon
    conde contreras cordero cordoba coronado corrales correa correia cortes costa cotto couto
    crespo cruz cuadrado cuellar cuenca cuesta cueto cunha delgado diaz diego diez domingo
    dominguez dorado duarte duque duran echeverria elizondo enriquez escalante escobar escribano
    escudero esparza espejo espinosa espinoza esposito esquivel esteve estevez estrada exposito
    fajardo falcon farias feliu fernandez ferreira ferrer ferrero figueroa flores fonseca fontes
    franco freire freitas frias fuente fuentes fuertes gaitan galan galindo gallardo gallego
    gallegos galvan galvao gamez garay garrido garza gaspar gil gimenez giron godinez godoy gomes
    gomez goncalves gonzales gonzalez gracia granado granados grande guardado guerra guerrero
    guevara guillen guimaraes gutierrez guzman heredero heredia hermida hernandez hernando herrera
    herrero hervas hidalgo hinojosa hoyos huerta huertas hurtado ibanez ibarra iglesias infante
    iniesta izquierdo jaime jara jaramillo jasso jauregui jimenez jorda jove juarez jurado lago
    laguna lara leal ledesma leite leiva leon lima linares lira llamas llopis llorente lobato lobo
    longoria lopes lorenzo losada lozano lucero lucio lugo luis luna luque macedo machado macias
    madera madrid madrigal maestre magalhaes maldonado manrique manso manzano marcos marino
    mariscal marques marquez marrero martinez martins mata mateo mateos matias matos maya mayoral
    maza mazzini medeiros medina mejia melendez melo mena mendes mendez mendoza menendez meneses
    mercado merino mesa miguel millan miranda mireles mohamed moles molina molinero moncada monge
    monreal montalvo montanez monteiro montenegro montero montes montesinos montiel montoya moraes
    morales moran morcillo moreira moreno mota moura moya mulet munguia muniz munoz murcia murillo
    muro nascimento navarrete nevado neves nieto nieves nogueira noguera nogues nunes nunez obregon
    ocampo ochoa ojeda olivares oliveira oliver olmedo olmo olmos ordonez orellana orozco orta
    ortega ortiz ortuno osorio otero pacheco padilla padron palacio palacios palma palomares
    palomino pardo paredes parra pascual pastor patino paula paz pazos pedraza pedrosa pelaez pena
    perales peralta pereda pereira perera perez pico pimentel pineda pinheiro pino pinto pires
    pizarro plata plaza polo ponce porras portillo posada pozo prado prats prieto puente puerta
    puig pulido queiroz quesada quezada quinonez quintana quintanilla quintero quiroga quiros rael
    ramirez ramon ramos rangel real rebollo recio redondo reina reis rendon requena reyes reyna
    ribas ribeiro ribera ricardo rico rincon rios ripoll riquelme rivas rivera rivero robledo
    robles roca rocha rodrigo rodrigues rodriguez roig rojas rojo roldan roman romero rosa rosado
    rosales rosario rosell rosello rovira rubio rueda ruiz saavedra saenz saez sainz sala salas
    salazar salcedo saldana salgado salinas salvador samaniego san-martin sanabria sanches sanchis
    sandoval sanhueza santamaria santana santander santiago santillan santos sanz sarabia sastre
    segovia segura sepulveda serna serra serrano servin sevilla sierra silva silveira soares sola
    solano soler solis solorzano soria soriano sosa sotelo soto sousa souza suarez tafoya talavera
    tamayo tapia teixeira tejada tejeda tejedor tellez tello tena terron tirado toledo tomas tome
    torralba torre torrecilla torrejon torres torrez tovar trejo trevino trinidad trujillo urbina
    uria uribe urrutia valdes valdez valdivia valencia valenciano valente valenzuela valera valero
    valladares valle vallejo valles valverde vaquero varela vargas vasconcelos vasquez vaz vazquez
    vega vela velarde velasco velasquez velazquez vera verdugo vergara viana vicente vico vieira
    viera vigil vilar villa villagomez villalba villalobos villanueva villar villareal villegas
    vives yanez zabala zambrano zamora zamorano zapata zaragoza zarate zavala zelaya zepeda
    zorrilla zuniga zurita
    """
}
