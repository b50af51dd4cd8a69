extension Surnames {
  /// Family names of East and South-East Asia and Africa.
  static let asiaAfrica = """
    abara abe abera abiodun abubakar achebe adachi adebayo adegoke adekunle adeleke ademola adeniyi
    adeoye adesina adewale adeyemi afolabi agbaje agu agustin ahn akande akintola akiyama akpan
    alabi alemu amadi ando aoki aoyama aquino arai araki asano asante assefa ayele ayodele azikiwe
    azuma baba babangida bae baek bai balogun baluyot bang bekele boateng bondoc bonsu buhari bui
    byun cai cao catacutan cayabyab cen cha chae chai chaiyaporn chang chao chau chen cheng cheung
    chiang chiba chiu cho choe choi chou chow choy chu chua chukwu chukwuma chun chung cisse
    coulibaly cui dai danjuma dao de-leon dela-cruz delos-reyes deng desalegn diarra dimaculangan
    ding dinh diop diouf dizon dlamini doan doi dong duan duong ekwueme endo enomoto eze fang feng
    fofana fu fujii fujimoto fujita fujiwara fukuda fukui fukushima fung furukawa gao gaye gebre
    gebremariam geng goh gong goto gu guan gueye gunawan guo gwak gwon ha haile halim ham hamada
    hao hara harada harahap hasegawa hashimoto hattori hayashi hidayat higashi higuchi hirai hirano
    hirata ho hoang honda hong hori horiuchi hoshino hou hsieh hsu hu huang hui hung huo hutapea
    huynh hwang ibe ichikawa igarashi ignacio igwe iida iijima ikeda ikpeazu imai inoue ishida
    ishihara ishii ishikawa ito iwamoto iwasaki iwata izumi jallow jang jeon jeong ji jia jiang
    jiao jin jo joo joung ju kabore kamara kamau kaneko kang kante katayama kato kawaguchi kawai
    kawakami kawamura kawano kawasaki kawashima kebede keita khumalo kikuchi kim kimura kinoshita
    kipchoge kiplagat kitagawa kitamura ko kobayashi koffi koga koh koike kojima komatsu konate
    kondo kone kong konishi kono koo kouassi kouyate koyama kubo kubota kudo kumagai kuo kuroda
    kusuma kuti kuwahara kwak kwan kwok kwon kyung lacson lai lam lau law lawal lee lei lemma leung
    li lian liang liao lim lin ling liu long lou lu lubis lui luo luong luu lv ly ma macapagal madu
    maeda magbanua magsaysay mai mak manalo mandela mangubat mao maruyama maseko masuda matsubara
    matsuda matsui matsumoto matsunaga matsuo matsuoka matsushita matsuura mbeki mei mekonnen meng
    mensah miao min miura miyake miyamoto miyata miyazaki mizuno mo mochizuki mok mokoena moon
    morikawa morimoto morita moriyama moyo mthembu mugabe murakami murata muto mutua mwangi nagai
    nagano nagata nakagawa nakai nakajima nakamura nakanishi nakano nakashima nakata nakayama nam
    narita nasution nchima ncube ndiaye ndlovu nduka negash ng ngo ngubane nguyen ni nie nishi
    nishida nishikawa nishimura nishiyama niu njoroge nkosi nkrumah noda noguchi noh nomura nugroho
    nwachukwu nwosu nyerere oba obasanjo obi ochiai ochieng odhiambo odinga ogawa ogbonna oguchi oh
    ohashi ohno oikawa ojo okada okafor okamoto okamura okano okazaki okeke okonkwo okoro okoye
    okubo okumura oladipo olawale olowokandi omondi omori ong onishi ono onyango oota ootsuka opoku
    osei ota otani otieno otsuka ouyang owusu oyelowo ozaki ozawa pak pan pang panganiban
    pangilinan park pei peng pham phan phung pratama qi qian qiao qin qiu quach quan quizon
    rahardjo ren rhee roh rong ruan ryu saito sakai sakamoto sakata sakurai salonga sankara sano
    santoso saputra saragih sarpong sasaki sato sawada seki seo seong sesay setiawan sha shao shen
    sheng shi shibata shih shim shimada shimizu shimura shin shinohara shiraishi shum sim
    simanjuntak siregar sison sissoko sithole sitorus siu soh sohn son song sow sowah srisai su
    sugawara sugimoto sugiyama suh sun sung susanto suwan suzuki sylla szeto tachibana tadesse
    taguchi tai takada takagi takahashi takano takase takayama takeda takemura takeuchi tall tam
    tamaki tambo tamura tanabe tanaka tang taniguchi tanoto tao tefera tembo teo terada tesfaye
    thai thongchai tian ting tiongson toh tolentino tominaga tong toure tran traore trinh truong
    tsai tsang tse tseng tshabalala tsuchiya tsuda tsui tsuji tsukamoto tu tutu uche uchida ueda
    uehara ueno umeda ushijima utomo vo vu wada wafula wan wang wanjiru watanabe wei wen wibowo
    wijaya wolde wong wongsakul woo worku wu xi xia xiang xiao xie xin xing xiong xu xue yagi
    yamada yamagata yamaguchi yamamoto yamamura yamanaka yamane yamasaki yamashita yamauchi
    yamazaki yan yang yano yao yap yasuda ye yeboah yeh yeo yeung yi yim yin ying yip yokoyama
    yoneda yong yoo yoon yoshida yoshikawa yoshimura yoshioka yu yuan yuasa yue yuen yun zeng zhan
    zhang zhao zheng zhong zhou zhu zhuang zhuo zou zulu zuma zuo
    """
}
