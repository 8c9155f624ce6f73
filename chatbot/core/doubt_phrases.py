"""Phrases that weaken what sounds like danger: a question, the past, a story, a joke, a form's answer.

Owns data only: regular expressions over a text in standard spelling. Refuses weighing, which is for ``emergency``.
"""

from __future__ import annotations

from chatbot.core.phrase_pattern import any_of as _compiled

_MONTHS = (
    "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|january|february|march|"
    "may|june|july|august|october|december"
)

# Words of advice, law, service: asks about the matter rather than for help in it.
ADVICE = _compiled(
    r"(?:bagaimana|kumaha) (?:\w+ )?(?:cara|prosedur|proses|alur|syarat|kalau|hukum|nasib|perkembangan|kelanjutan|"
    r"mencegah|menghindari|agar|supaya|mengurus|melapor|membuat|aturan|sih)",
    r"cara (?:\w+)|tips|"
    r"(?:apa|apakah|naon) (?:\w+ )?(?:itu|saja|hukuman\w*|pasal\w*|sanksi\w*|syarat\w*|bedanya|perbedaan\w*|bisa|"
    r"boleh|perlu|harus|termasuk|ada|penyebab\w*|wajib|syarat|kena|melapor|dapat|kepanjangan|arti|artinya)",
    r"(?:syarat|persyaratan|prosedur|alur|biaya|jadwal|hukuman|hukumannya|ancaman (?:hukuman|pidana)|"
    r"ancaman hukumannya|pasal|pidana|sanksi|denda|undang|uu|definisi|arti|pengertian|perbedaan|beda|bedanya|"
    r"kepanjangan)",
    r"(?:berapa|kapan) (?:\w+)|"
    r"(?:ke mana|di mana|siapa) (?:\w+ ){0,2}(?:melapor|mengadu|mengurus|mengecek|hubungi|telepon|menghubungi|bisa|"
    r"harus|yang)|"
    r"(?:melapor|mengadu|mengurus|laporan|telepon|hubungi|lapor) (?:\w+ ){0,2}(?:ke mana|di mana|kemana|ke siapa|"
    r"bagaimana|polsek mana|pakai apa|ke polsek)",
    r"how (?:do|to|can|much|long|many|does|should|would)|"
    r"what (?:is|are|should|does|do|happens|documents|counts|if|to|number)|where (?:do|can|to|should|is)|"
    r"is (?:it|there|this)|can i|do i|should i|who (?:do|can|should)|when (?:do|does|will|should)|difference between",
    r"nomor (?:\w+ )?(?:telepon|darurat|call|polisi|pemadam|damkar|ambulans|110)|(?:nomor|nomer) (?:\w+ )?berapa|"
    r"mau tanya|izin (?:ber)?tanya|tanya|numpang tanya|sp2hp|surat (?:tanda|keterangan|kehilangan|pengantar)",
    r"perkembangan (?:\w+ )?(?:kasus|laporan|perkara)|tindak lanjut|kelanjutan (?:kasus|laporan)|bayar di mana|"
    r"perlu (?:bawa|ke)|cegah|pencegahan|mencegah|himbauan|imbauan|antisipasi|menghindari|edukasi",
)

ASKS = _compiled(
    r"apa|apakah|bagaimana|berapa|kapan|kenapa|siapa|di mana|ke mana|dari mana|mana|apa saja|tanya|bolehkah|boleh|"
    r"bisakah|bisa tidak|"
    r"(?:bisa|boleh|perlu|harus|termasuk|kena|wajib|sudah|aman|jadi) (?:\w+ ){0,5}(?:tidak|bukan|belum)|atau tidak|"
    r"opo ora|ya tidak|ya bukan|how|what|where|when|why|which|who|can i|can you|is it|are there|is there|do i|"
    r"should i|may i|allowed|legal|is \w+ (?:legal|allowed|free|open)",
)

