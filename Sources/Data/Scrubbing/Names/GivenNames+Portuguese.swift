extension GivenNames {
  /// Given names of Portugal and Brazil.
  static let portuguese = """
    abilio adalgisa adelaide ademar adilson afonso agostinho ailton alcides aldair aluisio amadeu
    americo anderson andreia aparecida artur augusta aurea benedita bento brenda caetano caio
    cassia catarina caua celso cicero clarice cleber cleide conceicao cristiane daiane dalila davi
    dinis diogo dirceu domingos duarte edilson edmilson ednaldo edson eduarda elaine eliete elis
    elisabete elton emanuel eunice evandro fabricio filipa filipe geraldo gerson gilmar gilson
    giovana goncalo graca guilherme heitor helder helena heloisa henrique igor inacio iracema
    isabela isadora isaura ivete ivone jair janaina jandira jaqueline jeferson joana joao joaquim
    josue jovelina juarez jucara juliano jurema jussara karen karina kelly laercio lais lauro leila
    lourenco lucilia luiz luiza luzia maiara manoel marcia marcio margarida marilia martim mateus
    matheus mayara milton moacir murilo nair neide nelson neusa newton nilton nivaldo noemia nuno
    odete osmar otavio paulo priscila rafaela raimunda raimundo renan rogerio romulo ronaldo roque
    rosana rosemeire rubens rui salete samara sebastiana sebastiao sidnei silas simao stefany suely
    tais talita tatiane telma thais thiago tiago tome ulisses valdemar valdir valter vania vinicius
    vitor vitoria wagner waldir wanderley washington wellington wesley wilson yasmin zelia zilda
    zuleica
    """
}
