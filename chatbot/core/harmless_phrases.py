"""Phrases that sound like danger and are none: idioms, expired papers, switched off things, sport, bargains.

Owns data only: regular expressions over a text in standard spelling. Refuses weighing, which is for ``emergency``.
"""

from __future__ import annotations

from chatbot.core.phrase_pattern import any_of as _compiled

# What "mati" is said of when nobody dies.
_THINGS = (
    "sim|simnya|stnk|skck|pajak|bpkb|plat|ktp|kartu|akun|aplikasi|app|handphone|android|iphone|laptop|komputer|"
    "baterai|batre|batrei|aki|listrik|lampu|sinyal|wifi|internet|kuota|data|mesin|motor|mobil|ac|tv|cctv|kamera|"
    "server|sistem|web|website|situs|nomor|wa|whatsapp|kompor|air|pompa|jam|tanaman|kulkas|dealer|masa|berlaku|"
    "paspor|kitas|rekening|atm|email|samsat|online|usaha|bisnis|warung|ekonomi|karir|karakter|suasana|gaya|kutu|gas|"
    "pulsa|chat|obrolan|grup|signal|printer|alarm|klakson|engine|phone|battery|license|licence|registration|tax|a|b|c"
)

# Sounds like danger and is none. Taken out before anything is counted.
HARMLESS = _compiled(
    rf"(?:{_THINGS}) (?:\w+ )?(?:\w+ )?(?:mati|hilang|meledak pulsa|dibunuh|terbunuh|kebakar|dead|died|dies|killed|"
    rf"crash\w*|expired|hang|ngehang|lumpuh|kritis)",
    r"(?:mati|hilang|kehilangan|matiin|mematikan) (?:sim|stnk|skck|pajak|bpkb|plat|ktp|lampu|listrik|gaya|rasa|suri|"
    r"kutu|ketawa|tertawa|penasaran|matian|langkah|total|mesin|sinyal|bosan|air|handphone|wifi|karena malu|data|"
    r"kelistrikan|akal|ide|pasar|obor)",
    r"(?:mau|bikin|sampai|hampir|serasa|rasanya) mati (?:ketawa|tertawa|bosan|penasaran|kepanasan|kelaparan|malu|"
    r"lucu|berdiri|gaya)",
    r"(?:\w*tembak\w*|nembak\w*|menembak|penembakan|shoot\w*|shot) (?:\w+ )?(?:sim|sim c|sim a|skck|stnk|ktp|plat|"
    r"cewek|cowok|gebetan|kuota|paket|sinyal|wifi|crush|doi|video|photo|photos|foto|film|pajak|harga|cinta|dia|"
    r"gawang|basket|sidang|wasit)",
    r"(?:sim|stnk|skck|ktp|plat|paket|kuota|jalur|calo|harga|cash|beli|beli langsung|tilang) (?:di)?(?:tembak|nembak|"
    r"tembakan|ditembakin)",
    r"(?:id|would|could) kill for|rokok membunuh\w*|nerf|"
    r"(?:main|maen|dolanan) (?:ep ep|ff|game\w*|pistol\w*) (?:\w+ )?(?:paeh|mati|ditembak|dibedil|ketembak|dibunuh)|"
    r"ditembak (?:cah|arek|bocah|cewek|cowok|gebetan|doi|teman|dia|cinta|sms|crush)|"
    r"(?:nembak|ditembak) (?:\w+ )?(?:jadi|pacar|pacaran)",
    r"kebakaran (?:jenggot|jengot|kumis|hutang)|(?:cemburu|asmara|semangat|emosi|api) (?:ter|ke)?bakar|"
    r"(?:terbakar|kebakaran|kebakar|dibakar) (?:cemburu|asmara|semangat|emosi|amarah|matahari|rindu|api cemburu|"
    r"api asmara|sunburn|lemak|kalori)|api (?:cemburu|asmara|unggun|semangat|olimpiade|lilin|abadi|pon)",
    r"(?:bakar|dibakar|ngebakar|membakar|bakaran|kebakar) (?:ikan|sate|jagung|ayam|ubi|roti|uang|duit|batu|singkong|"
    r"semangat|kalori|lemak|marshmallow|sampah|bbq|seafood|sosis|dana|kue|menyan|dupa|kemenyan|lilin)",
    r"(?:ikan|ayam|jagung|sate|roti|cumi|udang|lele|gurame|seafood|ubi|pisang|kue|nasi|sosis) (?:\w+ )?(?:bakar|"
    r"dibakar|tusuk|kebakar)",
    r"bom (?:waktu|like|likes|chat|wa|sms|spam|komen|iklan|atom|nuklir|order|promo|bath|view|telepon)|"
    r"(?:bath|photo|sex|time|zar) bomb|bom2an|mercon bom",
    r"(?:perang|banting) (?:harga|dunia|tarif|diskon|saudara|dingin|badar|bintang|pandan|komentar|komen|mulut)|"
    r"perang (?:dunia|rusia|ukraina|gaza|dagang)",
    r"(?:pembunuhan|membunuh|bunuh|dibunuh|kill\w*) (?:karakter|waktu|bosan|rasa|kuman|bakteri|virus|nyamuk|kecoa|"
    r"tikus|semut|mood|semangat|aplikasi|sistem|android|time|germs|bacteria|the vibe|it|app|apps|process|ide|sepi|"
    r"kutu|gulma|rayap|hama|background|mimpi|kreativitas)",
    r"(?:harga|tagihan|biaya|cicilan|pajaknya|tugas|deadline|rindu|kangen|macet) (?:\w+ )?(?:mencekik|nyekik|"
    r"membunuh|bikin mati|gila|menggila|meledak|meroket)|mencekik (?:leher|rakyat)",
    r"(?:banjir|kebanjiran|dibanjiri|tsunami|longsor|meledak|hujan) (?:order|orderan|pesanan|like|likes|diskon|promo|"
    r"job|pujian|ucapan|hadiah|komentar|komen|chat|notif|informasi|phk|air mata|penonton|pembeli|dukungan|pelanggan|"
    r"pasar|di pasaran|penjualan|tawaran|bonus|rejeki|rezeki|undangan|spam|kritik|doorprize|di tiktok|viral)|"
    r"(?:harga|penjualan|orderan|lagu|lagunya|video|videonya|suara|bisnis|emosi|saham|ihsg|rating|tawa|namanya|"
    r"dagangan|produk|pasar|konten|jualan) (?:\w+ )?(?:\w+ )?(?:meledak|anjlok|longsor|banjir|tenggelam|gempa|"
    r"terjun bebas|kebanjiran|ngamuk|hancur)",
    r"(?:ter)?(?:tenggelam|hanyut|terhanyut|larut|klelep|kelelep|tertimbun|ketimbun|terjebak|kejebak|kebanjiran|keli|"
    r"palid|terkubur|terseret) (?:\w+ )?(?:dalam |di |sama |oleh |ku |ing |nang )?(?:lagu|kesibukan|kenangan|suasana|"
    r"cinta|perasaan|pekerjaan|kerjaan|tugas|hutang|utang|lamunan|musik|lautan cinta|macet|kemacetan|masa lalu|"
    r"nostalgia|hubungan|zona|chat|friendzone|antrian|antrean|pinjol|rindu|asmara|cicilan|deadline|duniawi|game|"
    r"drama|lembur|rutinitas|gelombang|algoritma|kasus|arus mudik|informasi|pikiran|judi|judol|isu|gosip|sejarah|"
    r"setoran|akun|sandi)",
    r"(?:stuck|trapped|drowning|buried|drowned) (?:in|on) (?:\w+ )?(?:traffic|work|debt|homework|emails|paperwork|"
    r"queue|line|assignments)",
    r"(?:maling|pencuri|mencuri|dicuri|curi|nyolong|culik|diculik|ditawan|rampok|dirampok) (?:hati\w*|perhatian|"
    r"start|waktu|pandang|kesempatan|hatiku|start|kundang|scene|show)|"
    r"hati (?:\w+ )?(?:dicuri|dirampok|ditusuk|terluka|luka|patah)",
    r"(?:tusuk|ditusuk) (?:gigi|sate|konde|rambut|jarum|jari|dari belakang)|jarum suntik|"
    r"(?:nusuk|menusuk|nyesek|ngena|tertusuk) (?:\w+ )?(?:hati|hidung|perasaan|jiwa)\w*|akupunktur",
    r"polisi tidur|serangan fajar|serangan (?:balik|umum)|debat panas|adu mulut|musuh bebuyutan|air keras kepala|"
    r"keras kepala|tabrak (?:jadwal|waktu|tanggal|warna|kelas)|"
    r"(?:jadwal|jam|warna|acara|kuliah|shift|waktu|tanggal) (?:\w+ )?(?:\w+ )?(?:tabrakan|bentrok|nabrak|menabrak|"
    r"ditabrak|bentrokan|crash|clash|tubrukan)|bentrok (?:\w+ )?(?:jadwal|jam|kuliah|waktu|kelas|acara|ujian)",
    r"(?:perut|kepala|bibir|lidah|mulut|leher|mata|badan|kulit|"
    r"tenggorokan|dada|otak|dompet|kantong|telinga|lambung|maag|asam) (?:\w+ )"
    r"?(?:kebakar|terbakar|mau meledak|meledak|mau pecah|pecah|ditusuk|dibakar|jebol|on fire)",
    r"pecah (?:telor|telur|rekor|ban|belah|kongsi)|bocor (?:halus|ban|data)|patah (?:hati|semangat|arang)|"
    r"gugur bunga|mabuk (?:cinta|darat|laut|perjalanan|janda|asmara|kepayang|kendaraan)",
    r"(?:dikejar|kejar|diburu|dioyak|diudag|dihantui|diserang|diteror|dibantai|digempur|dihajar|diamuk) (?:deadline|"
    r"target|setoran|tugas|waktu|mantan dalam mimpi|rasa|kantuk|ngantuk|nyamuk|hacker|virus|malware|netizen|netijen|"
    r"haters|hater|iklan|spam|dc|debt|pinjol|tagihan|cicilan|rindu|flu|batuk|bug|komentar|notif|notifikasi|hama|"
    r"wereng|utang|hutang|ujian|inflasi|pajak|jam|emak2)",
    r"kejar (?:target|setoran|tayang|paket|kejaran|dunia)|kejar2an|"
    r"(?:digantung|gantungin|menggantung|digantungin|digantungkan) (?:\w+ )?(?:perasaan|status|hubungan|cinta|"
    r"gebetan|doi|harapan|statusnya|kasusnya|laporannya|kasus|laporan|proses|tanpa)|"
    r"gantung (?:sepatu|baju|jemuran|raket|sarung|tanaman|lampu|kunci|diri di pohon toge)|jemuran digantung|"
    r"tanaman gantung|jembatan gantung|rumah gantung",
    r"(?:darah|golongan|donor|tekanan|gula|cek|tes|test|transfusi|pmi) (?:\w+ )?darah|"
    r"darah (?:tinggi|rendah|muda|biru|manis|dingin|daging|juang)|tumpah darah|donor",
    r"luka (?:hati|lama|batin)|sakit hati|uang darah|api dalam sekam|"
    r"asap (?:rokok|knalpot|vape|dapur|dupa|kendaraan|sate)|knalpot \w*asap|bebas asap|asap cair",
    r"gas (?:poll?|terus|kan|ngeng|lah)|on fire (?:today|lately)|"
    r"(?:performance|outfit|lagu|tim|beat|is|so|this song|team|players?|mixtape|playlist) (?:\w+ )?(?:\w+ )?on fire|"
    r"fire (?:sale|outfit|song|emoji|extinguisher|works|insurance|drill|place)|fireworks|"
    r"(?:kembang|pemadam|kereta|senjata|alat|tempat|kayu|korek|gunung|ban|pelet|rokok) api",
    r"izin (?:\w+ )?(?:senjata|airsoft|keramaian|bahan peledak|kembang api|memiliki)|"
    r"senjata (?:mainan|pusaka|makan tuan)|pisau (?:dapur|cukur|bedah|lipat kado)|pistol (?:air|mainan|korek|cat)|"
    r"perangkat keras|airsoft(?:gun)? (?:mainan|hobi)|"
    r"(?:jual|beli|koleksi|sedia|ready) (?:\w+ )?(?:pisau|golok|parang|keris|pedang|airsoft|samurai|mandau|badik)",
    r"(?:dead|deadline|deadlock|dying|die|died) (?:line|battery|phone|sim|to (?:know|see|meet|try|eat|go)|laughing|"
    r"inside|from laughing|of laughter|of boredom)|bored to death|scared to death of|to die for|drop dead gorgeous|"
    r"(?:shoot|shooting|photo|video|film) (?:me an?|us an?|you an?|an|location|schedule|permit|shoot|guard|star|"
    r"stars)|(?:kill|killed|killing|nailed|crushed|smashed) (?:it|the|two birds|that)|killer (?:abs|deal|heels|app)|"
    r"(?:beat|beats|beating) (?:\w+ )?(?:record|drop|traffic|rush|drum|the (?:heat|game|boss|deadline|clock|traffic)|"
    r"headphones|around)|(?:heart|my heart) beats?|hit (?:me up|song|the (?:gym|road|like|beach|books))|"
    r"greatest hits|hits different|(?:fight|fighting) (?:for|with my (?:homework|weight))|"
    r"(?:website|app|server|system|laptop|computer|phone|stock|market|crypto|party|wedding) (?:\w+ )?(?:crash\w*|"
    r"down|died|hang\w*)|crash (?:course|landing game|bandicoot|diet|pad)|crash(?:ed)? (?:the )?(?:party|wedding)",
    r"(?:pembunuh|killer|raja|ratu) (?:nyamuk|gulma|serangga|waktu|sepi)|"
    r"obat (?:nyamuk|kuat|batuk|flu|pusing|herbal)|"
    r"racun (?:tikus|shopee|tiktok|serangga|rumput|skincare|belanja|keracunan)|"
    r"(?:keracunan|diracun|teracuni|racun) (?:belanja|skincare|shopee|tiktok|make ?up|drakor|kpop|diskon|checkout|"
    r"konten|promo|film|produk|online|teman buat)",
    r"sandera (?:cinta|rindu)|terjun (?:payung|ke dunia|langsung|ke lapangan|ke masyarakat|bebas)|"
    r"lompat (?:kelas|jauh|tinggi|tali|indah|jabatan)|loncat (?:kelas|tali|indah|jabatan)|"
    r"dilempar (?:sana sini|ke|bola|pertanyaan)|dilempar2",
    r"cari (?:mati|perkara)|sehidup semati|hidup mati|setengah mati|mati2an|mati matian|harga mati|matiin|jalan mati|"
    r"gang mati|titik mati|kunci mati|huruf mati|mati kutu|suri|matahari|benci setengah",
    r"bunuh bunuhan|tembak2an|"
    r"pukul (?:\d+|rata|mundur|berapa|sebelas|delapan|sembilan|tujuh|dua|tiga|empat|lima|enam|satu|sepuluh)|terpukul|"
    r"terbakar matahari|dipukul rata|pukul",
    r"(?:begal|rampok|maling|todong|palak|jambret|dibegal|dirampok|ditodong|dipalak) (?:\w+ )?(?:kuota|uang rakyat|"
    r"rakyat|dana|hatiku|payudara rekor|traktir\w*|traktiran|point|poin|voucher|online|harga|tiket)",
    r"(?:rumah sakit|ambulans|mobil|kartu|asuransi|santunan|klaim|polis|uang|surat|data|angka|statistik|berita|"
    r"jasa raharja|korban) (?:\w+ )?(?:santunan|klaim|asuransi)|asuransi \w+|unit laka|surat (?:\w+ )?kecelakaan|"
    r"jasa raharja",
    r"bebas (?:banjir|narkoba)|anti (?:maling|pecah|banjir|api|peluru|begal)|tahan (?:api|banjir|gempa|luka)|"
    r"alarm maling|kunci maling|gembok",
)