PAST = _compiled(
    rf"(?:bulan|sasih|sasi|wulan|pas|waktu|sejak|in|last|since) (?:{_MONTHS})|"
    r"(?:waktu|pas|saat|wektu|basa) (?:\w+ )?(?:mudik|liburan|lebaran|riyoyo|riyaya|riaya|puasa|natal|"
    r"tahun baru|panen)|"
    r"kejadian(?:nya)? (?:tahun|bulan) \w+|while (?:we|i) (?:were|was) (?:away|out|in|on)|when we came back|harita|"
    r"baru (?:tahu|tau|sadar|ketahuan) (?:pas|waktu|setelah|saat)|baru (?:sempat|bisa) (?:lapor|melapor)",
    r"waktu (?:lebaran|natal|puasa|mudik|libur\w*)|tahun kemarin|bulan kemarin|minggu kemarin|tahun ka tukang|"
    r"last \w+|biyen|baheula|pas (?:lebaran|puasa)|sejak \w+|semalem|subuh kemarin|"
    r"on (?:sunday|monday|friday|saturday)|dari bulan|dulu\w*",
    r"kemarin(?:nya)?|"
    r"(?:tahun|bulan|minggu|pekan|hari|malam|abad|lebaran|semester|senin|selasa|rabu|kamis|jumat|sabtu) (?:\w+ )"
    r"?(?:lalu|kemarin|kepungkur|kamari|kapungkur|tukang)|"
    r"(?:\d+|dua|tiga|empat|lima|enam|tujuh|beberapa|se|rong|telung|dua2) ?(?:tahun|bulan|minggu|hari|pekan) (?:\w+ )"
    r"?(?:lalu|silam|kepungkur|kapungkur|yang|tukang|ka)|sebulan|setahun|seminggu|sewulan|sataun|dulu|dahulu|jaman|"
    r"zaman|silam|tempo hari|waktu (?:saya |aku )?(?:kecil|sd|smp|sma|itu|kuliah|muda)|pernah|tahun (?:19|20)\d\d|"
    r"(?:19|20)\d\d|sejak lama|sudah lama|kejadian lama|sejarah|mengenang|peringatan|almarhum",
    r"yesterday|(?:last|previous) (?:week|month|year|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|"
    r"(?:\w+ )?(?:days?|weeks?|months?|years?) ago|used to|once|back in|when i was|in (?:19|20)\d\d",
)

# Names the hour or the part of the day as a form asks for it: what happened then may still go on, but seldom does.
EARLIER = _compiled(
    r"semalam|tadi (?:malam|pagi|siang|sore|subuh)|(?:malam|pagi|siang|sore|subuh) tadi|dini hari|"
    r"(?:mau|wingi) (?:bengi|esuk|awan|sore)|tadi (?:peuting|isuk|enjing|beurang)|kamari (?:peuting|sore)|"
    r"(?:hari|dinten|dina) (?:senin|selasa|rabu|kamis|jumat|sabtu|minggu|ahad)|tanggal \d+|pukul \d+|"
    r"(?:jam|sekitar) \d+|jam (?:\w+ )?(?:pagi|siang|sore|malam)|waktu (?:itu|kejadian|saya|kami)|saat kejadian|"
    r"last night|this (?:morning|afternoon)|around \d+|about \d+|\d+ (?:am|pm)",
)

IF = _compiled(
    r"kalau|misal\w*|seandainya|andai\w*|andaikan|umpama\w*|if|suppose|in case|when there is|semisal|jaga2|buat jaga|"
    r"just in case|kapan2",
)

