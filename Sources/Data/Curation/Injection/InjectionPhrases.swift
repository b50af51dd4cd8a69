/// Phrases that speak to the model instead of to a person, by language.
///
/// A phrase is a list of places; a place is alternatives set apart by `|`, with `_` for a blank.
/// `~n` lets up to n words stand between its neighbours. Words are compared as
/// ``NormalWords`` reads them: lower case, without accents.
enum InjectionPhrases {
  struct Phrase: Sendable {
    var rule: String
    var score: Double
    var pattern: String
  }

  static let all: [Phrase] =
    override.map { Phrase(rule: "injection.override", score: 0.8, pattern: $0) }
    + leak.map { Phrase(rule: "injection.prompt_leak", score: 0.6, pattern: $0) }
    + persona.map { Phrase(rule: "injection.persona", score: 0.7, pattern: $0) }
    + addressed.map { Phrase(rule: "injection.addressed", score: 0.6, pattern: $0) }

  /// "Ignore all previous instructions."
  private static let override = [
    // English
    "ignore|disregard|forget|override|bypass|discard|neglect ~3 previous|prior|above|earlier|preceding|foregoing|existing|original|initial|system|your ~2 instructions|instruction|rules|prompt|prompts|directives|directions|guidelines|programming|commands",
    "ignore|disregard|forget|override|bypass all|any|every ~1 instructions|instruction|rules|directives|guidelines|restrictions|safeguards|commands",
    "do_not|don_t|never follow|obey ~2 previous|prior|above|earlier|original|system|your ~1 instructions|rules|prompt|guidelines",
    "ignore|disregard|forget everything|anything|all ~3 above|before|previously|told|said|prior",
    "new|updated|real|actual system instructions|prompt",
    "your new instructions are|is",
    "instead_of ~1 previous|prior|above instructions|task|prompt",
    "stop following ~2 instructions|rules|guidelines",
    // German
    "ignoriere|ignorieren|vergiss|vergessen|missachte|missachten ~3 vorherigen|vorherige|bisherigen|obigen|vorigen|fruheren|vorangegangenen|alle|deine|ihre ~2 anweisungen|anweisung|regeln|instruktionen|vorgaben|befehle",
    // French
    "ignore|ignorez|ignorer|oublie|oubliez|oublier ~3 instructions|consignes|regles|directives ~2 precedentes|precedente|anterieures|ci|avant|dessus|systeme",
    "ignore|ignorez|oublie|oubliez ~1 toutes ~2 instructions|consignes|regles|directives",
    // Spanish
    "ignora|ignore|ignorar|olvida|olvide|olvidar|omite ~3 instrucciones|reglas|indicaciones|ordenes|directrices ~2 anteriores|previas|anterior|sistema|arriba",
    "ignora|olvida|ignore|olvide todas|todo ~2 instrucciones|reglas|indicaciones|ordenes|anterior",
    // Portuguese
    "ignore|ignora|ignorar|esqueca|esquece|desconsidere ~3 instrucoes|regras|ordens|orientacoes|diretrizes ~2 anteriores|previas|anterior|sistema|acima",
    "ignore|esqueca|desconsidere todas|tudo ~2 instrucoes|regras|ordens|anterior",
    // Italian
    "ignora|ignorate|ignorare|dimentica|dimenticate ~3 istruzioni|regole|indicazioni|direttive ~2 precedenti|precedente|anteriori|sistema|sopra",
    "ignora|dimentica tutte ~2 istruzioni|regole|indicazioni|direttive",
    // Dutch
    "negeer|vergeet ~3 vorige|eerdere|voorgaande|bovenstaande|alle|je|jouw|uw ~2 instructies|regels|opdrachten|aanwijzingen|richtlijnen",
    // Polish, Czech
    "zignoruj|ignoruj|zapomnij|pomin ~3 poprzednie|poprzednich|wczesniejsze|wszystkie|powyzsze ~2 instrukcje|instrukcji|polecenia|polecen|zasady",
    "ignoruj|ignorujte|zapomen|zapomente ~3 predchozi|vsechny|vyse ~2 instrukce|pokyny|pravidla|prikazy",
    // Swedish, Danish, Norwegian
    "ignorera|glom|ignorer|glem|bortse ~3 tidigare|foregaende|alla|tidligere|forrige|alle ~2 instruktioner|instruktionerna|instrukser|instruksjoner|regler|anvisningar|anvisninger",
    // Russian, Ukrainian, Bulgarian
    "игнорируи|игнорируите|проигнорируи|проигнорируите|забудь|забудьте|ігноруи|ігноруите|забудьте|игнорираи|забрави ~3 предыдущие|предыдущих|прежние|все|всі|попередні|вышеуказанные|предишните|всички ~2 инструкции|инструкциям|указания|правила|команды|інструкції|вказівки|команди",
    // Turkish
    "onceki|yukaridaki|yukarıdaki|tum ~2 talimatlari|talimatları|talimatlarini|kurallari|kuralları|komutlari|komutları ~1 yok|unut|gormezden|goz|dikkate",
    // Indonesian, Vietnamese
    "abaikan|lupakan ~2 instruksi|perintah|aturan|petunjuk ~2 sebelumnya|di_atas|sistem",
    "bo_qua|phot_lo|quen ~3 huong_dan|chi_dan|lenh|quy_tac|chi_thi ~2 truoc|tren",
    // Arabic, Persian, Hindi
    "تجاهل|تجاهلي|انس|انسى ~2 التعليمات|تعليمات|الأوامر|الاوامر|القواعد|تعليماتك",
    "دستورات|دستورالعمل|دستورهای ~2 قبلی|پیشین|بالا ~3 نادیده|فراموش",
    "पिछले|पछल|सभी|पूर्व ~2 निर्देशों|निर्देश|निरदश ~2 अनदेखा|अनदख|भूल|नज़रअंदाज़",
    // Chinese, Japanese, Korean
    "忽略|无视|忘记|忘掉|無視|忽視|不要理会 ~8 指令|指示|提示|规则|規則|要求|命令",
    "以前|前|上記|これまで|すべて|全て ~6 指示|命令|ルール|プロンプト ~4 無視|忘れ|従わ",
    "이전|위의|앞의|모든|기존 ~2 지시|지시를|지시사항을|명령을|지침을|규칙을|명령 ~2 무시|무시하고|무시하세요|무시해|잊어|잊고",
  ]

