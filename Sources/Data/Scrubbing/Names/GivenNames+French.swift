extension GivenNames {
  /// Given names of France, Belgium, Quebec.
  static let french = """
    adele adeline adrien adrienne agathe aime aimee alain alban alex alexandre alexandrine alexis
    alice aline alix alphonse amandine ambroise anais anatole andre andree ange angele angelique
    anne annick annie anouk antoine antoinette apolline ariane arlette armand armelle arnaud arthur
    athenais aude audrey auguste augustin aurelie aurelien aurore axelle baptiste barnabe bastien
    beatrice benedicte benoit berenice bernadette bernard berthe bertrand blaise blanche blandine
    brice camille candice capucine carine carole cassandre catherine cecile cedric celeste
    celestine celia celie chantal charlene charles charline chloe christelle christophe claire
    clarisse claude claudette claudine clemence clement clementine clotilde clovis colette coline
    constance coralie corentin corinne cyprien cyril cyrille damien daniel daniele danielle deborah
    delphine denis desire diane didier dimitri dorothee edmond edouard edwige eleonore eliane elise
    elodie eloise emeline emeric emile emilie emilien emmanuel emmanuelle enzo eric ernest estelle
    esther ethan etienne eudes eugene eugenie evelyne fabien fabienne fabrice fanny faustine
    felicie fernand fernande fiona flavie flavien florence florent francine francis franck francois
    francoise frederic frederique gabin gabriel gabrielle gael gaelle gaetan garance gaspard gaston
    gaultier gauthier gautier genevieve geoffroy georges georgette geraldine gerard germain
    germaine ghislain ghislaine gilbert gilberte gilles ginette gisele gregoire gregory guenole
    guillaume gustave gwenaelle gwendoline hadrien heloise henriette herve hippolyte honore
    honorine horace hortense hugues isabelle isaline isidore jacinthe jacky jacqueline jacques jade
    jean jeanne jeannette jeannine jeremie jeremy jerome jocelyne joel joelle josephine josette
    josiane jules julie julien juliette justin justine karine katia killian laetitia lambert laure
    laurence laurene laurent lauriane leandre leane leonce lilian liliane lionel lise loic lola
    lorraine lou louane louis louise loup luc lucette lucie lucien lucienne lucile ludivine ludovic
    luna lydie madeleine mael maelle maelys mahaut manon marc marceau marcel marcelle margaux
    marguerite mariette marine marjolaine marjorie martial martine mathieu mathis matthieu maud
    maurice maxence maxime maximilien melissa michel michele micheline mireille monique morgane
    muriel mylene myriam nadege nadia narcisse natacha nathalie nathan nicolas ninon noe noel
    noelle noemie oceane octave odette odile olivia olivier oriane pascale patrice patricia paule
    paulette philibert philippe philippine pierre pierrette prosper quentin rachel raoul raphaelle
    raymond raymonde regis reine remi remy renee robin rodolphe rodrigue roger romain romane
    romuald ronan rosalie rose roselyne roxane sacha salome sandrine sarah sebastien segolene serge
    severine sidonie solange solene solenne stanislas stephane suzanne suzette sylvain sylvaine
    sylvestre sylvette sylviane sylvie tancrede tatiana thelma theodore theophile thibaud thibault
    thibaut thierry timothee tiphaine titouan tristan ulysse valentine valerie veronique vianney
    victoire victor vincent violette virginie viviane vivien xavier yann yoann yolande yves yvette
    zacharie zoe
    """
}
