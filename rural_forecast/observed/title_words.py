"""Words that say how a title is built, in the languages that the reader of subjects knows.

Letters are as `titles.plain` writes them: without accents, in lower case.
"""

# After these, a title says how figures are split, or whose they are.
BY = """
    by according across nach selon suivant segun secondo volgens wg wedlug efter etter
    menurut po по за согласно حسب
"""
# The word before these says how figures are split.
POSTPOSITIONS = """
    gore mukaan
"""
# These are what figures are in, wherever a title has them.
PERCENTAGES = """
    percentage percent pct pourcentage prozent porcentaje percentagem porcentagem percentuale
    percentages procent prosent prosentti
"""
# These begin what belongs to the words before them.
PREPOSITIONS = """
    of in for to from on at per among between within into under over through about as than
    without
    using receiving paying requiring reporting having needing supplying providing who that
    which whose not
    de du des d da do das dos del della delle dei degli dello di al alla alle ai allo nel
    nella nei
    nelle su sul sulla por para en em no na nos nas au aux dans sur pour par chez parmi
    der dem den im am an von vom zu zum zur fur bei aus je pro unter uber
    van voor bij op te uit
    av pa til fra fran af hos i
    w we z ze dla od u o
    в во на из от для о об с со у при к
    від до з із та
    في من على الى عن از در براي به
    dari ke untuk pada
"""
# These join words of one rank, or say nothing.
PARTICLES = """
    the a and or und oder das die ein eine et ou la le les l un une y e o el los las
    lo il gli i
    het een och eller og ja ve ile dan и или
"""
# What is measured, and how: after these a preposition says of what.
MEASURES = """
    number numbers total totals value values volume volumes amount amounts quantity quantities
    count
    counts share shares proportion percentage percent pct level levels size index indices
    stock stocks
    turnover sales sale revenue revenues receipts output production produced product
    consumption demand supply yield yields spending expenditure expenditures purchases
    registrations registration registered subscriptions subscribers users penetration
    installed
    installations capacity deployment adoption fleet base new annual yearly quarterly monthly
    average
    mean median gross net real nominal current constant estimated cumulative shipments
    deliveries
    harvest harvests harvested catch landings sown added headcount full time equivalent
    equivalents
    fte thousand thousands million
    millions billion tonnes tons kg usd eur euro euros dollars main basic statistics data
    overview
    development figures indicator indicators conditions
    zahl anzahl wert umsatz umsatze menge mengen anteil anteile bestand hohe summe gesamt
    insgesamt
    absatz verbrauch produktion erzeugung ausgaben einnahmen neuzulassungen verkauf verkaufe
    umfang
    nombre valeur montant part parts taux consommation ventes vente chiffre
    affaires d effectif effectifs quantite indice parc immatriculations depenses recettes
    nouvelles
    numero cantidad valor volumen porcentaje proporcion produccion consumo ventas gasto
    gastos parque matriculaciones cuota tasa importe ingresos
    quantidade producao vendas despesas receita taxa percentagem
    valore quantita produzione vendite spesa fatturato tasso quota totale percentuale
    aantal waarde omzet aandeel productie verbruik verkoop totaal
    liczba wartosc wielkosc produkcja sprzedaz udzial spozycie zuzycie obroty ogolem wskaznik
    stopa
    antal varde volym omsattning forsaljning andel andelen
    verdi omsetning produksjon salg forbruk vaerdi omsaetning maengde
    maara arvo tuotanto myynti kulutus osuus liikevaihto
    sayisi toplam uretim uretimi satis miktari deger orani
    jumlah nilai produksi penjualan konsumsi
    число численность количество объем объемы стоимость оборот производство потребление
    продажи доля
    удельный вес выпуск индекс среднегодовая общая общий среднее среднии всего валовои сбор
    кількість обсяг обсяги виробництво продаж частка
    عدد قيمه حجم انتاج اجمالي مبيعات نسبه استهلاك تعداد توليد فروش ميزان سهم مصرف
"""
# Whose a technology can be: `households with broadband`.
HOLDERS = """
    users subscribers nutzer abonnenten utilisateurs usuarios utenti usuarios utilizadores
    gebruikers
    brukere anvandare пользователей абонентов
    use usage uses using people persons individuals households enterprises businesses
    companies schools
    inhabitants
    population homes adults customers haushalte personen unternehmen menages personnes
    entreprises hogares
    personas empresas domicilios pessoas famiglie imprese huishoudens bedrijven hushall
    personer
    husstander husholdninger домохозяйств населения
"""
# Words that stand before another noun in English: `agricultural land` is no farming.
BEFORE_NOUNS = """
    maize harvest agricultural agriculture farm farming farms crop crops food dairy livestock
    cattle fruit sugar cotton rice
    grain meat milk wheat cereal potato coffee cocoa egg eggs fertilizer fishery fisheries
    forestry timber
    vegetables retail wholesale manufacturing income incomes wage wages salary earnings
    employment
    population workforce employees employee workers jobs retailers supermarket
    restaurant
    internet broadband smartphone solar photovoltaic pv wind
"""
# Words that may follow those, besides measures and words of subjects.
AFTER_NOUNS = """
    mid year end start census annual estimate
    male female men women rural urban total resident working active foreign young old
    residente
    projections estimates forecast statistics residentes activa ativa attiva residenti urbana
    rurale rurales urbaines totale salariee salarie
    farming gardening hunting fishing lines trade industry industries sector sectors
    firms enterprises companies people persons households
    energy power electricity panels pv modules generation turbines turbine farms connections
    access
    bread products goods crops animals sales
    who which that aged ages age using held employed living connected
"""
# What may follow the last word of a subject where words have no spaces between them.
UNSPACED_MEASURES = """
    销量 銷量 发电量 保有量 保有 统计 全国
    数量 人数 户数 総数 总数 總數 总量 总额 總額 总值 總值 数 數 额 額 量 情况 基本 产量 產量
    产值 產值 增加值 销售 銷售 消费 消費 生产 生産 生產 面积 用户 用戶 使用 普及 収穫 出荷 販売
    売上 高 業 业 者 者数 人 装机 容量 接入 规模 規模 交易 渗透 总 總 年末 年 及 和 与 의 및
    수 액 량 생산 판매 매출 매출액 업 업체 이용 대수 등록 보급 支出 统计 統計 主要 指标 状況 の
    車 台 台数 登録 普及率 産業 总产值 零售 批发
"""