OVER = _compiled(
    r"visum|dijahit|jahitan\w*|(?:sudah|mulai|tos|wis) kering|sembuh|cageur|diobati|saya blokir|diblokir|disita|"
    r"(?:nobody|no one|noone) (?:is|was|got) hurt|(?:is|are|am) (?:fine|ok|okay|healed)(?: now)?|"
    r"(?:sekarang|sudah|tos|wis) (?:sudah )?(?:sehat|mari|baik|pindah|pisah|cerai)|berobat|trauma|medical report|"
    r"(?:saya|kami|korban|abdi|kulo) (?:sudah|pun|tos|wis) di (?:rumah|bumi|omah)|sudah di rumah(?= (?:mau|sakit|$))|"
    r"(?:(?:sudah|tos|wis|pun|geus|udah) )?(?:surut|padam|pareum|ketemu|kapendak|katangkep|sadar|sembuh|bubar|"
    r"kondusif)|(?:sudah|pun|semua) (?:\w+ )?(?:aman|pulang|wangsul|selamat|sepi)|jebule|tibake|horeng|"
    r"tenang|maaf (?:\w+ )?(?:ya|pak|tadi|salah)|mohon maaf|sepurane|ngrepoti|ditanggapi|ditanggepin|tidak papa|"
    r"salah (?:sambung|nomor|paham|kirim)|wrong number|all good|found (?:our|him|her|my|it|already|the)|came back|"
    r"(?:is|already) out|out now|no need|false alarm|tidak ada (?:yang )?(?:luka|korban|berantem|berkelahi|apa2)|"
    r"geni (?:\w+ )?mati|api\w* (?:\w+ )?mati|cuma (?:mau|ada|ribut|main|latihan|lecet|kucing)|guyon\w*|becanda\w*|"
    r"bercanda\w*|main2",
    r"(?:sudah|telah|berhasil|langsung) (?:\w+ )?(?:padam|dipadamkan|aman|selesai|tertangkap|ditangkap|beres|damai|"
    r"kondusif|pulih|sembuh|surut|reda|ditangani|diamankan|ketemu|ditemukan|pulang|bubar|dibubarkan|terkendali|"
    r"teratasi|sehat|dikubur|dimakamkan|divonis|dipenjara|lapor|melapor|dilaporkan|sidang|normal|mati|mari|rampung|"
    r"rengse)",
    r"untung\w*|alhamdulillah|syukur|bersyukur|hampir|nyaris|tidak jadi|batal|"
    r"salah (?:kirim|pencet|sambung|lihat|dengar)|bercanda|becanda|prank|cuma bercanda|guyon|heureuy|bohong|"
    r"hanya (?:latihan|simulasi)|terima kasih|under control|false alarm|"
    r"already (?:over|caught|arrested|safe|out|put)|just kidding|joking|no longer|safe now|was caught|thank you|"
    r"thanks|never mind|nevermind|lol|wkwk\w*|haha\w*|hehe\w*|xixi\w*|rofl",
)

# Takes back what was sent before, or tells that it ended well.
SORRY = _compiled(
    r"salah (?:kirim|pencet|paham|lihat|dengar|sangka)|(?<!kalau )salah (?:sambung|nomor)|"
    r"(?:mohon )?maaf (?:\w+ ){0,2}(?:tadi|salah)|"
    r"mohon maaf ya|ditanggapi|ditanggepin|(?:eh |e )ternyata|ternyata (?:cuma|hanya|sudah|dia sudah|di rumah|"
    r"tidak|salah|lembur|masih di rumah|bukan|kucing)|jebule|tibake|tenang|mainin|sorry for|my mistake|"
    r"wrong number|false alarm|"
    r"(?:sudah|udah|tos|geus|wis) (?:\w+ )?(?:ketemu|pulang|aman|padam|surut|pareum|kapendak|sadar|damai|reda)|"
    r"found (?:our|him|her|my|it|them)|all good|(?:is|already|its) out|"
    r"tidak ada yang (?:luka|berantem|teriak|berkelahi|korban)|teu aya nanaon|tidak apa2?|tidak papa",
)