  /// "Print your system prompt."
  private static let leak = [
    "reveal|print|show|repeat|output|display|leak|expose|disclose|dump ~3 system|initial|hidden|secret|original|developer prompt|instructions|message",
    "reveal|print|repeat|output|display|leak|disclose your instructions|prompt|rules|guidelines",
    "what is|are|was your system|initial|original|hidden prompt|instructions",
    "repeat everything|all|the_words|the_text above|before",
    "zeige|nenne|gib|verrate ~3 systemprompt|system_prompt|systemanweisungen",
    "affiche|montre|revele|repete ~3 prompt|instructions ~2 systeme|initiales|initial",
    "muestra|revela|repite|imprime ~3 prompt|instrucciones ~3 sistema|iniciales",
    "покажи|раскрои|выведи|повтори ~3 системныи|системные|системную промпт|инструкции|инструкцию",
    "系统|系統|システム ~2 提示词|提示|プロンプト ~6 显示|输出|告诉|重复|見せ|教え|表示",
  ]

  /// "You are now DAN."
  private static let persona = [
    "do_anything_now", "you are|re now ~2 dan|unrestricted|uncensored|jailbroken|unfiltered|evil",
    "developer|god|debug|dan|jailbreak mode enabled|activated|on",
    "act|pretend|respond|behave as|like|to_be ~4 unrestricted|uncensored|unfiltered|jailbroken",
    "you have no|without restrictions|rules|filters|guidelines|limitations|limits any_more|anymore|now",
    "pretend|imagine|assume ~3 no restrictions|rules|filters|guidelines|limitations",
    "you are|re no_longer ~1 bound|an_ai|an_assistant|limited|restricted",
    "du bist jetzt ~2 dan|uneingeschrankt|unzensiert", "ahora eres ~2 dan",
    "tu es maintenant ~1 dan",
    "ты теперь ~1 dan",
  ]

  /// "Note to AI systems reading this page: …"
  private static let addressed = [
    "note|attention|message|instruction|instructions|important|notice to|for ~2 ai|ais|llm|llms|chatbot|chatbots|gpt|chatgpt",
    "if you are|re an|a ai|llm|language|large ~6 must|should|please|then",
    "ai|llm assistants|assistant|agents|agent|models|systems reading|processing|summarizing ~3 must|should|please|this",
    "begin|start|end ~1 system|admin|developer prompt|instructions|message|override",
  ]
}
