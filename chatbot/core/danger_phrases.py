"""Phrases that speak of danger.

Owns data only: regular expressions over a text in standard spelling. Refuses weighing, which is for ``emergency``.
"""

from __future__ import annotations

from chatbot.core.phrase_pattern import any_of as _compiled

_WEAPON = (
    "pisau|golok|parang|celurit|clurit|pedang|samurai|pistol|senjata|bedog|peso|lading|arit|gaman|linggis|panah|"
    "busur|airsoft|molotov|badik|mandau|keris|bom|balok|kayu|batu|knife|gun|machete|rantai|gir|kapak|sangkur|pentungan"
)

# Speaks of danger to life by itself. Read after the idioms below have been taken out.
GRAVE = _compiled(
    r"(?:me)?bunuh (?:diri|saya|dia|anak|istri|suami|orang|aing)",
    r"(?:gantung|menggantung|ngagantung|ngegantung|nggantung|bakar|membakar) (?:diri|maneh|awak|dirinya|awake)",
    r"maehan maneh",
    r"(?:mau|akan|pilih|rela|mending|lebih baik|hayang|siap|biar|ingin) (?:saya )?mati(?: saja)?",
    r"(?:meng)?akhiri? (?:hidup|hidupnya|hidupku|semua|semuanya|nyawa)",
    r"(?:capek|cape|capai|lelah|bosan|bosen|malas|males|tidak kuat|tidak sanggup|tidak mau|tidak bisa|kesel|bosen)"
    r" (?:lagi |sedang |sekali |untuk |menjalani |sama )*(?:hidup|urip|hidupku)",
    r"tidak (?:kuat|sanggup|tahan|ada gunanya|ada artinya) (?:lagi |sedang )?(?:hidup|saya|semua)",
    r"(?:silet|nyilet|iris|ngiris|mengiris|sayat|menyayat|nyayat|potong|motong) (?:\w+ )?(?:tangan|nadi|urat|"
    r"pergelangan)\w*",
    r"(?:minum|menenggak|nenggak|menelan|nelan|ngombe|nginum|meminum|diminum) (?:\w+ )?(?:racun|baygon|obat nyamuk|"
    r"obat tidur|pil|potas|sianida|pembersih|bensin|pestisida|gramoxone|wipol|bayclin)",
    r"(?:loncat|lompat|terjun|melompat|meloncat|luncat|mlumpat|nyebur|jump\w*) (?:\w+ )?(?:dari|saka|tina|seko|off|"
    r"from|ke)",
    r"(?:kill|hang|hurt|shoot|burn|cut) (?:my|him|her|your|them)sel\w+",
    r"(?:kill|shoot|stab|hit|hurt) (?:me|him|her|us|them|my)",
    r"(?:want|wants|going|gonna|wanna|ready) (?:to )?(?:die|jump)",
    r"(?:end|ending) (?:my|his|her|it) (?:life|all)",
    r"(?:no|any) (?:reason|point) (?:to|in) (?:live|living)",
    r"(?:took|taken|swallowed) (?:\w+ ){0,3}(?:pills|poison|bleach)",
    r"(?:hanging|hanged|hung) (?:him|her|my)self",
    r"(?:stop|cannot|cant|isnt|not|barely) (?:breathe|breathing)|tidak (?:bisa )?(?:ber)?napas|"
    r"(?:sesak|susah|berhenti) napas",
    r"not (?:responding|moving|waking)|wont wake|passed out|heart attack|serangan jantung|henti jantung",
    r"tidak (?:sadar|sadarkan|bergerak|gerak|bangun)(?: diri)?|hilang kesadaran|sudah (?:tidak )?bernyawa",
    r"jangan (?:di ?)?(?:telepon|ditelepon|nelepon|hubungi|call|berisik|bersuara)(?: saya| balik| dulu)?|"
    r"(?:dont|do not|cant|cannot) (?:call|talk|speak)(?: me)?",
    r"tidak (?:bisa|berani) (?:\w+ )?(?:ngomong|bicara|bersuara|keluar rumah|keluar kamar|telepon|teriak|kabur|lari)",
    r"(?:dia|mereka|orangnya|pelakunya|mantan|suami|he|they|she) (?:\w+ ){0,3}(?:di depan (?:rumah|pintu|kamar|kos)|"
    r"di luar|outside|at the door|at my door)",
    r"(?:masuk|nyelonong|menyelinap|membobol|bobol|mbobol|dibobol|manjat|memanjat|lompat|congkel|mencongkel|nyongkel|"
    r"dicongkel|asup|mlebu|melbu|lebet) (?:\w+ ){0,2}(?:rumah|kamar|pagar|jendela|pintu|toko|warung|atap|gudang|kos|"
    r"tembok)",
    r"(?:break|breaking|broke|broken|climb\w*|sneak\w*|get|getting) (?:\w+ )?(?:in|into|through|inside)",
    r"on fire|caught fire|gas leak|kebocoran gas|gas bocor|kabel putus",
    rf"(?:bawa|membawa|mbawa|ngebawa|bekto|gawa|nggawa|mawa|nyandak|nyekel|nyepeng|acung\w*|mengacung\w*|ngacung\w*|"
    rf"todong\w*|nodong\w*|menodong\w*|pegang|megang|memegang|pakai|pake|nganggo|make|with|has|have|had|holding|"
    rf"waving|carrying|swinging|got|bersenjata|sabet\w*|ayun\w*) (?:\w+ )?(?:\w+ )?(?:{_WEAPON})\w*",
    r"(?:mau|akan|diancam|ancam|ngancam|mengancam|arep|rek|dek|going to|will|gonna|wants to|trying to|threaten\w* to)"
    r" (?:\w+ )?(?:di)?(?:bunuh|tusuk|bacok|tembak|bakar|perkosa|culik|pukul|kill|stab|shoot|rape|hurt|burn|membunuh|"
    r"membakar|mateni|maehan)\w*",
    r"(?:anak|anakku|bayi|balita|adik|ponakan|keponakan|cucu|son|daughter|child|kid|baby|istri|ibu|nenek|kakek)"
    r" (?:\w+ ){0,3}(?:hilang|diculik|dibawa|dibawa (?:orang|lari|kabur)|missing|taken|lost|disappeared)",
    r"(?:belum|tidak|durung|can) (?:\w+ )?(?:pulang|mulih|balik|uih|ketemu) (?:\w+ )?(?:dari|sejak|sampai)",
    r"(?:rem|rim) (?:\w+ )?blong|masuk (?:jurang|sumur|selokan|got|parit|sungai|kali)|jatuh ke",
    r"terseret (?:arus|ombak|banjir)|dibawa arus|kebawa arus|terbawa (?:arus|ombak|banjir)|tersambar|kesamber|"
    r"disambar",
    r"massa (?:\w+ )?(?:mengamuk|ngamuk|bakar|main hakim|hajar)|main hakim|dihakimi|diamuk massa",
    r"(?:api|seuneu|geni) (?:\w+ )?(?:besar|gede|menjalar|merambat|membesar|ageung|sudah)|"
    r"(?:besar|gede|ada|ada) (?:api|seuneu|geni)|hangus",
    r"(?:truk|bus|bis|mobil|motor|angkot|kereta) (?:\w+ )?(?:terbalik|terguling|nyungsep|oleng|tabrakan|adu banteng)",
    r"help me|save me|selamatkan (?:saya|kami|anak)|nyawa saya|tolong saya|tolong kami",
)