NEWS = _compiled(
    r"apa (?:itu )?(?:benar|betul|bener|leres|bener2)|"
    r"(?:benar|bener|betul|leres|asli|fakta|beneran|valid) (?:tidak|apa|atau|kah|nggak|opo|ora|henteu|sih|min)|"
    r"benarkah|betulkah|bener|beneran|leres|hoax|hoaks|hoak|hoks|katanya|jarene|ceunah|cenah|viral|beredar|berita|"
    r"beritanya|kabar\w*|dapat (?:broadcast|bc|terusan|pesan)|broadcast|terusan|forward|isu|rumor|gosip|klarifikasi|"
    r"info a1|sebarkan|is it true|true that|news|rumou?r|fake|heard that|is this real|grup wa|grup whatsapp|"
    r"cctv viral|tiktok|facebook|fb|instagram|ig|twitter|youtube|medsos|di tv|headline|podcast|trending",
)

MEDIA = _compiled(
    r"film\w*|pilem|judul\w*|lagu\w*|novel\w*|game\w*|gim|sinetron|drakor|drama|serial|series|episode|eps|season|"
    r"netflix|bioskop|nonton|menonton|mobile legend\w*|ml|ff|free fire|pubg|valorant|roblox|gta|minecraft|movie|song|"
    r"book|buku|cerpen|cerita|komik|anime|manga|konser|mimpi|ngimpi|dream\w*|trailer|teater|wayang|lakon|dongeng|"
    r"playlist|lirik|band|spotify|musik|album|rank|mabar|lyrics|documentary|dokumenter|show|thriller|horor|horror|"
    r"tv series|sule|sinopsis|adegan|aktor|tebak|teka2|meme|stand up|komedi|puisi|pantun|quotes|peribahasa|pepatah|"
    r"tts|ndangdut|dangdut|campursari|kethoprak|ludruk|carpon|pupuh",
)

DRILL = _compiled(
    r"simulasi|latihan|contoh\w*|conto|tugas|pr|skripsi\w*|tesis\w*|makalah\w*|soal|penelitian|riset|sosialisasi|"
    r"penyuluhan|seminar|lomba|drill|training|asuransi\w*|klaim|webinar|kuis|ujian|kuliah|presentasi|artikel|"
    r"data statistik|statistik|pelajaran|workshop|pelatihan|gladi|uji coba|test|tes|tutorial|insurance|assignment|"
    r"essay|research|exercise|homework|thesis|jual|dijual|promo|diskon|lowongan|alat pemadam|apar|festival|karnaval|"
    r"ulang tahun|wisata|liburan|resep|masak|masakan|bumbu|kuliner|sambal|cabe|pedas|pedes",
)

# Papers, fees and reports: what the desk is asked for on an ordinary day.
SERVICE = _compiled(
    r"dipenjara|penjara|gratifikasi|masalah (?:tidak|ya)|kecurigaan|curiga|bodong|dokter|program|baterai|saksi\w*|"
    r"scammed|pajak|tilang|e tilang|etle|samsat|satpas|surat|formulir|nomor laporan|laporan|laporannya|lp|sp2hp|"
    r"klaim|santunan|ahli waris|jasa raharja|dompet|atm|kartu|ktp|paspor|jadwal|kuota|antri|antrian|antrean|syarat|"
    r"biaya|denda|pasal|hukum|hukuman|razia|izin|legal|loket|penyidik|kasus|kasusnya|perkara|restorative justice|"
    r"pidana|visum|unit ppa|ppa|propam|dumas|mediasi|sidang|visa|fee|fees|license|licence|certificate|form|report|"
    r"claim|insurance|lost (?:bank|my|card|wallet|passport)|penipuan|arisan|difitnah|fitnah|utang|hutang|investasi|"
    r"transfer|rekening|polwan|rekrutmen|rekruitmen|bintara|akpol|knalpot|parkir|dishub|pln|pdam|dinas|curanmor|"
    r"pencurian|pemberatan|unit|polsek mana|orang hilang|24 jam|1x24|melapor(?: \w+)? (?:ke mana|di mana)|"
    r"ke mana (?:\w+ )?melapor|bisa (?:di)?lapor(?:kan)?|bisa melapor|materi|statistik|jumlah|data|angka|rawan|"
    r"daerah rawan|penerangan|patroli|usul|saran",
)

