"""Words that say what a series is about, in the languages that the reader knows.

By subject and weight. `stem*` is the beginning of a word, `*stem*` is anywhere in one, and
`two_words` stand next to each other. Chinese, Japanese and Korean words are looked for in the text
as it is. Letters are as `titles.plain` writes them: without accents, in lower case. `OTHER` is
what no subject is learned for: where it weighs as much as a subject, that subject is not sure.
"""

from collections.abc import Mapping

OTHER = "other"

WORDS: Mapping[str, Mapping[int, str]] = {
    "adoption": {
        4: """
            electric_car* electric_bike* smart_meter* electric_vehicle* electric_bus*
            electric_truck* battery_electric
            plug_in
            ev_sales ev_stock evs bev bevs phev e_car* e_bike* e_scooter* charging_point*
            charging_station*
            chargers
            internet_user* internet_subscri* internet_access internet_penetration
            individuals_using_the_internet using_the_internet mobile_phone* mobile_subscri*
            mobile_cellular cell_phone* cellphone* cellular smartphone* broadband fibre_optic 5g
            4g
            personal_computer* social_media mobile_money mobile_payment* digital_payment*
            contactless e_commerce ecommerce online_shopping online_retail* online_sales
            online_shop* photovoltaic* pv solar wind_power wind_energy wind_capacity
            wind_turbine*
            wind_generation wind_installed onshore_wind offshore_wind heat_pump*
            streaming_subscri*
            home_batter* battery_storage cloud_computing cloud_services generative_ai telemedicine
            online_banking
            podcast* industrial_robot* robots e_book* fixed_line* telephone_line*
            elektroauto* elektrofahrzeug* elektromobil* e_auto* mobiltelefon* breitband*
            internetnutz* internetzugang* onlinehandel* onlineshop* online_handel* photovoltaik*
            solarstrom* solarenergie* solaranlag* windkraft* windenergie* warmepump* ladepunkt*
            ladesaul* *elektroautos* *smartphone* *breitband*
            voiture*_electrique* vehicule*_electrique* voitures_electriques vehicules_electriques
            telephon*_mobile* telephonie_mobile telephones_mobiles haut_debit commerce_en_ligne
            ventes_en_ligne commerce_electronique photovoltaique* eolien* pompes_a_chaleur
            utilisateurs_d_internet utilisateurs_internet acces_a_internet
            coche*_electrico* coches_electricos vehiculos_electricos autos_electricos
            telefonia_movil telefonos_moviles banda_ancha comercio_electronico fotovoltaic*
            eolica* usuarios_de_internet internautas energia_solar
            carros_eletricos veiculos_eletricos automoveis_eletricos telemoveis celulares
            banda_larga comercio_eletronico eolico* utilizadores_da_internet
            usuarios_da_internet
            auto_elettriche veicoli_elettrici telefonia_mobile telefoni_cellulari
            commercio_elettronico utenti_internet utenti_di_internet
            elektrische_auto* elektrische_personenauto* elektrische_voertuig* internetgebruik*
            zonne_energie zonnepanel*
            zonnestroom windenergie laadpal* webwinkel* warmtepomp* mobiele_telefon*
            samochod*_elektryczn* samochody_elektryczne pojazdy_elektryczne uzytkownicy_internetu
            telefony_komorkowe szerokopasmow* fotowoltai* energia_wiatrowa handel_internetowy
            pompy_ciepla
            elbil* elektriska_bilar elektriske_biler internetanvand* mobilabonnemang* bredband*
            bredband solkraft solceller
            solenergi
            vindkraft* varmepump* natthandel* naethandel* e_handel*
            internetbruker* internetbruger* vindmolle* varmepumpe* ladbar*
            mobilabonn* netthandel* nethandel*
            sahkoauto* laajakaista* aurinkovoima* aurinkoenergia* aurinkosahko* tuulivoima*
            lampopump* matkapuhel* verkkokaup* internetin_kayttaj*
            elektrikli_arac* elektrikli_otomobil* internet_kullan* genis_bant gunes_enerji*
            ruzgar_enerji* cep_telefonu e_ticaret akilli_telefon*
            mobil_listrik kendaraan_listrik pengguna_internet telepon_seluler
            perdagangan_elektronik
            tenaga_surya
            электромобил* интернет_пользовател* пользовател*_интернет* пользователи_интернета
            пользователей_интернета широкополосн* смартфон* мобильн*_связ* сотов* солнечн*
            ветроэнерг*
            ветрян* интернет_торгов* онлайн_торгов* тепловых_насосов тепловые_насосы
            електромобіл* користувач*_інтернет* користувачі_інтернету сонячн* вітрян*
            широкосмугов*
            سيارات_كهربائيه سيارات_الكهربائيه مستخدمي_انترنت مستخدمو_انترنت مستخدمي_الانترنت
            مستخدمو_الانترنت هاتف_محمول هواتف_محموله طاقه_شمسيه الطاقه_الشمسيه طاقه_رياح
            تجاره_الكترونيه التجاره_الالكترونيه نطاق_عريض
            خودروهاي_برقي خودرو_برقي كاربران_اينترنت تلفن_همراه انرژي_خورشيدي تجارت_الكترونيكي
            انرژي_بادي
            电动汽车 电动车 新能源汽车 充电桩 网民 互联网用户 上网人数 宽带 移动电话 智能手机
            手机用户 网络零售
            网上零售 网购 网络购物 电子商务 电商 移动支付 光伏 太阳能 风电 风力发电 热泵
            互联网普及率
            電動車 電動汽車 網民 寬頻 行動電話 智慧型手機 網路購物 電子商務 太陽能 風力發電
            電気自動車 インターネット利用者 携帯電話 スマートフォン ブロードバンド 太陽光 風力
            電子商取引
            ネット通販 ヒートポンプ
            전기차 전기자동차 인터넷_이용자 인터넷이용자 인터넷_사용자 스마트폰 휴대전화
            초고속인터넷 태양광 풍력
            전자상거래 온라인쇼핑 온라인_쇼핑
        """,
        2: "online subscriber* subscription*",
        1: "users internet",
    },
    "population": {
        3: """
            population populations inhabitants residents labour_force labor_force workforce
            employed_persons persons_employed number_employed employees employment jobs
            number_of_workers workers self_employed headcount
            bevolkerung* einwohner* erwerbstatig* erwerbspersonen beschaftigte beschaftigung
            *bevolkerung* arbeitskrafte
            habitants population_active emploi emplois
            poblacion* habitantes poblacion_activa empleados empleo trabajadores ocupados
            populacao emprego trabalhadores populacao_ativa
            popolazione abitanti occupati occupazione forza_lavoro forze_di_lavoro lavoratori
            bevolking* inwoners werkgelegenheid werkzame beroepsbevolking *bevolking*
            ludnosc* mieszkanc* zatrudnien* pracujac* zatrudnieni
            befolkning* invanare sysselsatt* folkmangd* *befolkning* arbetskraft*
            indbygger* innbygger* beskaeftig* beskaftig* folketal* folkemengde* arbejdsstyrk*
            vakiluku* vaesto* asukas* asukkaat tyolli* tyovoima* vakimaara*
            nufus* istihdam* isgucu calisan_sayisi
            penduduk populasi tenaga_kerja angkatan_kerja
            населени* жител* занят* рабочая_сила численность_работников
            населення жителів зайнят* зайнятість
            سكان السكان قوي_عامله عماله القوي_العامله جمعيت شاغلان اشتغال نيروي_كار
            人口 就业人员 就业人数 从业人员 劳动力 就業 就業人數 勞動力 居民人数
            就業者 労働力 雇用者 従業者
            인구 취업자 경제활동인구 고용
        """,
        1: "people persons households personen personnes personas persone osob menschen",
    },
    "economy": {
        2: """
            gdp gnp gni gross_domestic_product gross_national_income gross_national_product
            national_income national_product value_added gva disposable_income income incomes
            household_income per_capita_income wages wage earnings salary
            capital_stock gross_fixed_capital labour_cost labor_cost compensation_of_employees
            bip bruttoinlandsprodukt* bruttoinlandprodukt* bruttosozialprodukt* volkseinkommen
            bruttowertschopfung*
            einkommen* verfugbares_einkommen lohne lohn *einkommen* bruttolohn*
            pib produit_interieur_brut revenu_national revenu*_disponible* revenu_disponible
            revenus salaires valeur_ajoutee
            producto_interno_bruto producto_interior_bruto renta_nacional renta_disponible
            renta_media ingreso_medio ingresos_de_los_hogares salarios valor_agregado
            produto_interno_bruto renda_nacional rendimento_disponivel rendimento_nacional
            renda_disponivel
            pil prodotto_interno_lordo reddito redditi salari
            bbp bruto_binnenlands_product besteedbaar_inkomen inkomen* lonen
            pkb produkt_krajowy_brutto dochod* wynagrodz* plac
            bnp bruttonationalprodukt* disponibel_inkomst inkomst* loner bruttonasjonalprodukt*
            inntekt* indkomst* lonninger lonn
            bkt bruttokansantuote* tulot palkat kaytettavissa_olevat_tulot
            gsyh gayri_safi_yurtici_hasila milli_gelir gelir ucret*
            pdb produk_domestik_bruto pendapatan_nasional pendapatan_per_kapita upah
            ввп валов*_внутренн* валов*_региональн* валовой_внутренний доход*_населени*
            денежн*_доход* располагаем*_доход* зарплат* заработн* национальный_доход
            валовий_внутрішній валовий внп доходи_населення наявн*_доход* заробітн*
            ناتج_محلي الناتج_المحلي دخل_قومي دخل الدخل اجور
            توليد_ناخالص درآمد_ملی درآمد_خانوار دستمزد
            国内生产总值 生产总值 国民收入 可支配收入 人均收入 工资 收入水平 國內生產毛額
            生產毛額 國民所得 可支配所得
            薪資 国内総生産 国民所得 可処分所得 賃金 所得
            국내총생산 국민총소득 가처분소득 소득 임금
        """,
    },
    "spending": {
        4: """
            consumption_expenditure* consumer_spending consumer_expenditure* household_spending
            household_expenditure* food_expenditure personal_consumption private_consumption
            final_consumption family_expenditure* living_expenditure*
            konsumausgaben privatkonsum privater_konsum haushaltsausgaben
            depenses_de_consommation depenses_des_menages gasto_de_consumo gasto_de_los_hogares
            gastos_de_consumo consumo_de_los_hogares
            consumo_privado despesas_das_familias despesa_de_consumo consumo_das_familias
            spesa_per_consumi spesa_delle_famiglie consumi_delle_famiglie consumi_finali
            consumptieve_bestedingen consumptie_van_huishoudens bestedingen_van_huishoudens
            wydatki_konsumpcyjne wydatki_gospodarstw spozycie_indywidualne
            hushallens_konsumtion* konsumtionsutgift* husholdningenes_konsum privat_konsum
            privatforbrug husholdningernes_forbrug forbrugsudgift*
            kotitalouksien_kulutus* kulutusmenot yksityinen_kulutus
            tuketim_harcama* hanehalki_tuketim* hanehalki_harcama*
            pengeluaran_konsumsi konsumsi_rumah_tangga pengeluaran_rumah_tangga
            потребительск*_расход* расходы_домохозяйств потребление_домохозяйств
            конечное_потребление расходы_на_потребление
            споживч*_витрат* витрати_домогосподарств
            انفاق_استهلاكي الانفاق_الاستهلاكي انفاق_اسر هزينه_خانوار هزينه_مصرفي
            消费支出 居民消费 家庭消费 生活消费 消費支出 家庭支出 民間消費 家計消費 소비지출
            가계소비 민간소비
        """,
        3: "household_consumption consommation_des_menages",
    },
    "retail": {
        4: """
            retail retailing retailer* retail_sales supermarket* department_store* wholesale
            grocery_store* convenience_store* store_sales store_turnover
            food_store* food_shop* retail_store* retail_shop* supermarket_stores
            einzelhandel* grosshandel* supermarkt* *einzelhandel*
            commerce_de_detail vente_au_detail ventes_au_detail commerce_de_gros supermarche*
            comercio_minorista comercio_al_por_menor ventas_minoristas ventas_al_por_menor
            supermercado* comercio_varejista varejo vendas_a_retalho comercio_a_retalho
            commercio_al_dettaglio vendite_al_dettaglio supermercati commercio_all_ingrosso
            detailhandel* groothandel*
            handel_detaliczny sprzedaz_detaliczna sprzedazy_detalicznej handlu_detalicznego
            detaljhandel* detaljomsetning* varehandel* dagligvaruhandel*
            vahittaiskaup* tukkukaup*
            perakende* toptan_satis*
            perdagangan_eceran penjualan_eceran ritel
            розничн* оптов*
            роздрібн*
            تجزئه تجاره_تجزئه مبيعات_تجزئه خرده_فروشي
            零售 社会消费品 批发 超市 批發 小売 卸売 스ーパー 소매 도매 백화점
        """,
    },
    "services": {
        3: """
            hotel_sales restaurant* catering food_services accommodation_services legal_services
            business_services professional_services service_industr* services_sector
            services_turnover service_sector coffee_shop* coffee_bar* coffee_chain*
            dienstleistung* gastgewerbe* gaststatten* gastronomie*
            restauration secteur_des_services restaurants
            hosteleria sector_servicios restaurantes restauracao sector_dos_servicos
            ristorazione ristoranti settore_dei_servizi
            horeca dienstverlening zakelijke_dienstverlening
            uslug* gastronomi*
            tjanstesektor* tjansteforetag* restauranger restaurantvirksomhed serveringsvirksomh*
            palveluala* ravintola* palvelualat
            hizmet_sektoru lokanta*
            sektor_jasa restoran
            сфер*_услуг* общественн*_питан* услуг
            сфер*_послуг* послуг
            خدمات_مطاعم قطاع_خدمات مطاعم
            服务业 餐饮 服務業 餐飲 サービス業 外食 飲食 서비스업 음식점
        """,
        2: "services",
    },
    "manufacturing": {
        4: """
            manufacturing manufacture manufactures manufacturers factory_output
            industrial_production
            industrial_output
            verarbeitendes_gewerbe verarbeitenden_gewerbe industrieproduktion* maschinenbau*
            industrie_manufacturiere production_industrielle industries_manufacturieres
            industria_manufacturera manufactur* produccion_industrial manufatur*
            producao_industrial
            industria_de_transformacao industria_transformadora
            industria_manifatturiera manifattur* produzione_industriale
            industriele_productie maakindustrie verwerkende_industrie
            przetworstw* produkcja_przemyslowa przemysl_przetworczy
            tillverkningsindustri* industriproduktion* industriproduksjon*
            fremstillingsvirksomhed
            teollisuustuotanto* tehdasteollisuu*
            imalat* sanayi_uretim*
            industri_pengolahan manufaktur
            обрабатывающ* промышленн*_производств* промышленного_производства
            переробн*_промислов* промислов*_виробництв*
            صناعات_تحويليه الصناعه_التحويليه صناعات_التحويليه توليدات_كارخانه صنايع_كارخانه
            制造业 工业增加值 工业产值 製造業 工業生產 鉱工業 제조업 공업
        """,
    },
    "agriculture": {
        3: """
            agriculture agricultural farming farm farms crop crops wheat maize rice cereal
            cereals
            grain grains barley soybean* soya potato* vegetables fruit fruits livestock cattle egg
            milk
            meat beef pork poultry eggs fishery fisheries fish_catch aquaculture forestry timber
            wood_removal* roundwood sugar food_supply calorie* kilocalorie* protein_supply
            fat_supply
            fertilizer* fertiliser* harvest harvested arable cropland coffee cocoa cotton oats
            dairy orchards vineyards honey
            landwirtschaft* ackerbau* weizen* getreide* kartoffel* ernte* milcherzeug* fleisch*
            viehbestand* milch forstwirtschaft* gemuse* obst* zuckerrub* *landwirtschaft*
            agricole* cereales ble betail lait viande peche sylviculture pommes_de_terre recolte*
            legumes
            agricultura agricola* trigo maiz ganaderia leche carne pesca cosecha* arroz
            cultivos fertilizantes
            milho leite pecuaria colheita* graos
            agricoltura grano frumento cereali latte bestiame raccolto riso
            landbouw* tarwe granen aardappel* melk vlees visserij oogst* akkerbouw* veestapel
            rolnictw* rolnicz* pszenic* zboz* zbior* mleko mleka miesn* ziemniak* bydl* ryb
            jordbruk* spannmal* potatis mjolk kott skord* fiske skogsbruk*
            landbrug* hvede korn maelk kod hvete poteter kjott fangst avling*
            maatalou* vehna* vilja* peruna* maito* liha* kalastu* sato sadot
            tarim* bugday misir sut hayvancilik balikcilik hububat patates
            pertanian padi beras jagung perikanan susu daging gandum
            сельск*_хозяйств* сельского_хозяйства пшениц* зерн* картофел* молок* мяс* урож* скот*
            рыболов* животновод*
            сільськ*_господарств* картопл* врожа*
            زراعه زراعي الزراعه قمح حبوب ارز لحوم حليب ثروه_حيوانيه محاصيل
            كشاورزي گندم برنج شير گوشت غلات
            农业 粮食 小麦 玉米 稻谷 水稻 大豆 肉类 牛奶 渔业 农林牧渔 蔬菜 水果 棉花 茶叶 林业
            猪肉
            農業 糧食 稻米 漁業 農作物 米の収穫 漁獲 牛乳 生乳 農業産出 収穫量
            농업 쌀 곡물 축산 어업 우유 밀_생산
        """,
        2: "food",
    },
    "share": {
        3: """
            share shares percentage proportion percent_of per_cent_of pct_of unemployment_rate
            employment_rate employment_rates unemployment_rates activity_rates participation_rates
            as_share as_a_share as_proportion as_a_proportion participation_rate literacy_rate
            enrolment_rate enrollment_rate
            urbanization_rate jobless_rate of_gdp
            anteil* *anteil* arbeitslosenquote erwerbsquote quote
            part_de part_des part_du part_d taux_de_chomage taux_d_emploi pourcentage
            porcentaje proporcion tasa_de_desempleo tasa_de_paro cuota participacion
            percentagem porcentagem proporcao taxa_de_desemprego quota
            percentuale tasso_di_disoccupazione
            aandeel werkloosheidspercentage
            udzial* stopa_bezrobocia odsetek
            andel* arbetsloshet* andelen arbejdsloshed* arbeidsledighet*
            osuus* osuudet tyottomyysaste prosenttiosuus
            payi orani issizlik_orani yuzdesi
            persentase pangsa tingkat_pengangguran
            доля доли долю долей доле удельный_вес процент_от уровень_безработицы
            частк* рівень_безробіття
            نسبه حصه معدل_بطاله سهم نرخ_بيكاري
            占比 比重 比例 份额 失业率 労働力率 城镇化率 占gdp 佔比 失業率 シェア 割合 構成比 比率
            비중 비율 실업률 고용률 점유율
        """,
    },
    OTHER: {
        9: """
            evolution growth yoy qoq year_on_year change changes variation increase
            rate_of_change cagr
            wachstum* *wachstum* veranderung* zuwachs* croissance crecimiento variacion
            crescimento
            variacao crescita variazione groei* verandering* wzrost* zmian* tillvaxt* vekst*
            vaekst
            forandring* forandring kasvu* muutos* buyume* degisim* pertumbuhan perubahan
            рост* прирост* изменени* темп* зростанн* приріст* نمو تغير رشد تغييرات
            增长 增速 增幅 同比 环比 成長率 増減 増加率 성장률 증가율 증감
        """,
        5: """
            government_final government_consumption public_consumption
            price prices cpi ppi inflation deflator cost costs lcoe index_of_prices exchange_rate
            interest_rate* stock_price* share_price* share_price shares_outstanding
            market_share_price share_issued shares_issued hicp tariff_rate* tax_rate*
            lending_rate* deposit_rate* discount_rate* return_on points_de percentage_point*
            prozentpunkt*
            shares_in_millions shares_in_thousands average_shares number_of_shares
            earnings_per_share dividend* valuation
            emission* co2 carbon greenhouse ghg methane pollution pm2 nox sulphur sulfur
            cases tetanus death deaths mortality fatal* killed suicide* homicide* murder*
            casualties
            disease* cancer hiv malaria tuberculosis incidence prevalence infection* obesity
            undernourish* stunting vaccin* immuni* hospital* patients
            fertility births birth_rate death_rate life_expectancy marriage* divorce*
            score rank ranking happiness satisfaction democracy freedom corruption
            temperature rainfall precipitation
            per_100_000 per_100000 per_1_000 per_1000 per_million
            gini inequality poverty poor ratio gap density bond_yield* crop_loss*
            animal wildlife species population_division refugee* migrant* migration immigra*
            emigra* asylum
            ppp_conversion external_balance overcrowding
            durchschnittsalter* sozialhilfequote* arbeitslose arbeitslosen grenzganger* beurteilung*
            preis* *preise* verbraucherpreis* kosten todesfall* gestorben* sterbe* geburten
            krankheit* armut* zinsen zins *dichte*
            prix deces mortalite naissances maladie* pauvrete cout* taux_d_interet loyer*
            precio* muertes mortalidad nacimientos enfermedad* pobreza coste* costo* defunciones
            preco* mortes mortalidade nascimentos doenca* custo* obitos
            prezz* decessi mortalita nascite malattie poverta costo costi morti
            prijs* prijzen sterfte* overleden geboorten ziekte* armoede
            ceny zgon* urodzen* emisj* umieraln* chorob* ubostw*
            pris priser prisindeks* prisindex* dodsfall* dodsfald* dode utslapp* utslipp*
            udledning*
            fodda fodsler fodte sjukdom* fattigdom*
            hinta* hinnat kuolem* kuolleet paasto* syntynee* syntyvyys sairau* koyhyys
            fiyat* olum* emisyon* dogum* hastalik* yoksulluk
            harga kematian emisi kelahiran penyakit kemiskinan
            цен цены цена смертн* смерт* умерш* выброс* рождаем* родивш* заболева* бедност*
            инфляц*
            ціни ціна викид* народжуван* захворюван* бідніст*
            سعر اسعار وفيات انبعاثات مواليد مرض فقر تضخم قيمت مرگ انتشار تورم بيماري
            价格 物价 通胀 死亡 排放 出生 疾病 贫困 成本 房价 指数 價格 物價 房價 死亡數 価格
            物価 死亡者 出生数 排出
            가격 물가 사망 배출 출생
        """,
        3: """
            export exports import imports trade_balance trade_deficit tariff debt loans credit
            deposits
            government public military defence defense tax taxes taxation budget fiscal
            electricity energy coal oil gas petroleum gasoline diesel fuel fuels power biofuel*
            biomass
            nuclear hydro hydropower renewable renewables
            gold silver copper cobalt lithium nickel zinc iron steel aluminium aluminum cement
            mineral minerals mining quarrying ore metal metals
            patent patents publications research r_d science scientific
            health medical doctors physicians nurses pharmaceutical*
            education school* student* pupil* teacher* university universities
            tourist* tourism arrivals visitors overnight passenger* freight cargo flights
            airport*
            crime crimes accidents police prison*
            water waste recycling forest_area deforestation protected land_area area
            housing dwelling* rent rents mortgage* vehicles cars registrations traffic
            aid remittance* foreign_direct_investment fdi market_capitali* bonds
            exporte* importe* ausfuhr* einfuhr* schulden* strom* energie* kohle* erdol* erdgas*
            steuer* gesundheit* schul* studier* ubernachtung* abfall* wasser*
            exportations importations dette* electricite energie charbon petrole gaz sante ecole*
            impot* dechets
            exportacion* importacion* deuda electricidad energia carbon petroleo salud impuesto*
            turist* residuos
            exportac* importac* divida eletricidade carvao saude imposto*
            esportazion* importazion* debito elettricita carbone petrolio salute scuola
            turismo rifiuti
            uitvoer invoer schuld elektriciteit gezondheid* toerist* afval
            eksport* dlug* energi* wegl* ropa zdrowi* szkol* turyst* odpad*
            utlandsk* skuld* elektricitet kol olja halso* skol* turism* avfall
            gjeld gaeld strom kull olje helse* skole* sundhed*
            vienti tuonti velka sahko energia* hiili oljy terveys* koulu* matkailu* jate*
            ihracat* ithalat* borc* elektrik enerji* komur petrol saglik okul atik
            ekspor impor utang listrik energi batubara minyak kesehatan sekolah wisatawan
            экспорт* импорт* долг* электроэнерг* энерг* уголь угля нефт* газ здравоохран* школ*
            турист* отход* налог*
            експорт* імпорт* борг* електроенерг* енерг* вугілл* нафт* здоров*
            صادرات واردات دين كهرباء طاقه نفط غاز صحه تعليم سياح ضرائب برق انرژي نفت گاز بهداشت
            آموزش گردشگر
            出口 进口 债务 电力 发电 能源 煤炭 石油 天然气 医疗 卫生 教育 学校 游客 旅游 旅客
            客运 货运 税收 财政 专利
            黄金 铜 钢铁 水泥 矿 用电 進口 債務 電力 發電 旅遊 輸出 輸入 発電 観光 医療 税収 特許
            수출 수입 전력 발전 관광 의료
        """,
        # What households buy and industries sell, so that the word `services` alone is not sure.
        2: """
            subsid* financial insurance_services transportation_services
            transport_services recreation_services recreational_services other_services
            income_from net_income interest_income primary_income secondary_income
            middle_income low_income high_income распределени* services_trade takeaway_food
            services_providing purchased
        """,
    },
}