# Needs only a little more around it.
SERIOUS = _compiled(
    r"(?:cuma|hanya|only) (?:bisa |can )?(?:ketik|ngetik|chat|type|text)|"
    r"(?:obat|pil|tali|pisau|racun|cutter)\w* (?:\w+ )?(?:di tangan|siap|disiapkan)|"
    r"(?:lebih baik|mending) (?:saya|aku|\w+) (?:tidak ada|pergi|mati)|orang (?:\w+ )?mau mati|"
    r"(?:jangan|ojo|ulah) (?:\w+ ){0,2}suara",
    r"(?:masih |sudah |geus |wis |tos |lagi |aya )?(?:di (?:dalam|dalem|jero|dlm|njero) (?:rumah|imah|kamar|toko|"
    r"mobil|kos|sini)|di tengah rumah)",
    r"(?:dia|mereka|orangnya|orang|pelakunya|malingnya|manehna|si itu|wonge) (?:\w+ ){0,2}(?:masuk|balik|datang|"
    r"nyampe|sampai|mendekat|kembali|di (?:sebelah|depan|hareup|bawah|sini|dalam|luar|belakang)|masih (?:di|ada))",
    r"masih di (?:sini|dalam|bawah|lokasi|atas|air|depan|tkp|dlm|jero|tempat)|"
    r"masih (?:\w+ )?(?:hidup|napas|nafas|bergerak|terjebak)|still (?:here|inside|alive|moving|outside|breathing)",
    r"tidak (?:boleh|bolehin|bisa|oleh|mau) (?:\w+ )?(?:keluar|ke luar|kabur|lari|pulang|metu|turun|nurunin|gerak|"
    r"pergi)|(?:wont|cant|not) (?:\w+ )?(?:let (?:me|us|her|him)|get out|leave|escape|move|walk)",
    r"(?:jangan|ulah|ojo) (?:\w+ )?(?:suara|berisik|nelepon|telepon|bales suara|rame)|ngomong pelan|"
    r"tidak bisa (?:ngomong|bicara|telepon)|gabisa ngomong|gabisa bicara",
    r"(?:dibawa|ditarik|diangkut|dijemput|diseret|digiring) (?:\w+ )?(?:paksa|orang|kabur|lari|masuk|ke|3|4|dua|tiga)"
    r"|orang (?:asing|tidak kenal|tidak dikenal) \w+|ada (?:\w+ )?orang (?:asing|tidak kenal|tidak dikenal)|"
    r"dipaksa (?:\w+ )?(?:masuk|ikut|naik|buka)|"
    r"maksa (?:masuk|ikut|mengambil|naik|buka)",
    r"(?:naik|manjat|di atas|berdiri|duduk|di) (?:\w+ )?(?:\w+ )?(?:genteng|tower|rel|jembatan|balkon|rooftop|atap|"
    r"tebing|sutet|flyover|pagar)",
    r"(?:hidup|hirup|urip) (?:\w+ ){0,3}(?:tidak ada|percuma|gunanya|artinya|berakhir)|"
    r"tidak ada (?:\w+ )?(?:gunanya|artinya|yang peduli|harapan)|"
    r"tidak (?:kuat|kiat|sanggup) (?:\w+ )?(?:lagi|hidup|hirup|sedang)|"
    r"(?:surat|pesan|chat|kata|voice note|vn) (?:\w+ )?(?:terakhir|trakhir|wasiat|pamit|perpisahan)|"
    r"(?:terakhir|trakhir) kali|pamit|nyusul (?:mama|papa|ibu|bapak|almarhum|ayah|mamah|emak|suami|istri)|"
    r"pergi (?:untuk )?selamanya|tidak usah ada (?:saya|aku)|kalau saya tidak ada|goodbye|alive anymore|"
    r"disappear forever|better off without|nobody (?:will )?care|mati saja|maot",
    r"(?:umur|usia) \d+ (?:\w+ )?(?:hilang|ilang|belum|sendirian)|"
    r"(?:ke luar|keluar|pergi|main) (?:\w+ ){0,4}belum (?:pulang|balik|kembali)|"
    r"tidak (?:pulang|ketemu|nyaut|menyahut|respon|jawab|gerak|bangun|bernapas|napas|nafas|ada nadi|angkat)",
    r"(?:jatuh|terjun|ambruk|roboh|rubuh|tumbang|nyemplung|fell|fallen|terperosok|kejeblos|kecemplung) (?:\w+ )"
    r"?(?:dari|ke|di|nimpa|menimpa|off|from|into|masuk|kena)|"
    r"(?:truk|bus|bis|beus|mobil|motor|kapal|perahu|parahu|prau|kelotok|speedboat|helikopter|pesawat|boat) (?:\w+ )"
    r"{0,2}(?:terbalik|tibalik|kebalik|karam|bocor|jatuh|nyemplung|tenggelam|masuk|nyungsep|sinking|terbakar|hilang|"
    r"mati)",
    r"(?:gas|klorin|amonia|kimia|pipa) (?:\w+ ){0,3}(?:bocor|menyengat|meledak)|bau (?:gas|kimia|menyengat)|"
    r"smell of gas|gas (?:leak|everywhere)|bocor (?:gas|amonia|klorin)",
    r"(?:tas|koper|ransel|kardus|paket|bungkusan|kantong|bag|package|box|suitcase) (?:\w+ ){0,5}(?:mencurigakan|"
    r"kabel|kabelnya|bunyi|berdetak|tik|detik|wires|ticking|bom|suspicious|tiktik)",
    r"(?:bawa|nyiram|siram|disiram|menyiram|pakai|mawa|with|pour\w*|nyipratin) (?:\w+ )?(?:bensin|petrol|gasoline|"
    r"air keras|air panas|minyak|solar|spiritus|acid)",
    r"(?:anak|bayi|orang|warga|korban|murid|santri|penumpang|tamu|pekerja|child|baby|kids|people|many|banyak|"
    r"ada yang) (?:\w+ ){0,4}(?:lemas|lemes|pingsan|muntah|jatuh|tertimbun|nangis|menangis|terjebak|sesak|hilang|"
    r"teriak|injured|hurt|trapped|inside|kegencet|kagencet)",
    r"(?:lahiran|melahirkan|brojol|mau lahir|pecah ketuban|in labor|giving birth)|"
    r"(?:mulut|mulutnya|mulute) (?:\w+ )?(?:berbusa|umpluk\w*|berdarah)",
    r"(?:ngikutin|ngikuti|mengikuti|membuntuti|nguntit|diikutin|diikuti|dibuntuti|diintil|dikuntit|following|"
    r"followed|chasing) (?:\w+ )?(?:saya|kami|aku|terus|dari|motor|mobil|me|us|by|ku)|"
    r"(?:nunggu|tunggu|nungguin|ngadagoan|waiting) (?:\w+ )?(?:di depan|di luar|di hareup|outside)",
    r"(?:teriak|jerit|menjerit|teriakan|jeritan|nangis|ngajerit|scream\w*) (?:\w+ ){0,3}(?:tolong|minta|dari|terus|"
    r"sedang|saja|ampun|kesakitan)|(?:minta|teriak) (?:tolong|ampun|dilepasin|dilepas)",
    r"(?:found|nemu|menemukan|ada|kapanggih|kapendak) (?:\w+ ){0,3}(?:mayat|mayit|jasad|body|bayi|mortir|bom|granat|"
    r"orok|tengkorak)|(?:took|taken|grabbed|snatched) my (?:son|daughter|kid|child|baby|bag|phone|wife)|"
    r"trying to (?:open|get|enter|break)",
    r"(?:pamer|memamerkan) (?:kemaluan|alat)|touching me|not stopping|raba2?|meraba|grepe\w*|diraba|dipegang2?",
    r"(?:sedang )?(?:bongkar|dibongkar|ngebongkar|congkel|dicongkel|bobol|dibobol|didorong|dijebol|jebol) (?:\w+ )"
    r"?(?:brangkas|rumah|pintu|jendela|gudang|toko|motor|orang|warung|atm|kotak|gembok)|"
    r"(?:rumah|pintu|jendela|gudang|toko|motor|warung|kunci|panto) (?:\w+ ){0,4}(?:dicongkel|dibobol|dibongkar|jebol|"
    r"dijebol|didobrak|ngadobrak|didorong|kebuka)",
)

STILL = _compiled(
    r"sekarang(?! (?:sudah )?(?:sehat|mari|kering|sembuh|aman|pisah|pindah|damai|baik|lunas|cageur|tinggal))(?: juga)?|"
    r"sedang|masih|barusan|baru (?:saja|tadi)|saat ini|detik ini|malam ini|right now|now|"
    r"currently|just (?:now|happened|got)|still|cepat\w*|cepet\w*|buruan|segera|darurat|gawat|sos|urgent|emergency|"
    r"help|tolong (?:segera|cepat|ada|kirim|polisi|datang|saya|kami|anak|ini)|minta tolong|"
    r"kirim (?:polisi|bantuan|patroli|petugas|orang|ambulans)|lagi kejadian|di lokasi|hurry|"
    r"please (?:help|send|come)|send (?:police|help|someone|an)|tulung(?:an)?|gage|enggal|geura|"
    r"butuh (?:bantuan|pertolongan|polisi|ambulans)|sakaratul|mohon bantuan|kumohon",
)
