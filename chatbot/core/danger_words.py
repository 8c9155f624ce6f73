"""The words of present danger, and the words for help, places and persons that stand around them.

Owns data only, in standard spelling as ``spelling`` gives it, in Indonesian, Javanese, Sundanese and English. Refuses
weighing: what a word counts is its table, what a sentence means is for ``emergency``.
"""

from __future__ import annotations

# Roots of violence done to a person: what is done with "di-", "ke-", "ter-" to someone is an emergency by itself.
_VIOLENT_ROOTS = (
    "tusuk tikam bacok tembak bunuh sandera culik rampok begal keroyok perkosa sekap gebuk aniaya siksa cekik cekek "
    "jambret sabet tebas bantai cabul rudapaksa bekap todong garong gorok sekep bacoki kepruk gepuk gebug tewek "
    "kadek dhupak bandem gebugi begug borgol_paksa"
).split()
# Done to a person these are violent only with more around them; done to a door they are a break-in.
_ROUGH_ROOTS = (
    "pukul seret injak lempar racun leceh paksa siram serang kejar hajar gantung tendang tabrak tampar "
    "hadang palak peras "
    "rampas bakar amuk kepung lindas hantam bius bekuk gilas jambak cegat terkam tonjok sodomi gagahi massa usir "
    "kurung ikat iket rante rantai sergap cakar banting jotos keplak antem kampleng teunggeul buntut "
    "untit kuntit intil "
    "congkel cungkil bobol jebol dobrak bongkar timpa tindih gencet jepit sengat setrum setrom patuk gigit seruduk "
    "oyak udag uber serobot pukuli lempari tabok gampar sundut setrika duruk tumbuk bogem gerebek labrak teror "
    "tembaki geprek pentung pentungi celakai colong maling copet rebut seret"
).split()


