"""Words by which a text names its category, a place, a time, or the wish to report.

Owns data only: alternatives of regular expressions over folded text. Refuses words that belong to two categories, since
a category that is asked costs one press and a wrong one an officer's time. Collected by hand.
"""

from __future__ import annotations

# Who a member is: a word that names one, and one that may also call for help.
_RANKED = (
    "oknum|bharada|bharatu|bripda|briptu|brigadir|brigpol|bripka|aipda|aiptu|ipda|iptu|akp|kompol|akbp|kombes|brigjen|"
    "irjen|komjen|penyidik(?:nya)?|penyidike|juper|kanit(?:nya)?|kasat(?:nya)?|kapolsek|kapolres|wakapolres|kapolda|"
    "bhabinkamtibmas|babinkamtibmas|polantas(?:nya)?|polwan(?:nya)?"
)
_CALLED = (
    "polisi(?:nya)?|polisine|polisina|anggota(?:nya)?(?: polisi)?|aparat(?:nya)?|"
    "petugas(?:nya)?(?! parkir| keamanan| kebersihan| pajak| pln| bank)"
    "(?:(?: polisi| loket| sim| skck| samsat| spkt){1,2})?"
)
# What members must not do, said of the doer and of the one it was done to.
_DOES = (
    "(?:minta|meminta|mintain|minta-minta|njaluk|nyuhunkeun|menta) "
    "(?:uang|duit|dhuwit|artos|suap|imbalan|setoran|jatah|rokok|damai|fee|rp|\\d)|minta \\w+ (?:ribu|juta|rb|jt)|"
    "pungli|memeras|meras|peras|malak|memalak|malakin|(?:menerima|nerima|terima|makan) (?:suap|uang|duit|sogok\\w*)|"
    "menampar|nampar|nempeleng|memukul\\w*|mukul\\w*|menendang|nendang|menganiaya|aniaya|melecehkan|ngelecehin|"
    "mengancam|ngancam|menodong|nodong|membentak|ngebentak|bentak\\w*|menghina|selingkuh|kasar|arogan|mabuk|"
    "tidak netral|membekingi|bekingi|beking|main tangan|main pukul|menyekap|memperkosa|mencabuli"
)
_DONE_TO = (
    "dipukul\\w*|ditampar|ditempeleng|ditendang|diperas|dipalak\\w*|dianiaya|diancam|dibentak\\w*|dilecehkan|"
    "(?:dimintai|dimintain|dimintak|diminta|dijaluki) (?:uang|duit|dhuwit|suap)(?: \\w+){0,3}?|digebuk\\w*|ditodong|"
    "disiksa|disekap"
)
_BETWEEN = (
    "(?:(?:itu|ini|tadi|tersebut|tsb|yang|yg|sering|suka|selalu|malah|sudah|udah|kemarin|kmrn|juga|lagi|terus|mau|"
    "yang \\w+|yg \\w+|(?:polsek|polres\\w*|polda) \\w+|bernama \\w+|"
    "inisial \\w+|berinisial \\w+|(?:di|dari|dekat|saat|waktu) \\w+(?: \\w+)?) ){0,3}"
)
_ANYONE_ELSE = "tolong|mohon|tangkap|pelaku|suami|istri|tetangga|preman|maling|begal|warga|orang"
MEMBERS = (
    f"(?:{_RANKED}) (?:(?!(?:{_ANYONE_ELSE})\\b)\\w+,? ){{0,7}}(?:{_DOES})|"
    f"(?:{_CALLED}) {_BETWEEN}(?:{_DOES})|"
    f"(?:{_DONE_TO}) (?:oleh |sama |ama |dari |karo |ku )?(?:{_RANKED}|{_CALLED})|"
    "oknum (?:polisi|anggota|aparat|polantas|penyidik)|"
    "(?:police|policeman|police officer|officer|cop|detective)s? (?:\\w+ ){0,6}"
    "(?:bribed?|bribes|extort\\w*|(?:asked|asks|wanted|demanded) (?:me |us )?(?:for )?(?:a bribe|money)|"
    "(?:hit|slapped|beat|punched|threatened|kicked|harassed) (?:me|us|him|her|my))|"
    "(?:corrupt|bribed) (?:police|officer)|police misconduct"
)
# Words by which a person who has complained about members may go on speaking of them.
MEMBERS_MENTIONED = f"{_RANKED}|{_CALLED}|propam|police|officer"