# Answers to what the form asks, and requests for order in the street: they name people and places and no danger.
ROUTINE = _compiled(
    r"(?:yang|nu|sing) (?:dipakai|dipake|dianggo|dibawa|digunakan|dibakar|dirusak|hilang|diambil)|diserobot|"
    r"ditegur|sertifikat|sertipikat",
    r"saksi\w*|saksinya|ciri\w*|terlapor|pelapor|kerugian\w*|(?:lokasi|tempat|waktu|tanggal) kejadian\w*|"
    r"kejadian(?:nya)? (?:minggu|bulan|hari|tanggal|jam|kemarin)|barang (?:yang )?hilang|nama saya|alamat saya|"
    r"plat\w* nomor|suspect|witness|tiap|setiap|sering|selalu|rutin|kebiasaan|every (?:day|night|week)|tertibkan|"
    r"ditertibkan|ditambal|disapu|diperbaiki|dibenerin|ditindak|digerebek|diberantas|penertiban|ganti rugi|dipasang|"
    r"pasang|program|ditambah|rahasiakan|rahasiain|karaoke\w*|musik|petasan|ban bocor|lecet|penyok|baret|senggolan|"
    r"parkir\w*|satpol|lurah|rt rw|kucing\w*|cat|anjing tetangga|translate|translation|bag|luggage|kredit|leasing|"
    r"cicilan|aturannya|donor|operasi",
)

LIGHT = _compiled(
    r"wkwk\w*|haha\w*|hehe\w*|hihi\w*|xixi\w*|awok\w*|lol|lmao|rofl|ngakak|gombal\w*|gebetan|doi|pacar|jomblo|galau|"
    r"hati|hatiku|hatinya|ati|atiku|hate|baper|kayak|kaya|ibarat|serasa|rasane|rasanya|asa|seakan|bagai|seperti|"
    r"persib|persebaya|persija|arema|timnas|bonek|viking|gol|skor|nobar|liga|derby|piala|juara|kiper|ngguyu|seuri|"
    r"anjir|anjay|mabar|joget|ketawa|seru|lomba|lucu|cewe|cowo|gofood|ban|patah|killer|telat|macet|mutilasi|"
    r"soal ujian|nama asli|striker|striker\w*|tebak\w*|teka teki|kundang|penasaran|debat|ujian|skripsi|deadline|bro|"
    r"dude|guys|literally|this (?:app|line|queue|heat|traffic|weather|game|song|outfit|movie|exam)|diskon|promo|"
    r"lapar|laper|kelaparan|ngantuk|bosan|bosen|gabut|gemas|gemes|cantik|ganteng|geulis|ayu|kasep|imut|rindu|kangen|"
    r"cinta|asmara|harga|rega|harganya|cabe|bawang|beras|bbm|sinyal|kuota|tugas|dosen|mie|bakso|seblak|sambal|sambel|"
    r"level",
)

JOKE = _compiled(
    r"wkwk\w*|wkakak\w*|(?:ha){2,}\w*|(?:he){2,}\w*|(?:hi){2,}\w*|awok\w*|lol|lmao|rofl|ngakak|anjir|anjay|"
    r"(?<!bukan )(?<!not )(?:becanda\w*|bercanda\w*|guyon\w*|heureuy|prank|iseng|kidding|joking)|gurau\w*|ketawa|"
    r"lucu|ngguyu|seuri|mabar",
)

# The negation takes out what follows it, wherever that is a word of danger.
NEGATION = frozenset("bukan bukannya tidak_ada tidak_jadi tanpa not no isnt wasnt without never anti".split())