def _forms(roots: list[str], shapes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(shape.format(root) for root in roots for shape in shapes)


_PASSIVE = ("di{}", "ke{}", "ter{}", "ka{}", "di{}i", "di{}in", "di{}an", "di{}keun")
_NASALS = {"t": "n", "p": "m", "s": "ny", "k": "ng", "b": "mb", "g": "ngg", "j": "nj", "c": "nc", "d": "nd"}


def _actives(roots: list[str]) -> frozenset[str]:
    """Make what someone does to another: "nusuk", "menusuk", "ngeroyok", "mukulin"."""
    made: set[str] = set()
    for root in roots:
        nasal = _NASALS.get(root[0])
        lost = root[0] in "tpsk"
        stems = {nasal + (root[1:] if lost else root)} if nasal else {"nge" + root, "ng" + root, "me" + root}
        stems |= {"nge" + root, "ny" + root[1:] if root[0] == "c" else "nge" + root}
        for base in stems:
            for ending in ("", "i", "in", "an", "kan", "keun"):
                made.add(base + ending)
                made.add("me" + base + ending)
    return frozenset(made)


_STRONG_MORE = """
dibunuh bunuh pembunuhan penusukan penikaman pembacokan penembakan penyanderaan penculikan culik perampokan pembegalan
pengeroyokan perkosaan pemerkosaan penyekapan penganiayaan kebakaran dirampog rampog disudhuk dikampak dikaroyok
diantemi dikepruk dikampleng dicekek titeuleum tenggelam klelep kelelep kalelep hanyut kintir keli palid kecemplung
kecebur tercebur
dirogahala dirudapaksa bunuhdiri kendat nglalu overdosis sekarat kritis tertembak tertusuk terbakar tersandera
terjebak kejebak terperangkap terkurung kejepit terjepit kebanjiran tertimbun ketimbun tertimpa ketimpa meledak
ledakan njeblug jeblug mbledos bledos ngabeledug bitu pengeboman dibom tawuran tawur kdrt dipukuli dianiaya disiksa
stabbed stabbing shooting gunshot gunman robbed robbery robber kidnapped kidnapping kidnap kidnapper abducted murdered
murder murderer raped raping rape rapist bleeding unconscious drowning drowned suicide suicidal overdose overdosed
hostage explosion exploded burglar burglary burglars intruder intruders mugged mugging mugger choking strangled
strangling stabs collapsed assaulted burning molested attacker arson trapped attacked machete
semaput kapiuhan keracunan kesetrum kesetrom kasetrum tersetrum tersengat sengatan kejang kejang2 pendarahan
perdarahan berdarah berdarah2 bersimbah getihan tergeletak geletak ngageletak gumletak digorok bacok bacokan
tembakan penyerangan kemalingan pencabulan dicabuli
""".split()

_SHORT = 5  # letters; shorter words have too many neighbours
_MEDIUM = """
maling pencuri rampok perampok begal jambret penjambret penodong copet pencopet kecelakaan laka lakalantas tabrakan
nabrak menabrak tubrukan tumbukan ditabrak
terpental terguling keguling guling tawuran bentrok bentrokan kerusuhan rusuh ricuh keributan gelut berkelahi
perkelahian
keroyokan bom granat teroris longsor longsoran banjir bandang gempa tsunami lindhu lini caah urug runtuh roboh ambruk
amblas api geni seuneu kobaran asap berasap korban luka terluka getih darah pingsan sesak tewas meninggal mayat jenazah
mengamuk ngamuk amuk membunuh bunuh mateni maehan menusuk nusuk membacok mbacok bacok menembak nembak tusuk tembak
menyerang nyerang menodong nodong dikejar dioyak diudag diuber dibuntuti diikuti dikuntit diancam ngancam mengancam
ancaman dikeprak penyusup mencuri nyuri nyolong maok
dicuri kecurian mencekik nyekik mencekek menyekap menculik nyulik penculik memperkosa merampok memukuli mukuli mukulin
gebukin nggebuki memukul mukul nggepuki menyiksa nyiksa menganiaya pisau golok parang celurit clurit pedang samurai
pistol senjata tajam api bedog peso lading arit gaman linggis panah busur airsoft molotov tombak badik mandau keris
diperas sandera
fire gun knife shot shots gunshots accident crash crashed blood dying dead attack attacking beat beats beating beaten
killing kill killed thief thieves stealing burglarize bomb riot brawl fight fighting threatening threatened
threaten threatens weapon
stalker stalking following followed hit injured wounded hurt hurting breaking broke smoke flames flood landslide
earthquake
hanging jump seizure ambulance choke chasing chased screaming drunk abusing abused abuse hitting punching
 baygon tabunan digerebek tergencet
dibuang bayi balita keguguran pendarahan epilepsi stroke jantung
""".split()

_MEDIUM_TOO = """
nyemplung kecebur nyungsep terbalik tibalik kebalik kebalek terguling karam karem kandas tumbang rubuh robuh
nimpa menimpa jurang jungkrang lahar lahare
galodo hanyuik hanyut kesengat kesetrum kecanthol gelantungan kegencet kagencet kunduran keseret kaseret tersambar
ngeroyok mukulan ngantemi baku bacakak klewang kelewang palu bensin mortir granat klorin amonia buaya harimau beruang
berbusa umpluk muntah kejang2 nadi nafas napas ambegan lahiran melahirkan brojol ngagoler ngageletak
mayit jasad bangkai body corpse sinking sank sunk dragged fell cliff fainted faint fainting petrol gasoline
sickle sickles
machetes shotgun rifle pistol grenade wires mob looting kidnappers rapists stab abduct abducting choked overdosing
poisoned poison poisoning electrocuted stuck drown capsized overturned avalanche tsunami eruption erupting lava
erupsi letusan meletus penyekap dirante dirantai nyekap
wasiat gantungdiri maot nyilet ngiris terkapar terkulai lunglai tergolek cekcok
dipasung disundut disetrika disiramin perahu prau parahu kapal boat helikopter pesawat
seretan pelecehan cabul kemaluan telanjang nodong kasir diberondong brondong berondong bazoka
lebam memar bonyok bengep remuk gosong melepuh putus copot buntung
 malingg bangsatna copetan jambretan rampog garong
nggoco nyakot nyokot dicokot disosor dipatok dipatuk ular tawon macan gajah
runtuhan reruntuhan puing korsleting konslet elpiji tabung gas bocor
senapan laras sword swords slashed slashing swallowed buried burried dijarah menjarah jarah penjarahan kecelup
diapit disergap dicegat nyegat menyergap gerombol gerombolan segerombolan
""".split()

_WEAK = """
lompat ngetok ngetuk ketok menggedor gedor gedoran maksa paksa narik menarik ditarik dibawa direbut dikunci
dikurung dikonci kekunci
kunci ngumpet nyumput sumput didhelikke ndhelik sembunyi umpet ngikutin ngikuti mengikuti diikutin nungguin
ngadagoan ditunggu ditungguin
naik genteng pagar pager jebol jendela wc kolong ranjang pojok gelap sendirian piyambakan nyiram lempar melempar
tumpahan menyengat pusing mual mencret lemas lemes lunglai pucat pingsan membiru sesak megap ngap
rel jembatan tower balkon rooftop atap tebing tepi pamit terakhir trakhir goodbye selamanya peduli tali
 koper ransel kardus bungkusan paket kabel sumbu tiktik
asing kenal nekat ngebut ugal nabrakin neror neroran ormas preman massa anarkis mengepung
tertimbun galian lubang sumur septic tank gorong irigasi parit selokan segara laut ombak arus sungai banjir
ngobrak acak diacak diobrak bongkar brangkas gudang sensor cctv notif live
kesurupan massal desak berdesakan jatuh labuh ragrag tibo ambrol retak miring
dementia demensia pikun ngigau sakau sakaw ngoplo teler
lost cold alone inside drowned scream screams shouting yelling crying weapons mask masked van followed follows
waiting outside
touching groping grabbed grabbing grab pulled pulling forced forcing locked lock tied hostage roof flood
gas smell leak leaking wave current strangers stranger rocks cliff bridge tower rope alive anymore
lonely hopeless worthless cant breathe pulse breath pregnant labor labour contractions
ngambang deras terapung mengapung listing sinking neck blue pil pilnya tanpa ngeluarin keluarin jackets
hirup hurung ceurik ngajerit ngajerit jerit raheut getih gerak obah

takut sieun wedi ketakutan ngeri panik nangis menangis teriak berteriak jerit menjerit teriakan jeritan bengok
mencurigakan mondar mandir ngintip mengintip gedor menggedor gedor2 dobrak mendobrak didobrak menerobos mabuk mendem
geng gangster klitih kreak gerombolan preman racun obat loncat lompat terjun nyebur gantung menggantung silet menyilet
nekad nekat hilang kabur selamatkan selametin nyawa bahaya berbahaya parah patah pecah kaca darurat mati terkapar
lemas lemes kaku membiru tertidur bersembunyi sembunyi ngumpet hiding hide scared afraid knocking screaming
diseret dipaksa dikunci terkunci disiram dilempar dilempari melempari menyeret memaksa penuh
""".split()

STRONG: frozenset[str] = frozenset(_STRONG_MORE) | _forms(_VIOLENT_ROOTS, _PASSIVE)
MEDIUM: frozenset[str] = (
    frozenset(_MEDIUM) | frozenset(_MEDIUM_TOO) | _forms(_ROUGH_ROOTS, _PASSIVE) | _actives(_VIOLENT_ROOTS)
) - STRONG
WEAK: frozenset[str] = (frozenset(_WEAK) | _actives(_ROUGH_ROOTS)) - MEDIUM - STRONG
# Words that a misspelt one may be read as: not the rare forms, which have too many harmless neighbours.
SURE_FORMS: frozenset[str] = (
    frozenset(_STRONG_MORE)
    | frozenset(word for word in _MEDIUM if len(word) > _SHORT)
    | _forms(_VIOLENT_ROOTS, ("di{}", "di{}in", "di{}i"))
    | frozenset({"tabrakan", "ditabrak", "dipukulin", "disekap", "dikepung", "dikejar", "diserang"})
)

# Whoever uses these wants someone to come, or says that it is happening now.
HELP: frozenset[str] = frozenset(
    "tolong help sos darurat gawat emergency urgent cepat cepet cepetan buruan segera bantu selamatkan please hurry "
    "bahaya siaga mayday selametin enggal geura gage gagean police polisi patroli ambulans ambulance damkar asap "
    "kirim datang 110 112 119 rescue immediately".split()
)
NOW: frozenset[str] = frozenset(
    "sekarang sedang barusan masih baru tadi now currently still just happening right berlangsung kejadian malam_ini "
    "terus makin mulai sampai_sekarang detik nuju".split()
)
PLACE: frozenset[str] = frozenset(
    "di depan belakang samping dekat deket rumah jalan gang desa dusun pasar toko warung kos kost kontrakan sekolah "
    "perempatan pertigaan simpang lampu tol jembatan sungai kali pantai hutan sawah kampung rt rw blok "
    "perumahan komplek "
    "alfamart indomaret atm spbu pom terminal stasiun lantai gedung hotel masjid lapangan kamar km house street road "
    "outside inside near room door building apartment lokasi ngarep cedak deukeut hareup tukang at in my "
    "pinggir".split()
)
PERSON: frozenset[str] = frozenset(
    "saya tetangga istri suami anak ibu bapak ayah mama adik kakak orang teman korban warga pacar mertua nenek kakek "
    "paman bibi bayi balita cewek cowok perempuan laki2 pria wanita siswa pelajar sopir ojol kurir "
    "penumpang pengendara "
    "pelaku dia mereka kami kita kasir satpam guru tukang my he she they someone somebody husband wife son daughter "
    "neighbor neighbour child kid friend man men woman people guy mother father brother sister me him her them "
    "mantan adek bocah ponakan keponakan sodara saudara mbah bude pakde simbah pembantu".split()
)