CATEGORY_WORDS = (
    (
        "kriminal",
        (
            "pencurian|kecurian|curanmor|maling(?:an)?|kemalingan|dicuri|begal|dibegal|jambret|dijambret|copet|"
            "dicopet|rampok|dirampok|perampokan|penganiayaan|dianiaya|dikeroyok|pengeroyokan|pemerasan|diperas|"
            "penggelapan|digelapkan|premanisme|preman|theft|stolen|robbed|robbery|burglary|pickpocket|assault(?:ed)?|"
            "mugged"
        ),
    ),
    (
        "siber",
        (
            "penipuan online|ditipu online|tertipu online|akun (?:\\w+ )?(?:diretas|dihack|di hack|dibajak)|diretas|"
            "dihack|hacker|pinjol|pinjaman online|judi online|judol|sextortion|phishing|online scam|online fraud|"
            "hacked"
        ),
    ),
    ("narkoba", "narkoba|narkotika|sabu|sabu-sabu|ganja|ekstasi|bandar narkoba|pengedar|drugs|drug dealer|meth"),
    (
        "ppa",
        (
            "kdrt|pencabulan|dicabuli|pemerkosaan|diperkosa|pelecehan seksual|kekerasan seksual|kekerasan anak|"
            "kekerasan dalam rumah tangga|perdagangan orang|tppo|domestic violence|sexual (?:assault|harassment|"
            "abuse)|rape[d]?|child abuse|human trafficking"
        ),
    ),
    (
        "lalin",
        (
            "balap liar|balapan liar|knalpot brong|parkir liar|tabrak lari|kemacetan|macet parah|"
            "kecelakaan lalu lintas|lampu merah mati|illegal parking|street racing|hit and run|traffic jam"
        ),
    ),
    (
        "kamtibmas",
        (
            "tawuran|miras|mabuk-mabukan|kebisingan|berisik|orang mencurigakan|keributan|karaoke|petasan|noise|"
            "suspicious (?:person|man|people)|brawl"
        ),
    ),
    (
        "orang_hilang",
        (
            "orang hilang|(?:anak|adik|kakak|istri|suami|ibu|bapak|ayah|nenek|kakek|saudara|ponakan|keponakan|"
            "teman) (?:\\w+ )?(?:hilang|belum pulang|tidak pulang|ga pulang|gak pulang|nggak pulang)|missing person|"
            "(?:child|son|daughter|wife|husband|brother|sister|friend) (?:is )?missing"
        ),
    ),
    ("pelayanan", "calo|percaloan|pelayanan (?:\\w+ )?(?:lambat|buruk|lama|mengecewakan)|slow service|bad service"),
    ("anggota", MEMBERS),
)

REPORTING = (
    "lapor|melapor|laporkan|melaporkan|lapor(?:an)? (?:pak|bu|min|kehilangan)|laporin|ngelapor|ngadu|mengadu|"
    "mengadukan|aduan|pengaduan|adukan|report|to report|complain|complaint|file a (?:report|complaint)"
)

INCIDENT = (
    "(?:motor|mobil|sepeda|hp|handphone|dompet|tas|laptop|uang|barang|kendaraan|emas|"
    "perhiasan) (?:\\w+ ){0,2}(?:hilang|dicuri|dicolong|diambil|raib|dimaling|dibawa kabur|dibawa lari|dirampas)|"
    "kehilangan (?:motor|mobil|sepeda|hp|dompet|tas|laptop|uang|kendaraan|anak)|kecurian|kemalingan|kecopetan|"
    "kejambretan|dirampok|dibegal|dijambret|dicopet|ditipu|tertipu|kena tipu|penipuan|diperas|dianiaya|dikeroyok|"
    "diancam|dihina|difitnah|dibajak|diretas|dihack|digelapkan|pungli|dipalak|diteror|balap liar|knalpot brong|"
    "tawuran|judi|narkoba|sabu|miras|(?:my|our) (?:\\w+ ){1,2}(?:was|were|got|has been|is) (?:stolen|robbed|hacked|"
    "missing)|stole|i was (?:robbed|scammed|threatened|attacked|cheated)|got scammed|scammed me|threatened me"
)

# What people say around a wish to report without saying anything of it.
PLEASANTRIES = (
    "saya aku kami mau ingin hendak akan pengen bisa boleh minta mohon tolong lapor melapor melaporkan laporan "
    "laporkan aduan pengaduan mengadu mengadukan buat membuat bikin kirim ada pak bu bapak ibu min admin kak bang "
    "mas mbak ndan komandan izin selamat pagi siang sore malam halo hallo hai assalamualaikum permisi dong ya yah "
    "nih sih sesuatu kejadian dulu di ke sini i we want would like to file make report a an complaint complain "
    "please hello hi good morning afternoon evening sir madam something help can could need"
)

# What makes "di ..." a place and not a manner of speaking.
PLACE_WORDS = (
    "jalan|jln|jl|desa|kelurahan|kel|kecamatan|kec|kampung|kp|dusun|pasar|terminal|stasiun|perumahan|perum|komplek|"
    "kompleks|gang|gg|simpang|perempatan|pertigaan|alun-alun|rumah sakit|rs|rsud|bandara|pelabuhan|mall?|plaza|toko|"
    "warung|masjid|gereja|sekolah|sd|smp|sma|smk|kampus|kos|kontrakan|spbu|indomaret|alfamart|parkiran|"
    "depan(?! mata)|dekat|samping|belakang|street|market|station|airport|hospital|school|mosque|parking lot|harbou?r"
)

TIME_WORDS = (
    "(?:tadi|kemarin|kmrn) (?:pagi|siang|sore|malam|malem|subuh)|tadi (?=jam|pukul|pkl)|semalam|kemarin lusa|kemarin|"
    "kmrn|hari ini|barusan|baru saja|(?:malam|hari) (?:senin|selasa|rabu|kamis|jumat|sabtu|minggu)|(?:senin|selasa|"
    "rabu|kamis|jumat|sabtu) (?:pagi|siang|sore|malam|kemarin|lalu)|\\d{1,2} (?:januari|februari|maret|april|mei|"
    "juni|juli|agustus|september|oktober|november|desember)(?: \\d{4})?|\\d{1,2}[/-]\\d{1,2}[/-]\\d{4}|last night|"
    "yesterday(?: (?:morning|afternoon|evening|night))?|this (?:morning|afternoon|evening)|today|just now|"
    "\\d{1,2} (?:january|february|march|may|june|july|august|october|december)(?: \\d{4})?"
)
