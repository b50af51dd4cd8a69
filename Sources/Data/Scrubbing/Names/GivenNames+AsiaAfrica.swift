extension GivenNames {
  /// Given names of East and South-East Asia and Africa, romanized.
  static let asiaAfrica = """
    abebe abena abeni abimbola abiodun abiola abosede achieng achmad adaeze adama adaobi ade
    adebayo adebola adedayo adeola adesina adetokunbo adewale adisak adjoa afua agung agus aissata
    aissatou akemi akiko akinyi akio akira akosua akua akwasi alemayehu alhassan almaz ama amadou
    amaka amara amare aminah aminata amoke anan andi angelito anh ani anong arief arthit asami
    asantewaa asmamaw asuka atieno atsuko atsushi awa awiti ayaka ayako ayame ayana ayo ayodele
    ayomide ayu ayumi azlan azman babajide babatunde bambang bamidele bao bayani bayo bekele
    berhane bich bienvenido bintou bolaji bolanle boonsri boubacar budi bukola byung-ho chaiya
    chalerm chang-min chao chau chiahao chiaki chiamaka chiawei chibuike chibuzor chidi chidiebere
    chidinma chie chieko chihiro chika chikako chike chima chimamanda chinedu chinonso chinua
    chinwe chioma chiyo chukwuemeka chukwuma chul-soo chun chunhua crisanto cuong dae-jung daichi
    daiki daisuke dalisay dandan dao dawei dawit dehua desta dewi diallo dian diem diep dinh
    dong-hyun duc duong duy ebele ebo efua eiji eiko ejike ekene eko ekow ekua emeka emi emiko
    endang eniola enitan erlinda esi estrelita etenesh etsub etsuko eun-ji eun-jung eun-kyung eunji
    eyob ezinne fadumo fajar fang faridah fasil fatou fatoumata fauziah fei femi feng fengying
    fitri florante folake folashade fumiko fumio funke funmilayo genet genji getachew giang girma
    goro guang gugu guiying guo guohua guoqiang gyeong-su ha-eun ha-yoon habtamu hadiza hae-won
    hafiz hai haile haiyan hajime halim halima hanako hanh hao haoran haoyu haru haruka haruki
    haruko haruto haslinda hayato hee-jin hendra hideaki hideki hideko hideo hideyuki hien hieu
    hikari hikaru hinata hiro hiroaki hiroki hiroko hiromi hiroshi hiroto hiroyuki hirut hisako
    hisashi hitomi hitoshi ho-jin hoa hoang hong hongmei honoka hsinyi hua huan hui huifang hung
    huong huy huyen hye-jin hye-rin hyejin hyun-joo hyun-jung hyun-woo hyunwoo ibrahima ichiro
    idowu ifeanyi ifeoma ige ijeoma ike ikenna ikuko in-sook indah indra irwan isamu isao issouf
    izumi jae-ho jae-hyun jae-won jaehyun jejomar jelani jengo jericho jhon ji-ho ji-hoon ji-hye
    ji-min ji-soo ji-sung ji-won ji-woo ji-yeon ji-young jia jiahao jiahui jian jianguo jianhua
    jianjun jianping jiayi jie jihoon jihye jimin jin jin-ho jin-woo jing jingjing jinhua jiro
    jisoo jiwon jiyoung joko jomo jong-min joon-ho joon-young joselito jovelyn jun jun-ho jung-hee
    jung-ho jung-hwan jung-sook junhong junichi junjie junko kaede kagiso kaili kaiwen kamarudin
    kamau kana kanako kanya kaori kaoru kartika kato katsuhiko katsumi katsuo kazue kazuhiko
    kazuhiro kazuki kazuko kazumi kazunori kazuo kazuya kazuyuki kebede keiichi keiji keiko keita
    keizo kelechi kemi kenichi kenji kenta kentaro khairul khanh khoa kieu kimiko kiprono kittisak
    kiyoshi koffi kofi kohei koichi koji kojo kosuke kotaro kouji kumiko kunio kunle kwabena kwadwo
    kwaku kwame kwasi kwesi kyoko kyosuke kyung-hee kyung-ho kyung-soo lam lan lei lerato lestari
    li lien ligaya lihua lijuan lijun limbani lin lindiwe ling linh liping lixin lungile luzviminda
    madoka mai makena maki makiko makoto malee mamadou mami manabu mandla manee mariama maricel
    mariel mariko marites marivic masaaki masahiko masahiro masaki masako masami masanori masao
    masaru masashi masato masayuki mayu mayuko mayumi megawati megumi mei meifang meihui meilin
    meiling mekonnen melaku meng meseret mi-kyung mi-na mi-ran mi-sook michiko midori mieko mihoko
    miki mikio min-ho min-jae min-jeong min-ji min-joon min-jun min-kyu min-seo min-su min-young
    minako ming minghui minh minho minji minjun minoru minseo misaki misako misato mitsuko mitsuo
    mitsuru mitsuyo miwa miyu miyuki mizuki mohd momoko motoko mulugeta mulyani mumbi mutsumi
    mwangi myung-hee na nafula nagisa naledi nam nam-joon nana nanako nanami naoki naoko naomi
    naoto naoya narong nasra natsuki natsuko natsumi nattapong nenita nga ngan nghia ngoc nguyet
    nhi nhung nia ning niran nisa njeri njoroge nkechi nkosana nkosazana nnamdi noboru nobuko nobuo
    nobuyuki nomvula nonhlanhla nonso noraini norhayati noriko norio noriyuki ntombi nurhayati nuru
    nurul nyambura nyokabi oanh obi obinna odhiambo ogechi ojo okechukwu okoro olabisi oladele
    olamide olaniyi olayinka olufemi olumide olusegun oluwaseun oluwatobi omolara omotola onyeka
    onyinyechi opeyemi osamu otieno oumar oumou ousmane palesa penda phong phuc phuong pichai ping
    ploy pohan prasert preecha putri putu qiang qiaoling qing qiu qiuyue quan quang quoc quy quyen
    quynh rattana razak reiko rena reynaldo rie rieko rika riko rin rini rio rizki rodelio rolando
    rommel rong roslan rosnah rozita rudo ruoxi ryo ryoichi ryoko ryosuke ryota ryuichi ryuji
    saburo sachiko sadako sade saki sakura salimata sang-chul sang-hoon sang-woo satoko satomi
    satoru satoshi satsuki sayaka sayuri seiichi seiji sekou selam selamawit seo-yeon seo-yun
    seojun seong-ho seong-min seoyeon setsuko seung-ho seung-hyun seung-min seydou shan shaoling
    shigeki shigeko shigeo shigeru shihan shihhao shin shinichi shinji shinobu shinya shiori
    shizuka shizuko sho shogo shohei shoichi shoji shota shu shuang shufen shuhui shuichi shuji
    shumei shunsuke sibusiso simba sipho sirikit siti siyabonga siyu slamet so-yeon so-young
    solomon somchai somsak somying soo-bin soo-jin soo-min soo-yeon soo-young soojin soro sota
    souleymane sri suda suhaimi sukarno sulistyo sumarni sumiko sun-hee sunday sung-ho sung-hoon
    sung-min sung-soo supaporn suparman susilo susumu suthep sutrisno suzuka syed tadao tadashi
    tadesse tae-hyung taehyung tafari taichi taiki takahiro takako takao takashi takayuki takehiko
    takeo takeshi takuma takumi takuro takuya tamaki tamika tamiko tao tariro tarisai taro tatenda
    tatsuo tatsuya tebogo tegan temitope tendai tesfaye tetsuo tetsuya thabo thach thaksin thanawat
    thandeka thandi thandiwe thang thanh thao themba thinh thoa thuan thulani thuy tian tianyu tien
    ting tingting titilayo toan tobenna tomohiro tomoki tomoko tomomi tomoya tomoyuki toru toshiaki
    toshihiko toshihiro toshiko toshio toshiyuki toyin trang trinh trong truc trung truong tsega
    tsegaye tsubasa tsutomu tsuyoshi tuti tuyen tuyet tzuhan uche uchenna ugochi ugonna umeko uyen
    uzoma vinh vy wahyu wakana wambui wangari wanida wanjiku wanjiru wataru wati wayan wei weiming
    weiting weiwei wen wenjie wenjing wenjun wichai winta won-ho woo-jin woo-sung wulan xia xiang
    xianying xiao xiaofang xiaohong xiaohui xiaojun xiaolan xiaoli xiaoling xiaoming xiaoping
    xiaowei xiaoyan xiaoyu xing xinyi xinyu xiulan xiumei xiuying xiuzhen xolani xu xuan xue xueli
    xuemei yaa yanhong yanling yanmei yanping yanti yasuhiro yasuko yasuo yasushi yating yaw yawen
    yemi yen yeon-woo yetunde yewande yi yifan yijun yimin yiming ying yingying yohannes yoichi
    yoko yongjun yoo-jin yoon-ah yoon-seo yoshiaki yoshie yoshihiro yoshiko yoshimi yoshinori
    yoshio yoshito yoshiyuki yosuke yota young-ho young-ja young-jae young-mi young-soo yu yu-jin
    yu-na yuan yuchen yudai yudi yufen yuhan yuhsuan yui yuichi yuji yujie yuka yukari yuki yukiko
    yukio yuko yulan yuling yumei yumi yumiko yun yuni yuriko yusuke yuta yutaka yuting yuto yutong
    yuxin yuya yuzhen yuzuki zainabu zainal zaiton zanele zawadi zhen zheng zhenyu zhi zhigang
    zhihao zhihui zhiming zhiqiang zihan zinhle zixuan ziyi zodwa zola zongying zuberi zulkifli
    """
}
