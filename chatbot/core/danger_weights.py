"""What signals, single words and the length of a text are worth when danger is weighed.

Owns data only: in the table of words, each line is a weight and the words that have it, in standard spelling. Written
by ``tests/benchmarks/fit_emergency.py``, which says how; change it there, or change the sentences that it fits. Refuses
meaning: it knows that messages about "uang" are seldom cries for help, not why.
"""

from __future__ import annotations

from collections.abc import Mapping

# Added to every text.
CONSTANT = -2.7

# By the names of ``emergency.Signals``.
SIGNAL_WORTH: Mapping[str, float] = {
    "grave": 1.9,
    "serious": 1.6,
    "strong": 2.3,
    "medium": 1.5,
    "weak": 0.8,
    "fire": 0.1,
    "help": 0.3,
    "still": 2.0,
    "place": 0.7,
    "person": 1.4,
    "exists": 0.6,
    "loud": 0.1,
    "cry": 0.4,
    "advice": -0.8,
    "asks": -1.3,
    "past": -2.1,
    "earlier": -1.0,
    "supposed": -0.5,
    "over": -1.3,
    "service": -1.9,
    "news": -1.0,
    "media": -1.3,
    "drill": -1.2,
    "light": -1.6,
    "joke": -2.5,
    "sorry": -2.5,
    "bare": -1.6,
    "routine": -1.6,
}

# Added for each number of words that a text does not exceed.
LENGTH_WORTH: Mapping[int, float] = {
    1: -0.2,
    2: -0.1,
    3: 0.5,
    6: 0.9,
    8: -0.2,
    11: -0.5,
    15: -0.6,
}

_WORD_TABLE = """
+1.8: dia
+1.7: bangsat
+1.5: tolong
+1.4: hear semua
+1.3: drank pak
+1.2: banyak gunfire jangan ngagebugan ngunci pamajikanana sos
+1.1: berhenti biru in saling send water wonge
+1.0: d dibacok dikunci kepalanya kesedak mukanya share
+0.9: banyune bit breath down emergency end ferry her hutan ibu mama man mukul nu racun snake sopirnya
+0.8: ada ana bakso belum bentrok bunyi caah cant cewek dengar ditusuk face floating im is kena kid masih mukulin om
+0.8: orang pintu room roommate sakit swimmer tersedak warung
+0.7: air akan anak anakku baby bapana barusan being bleach coming cut dari dilelepkeun dipukuli gunung guys he hes
+0.7: hidup i ini ive keluar let mandi mereka mum nelan ngagantung nulis overturned pendaki people preman sadar serang
+0.7: taken them wit wrists
+0.6: all ambegan ambulans bak bapak bawa bojoku busuk car cleaner collapsed cpt daughter dicelupkan disandera diseret
+0.6: dont drain driver extorting hostage kami kereta ku lokasi lompat longsor massa masuk mobil ngamuk nggantung now
+0.6: nyamber pa parkiran perlintasan pls rusuh sak sanggup sekarat ship taking tell thugs tonight under urang vendors
+0.5: and beach bengkak bergerak bus capek cepetan child darah demo dieu digigit dikepung dodo door drowning dunia
+0.5: gereja gigit gila harimau him hitung house jaga jalmana k kamar kedengeran kejang kelelep kesetrum kobra lantai
+0.5: lebih maaf mall mas mawa mbahku mendekati minum nahan napas narik neunggeulan nonjok our out parah parkir
+0.5: perempuan right roof rumah rumahku saja sambil saya selamat sembunyi sini sopir sorry stabbed suami taksi tali
+0.5: theres they todong tulungi wont
+0.4: 5 7 8 adikku adiku adu ampun anjing are arus badannya badly bakar bakauheni banteng bapakku berlangsung beruntun
+0.4: crew datang di dicari diculik dikurung dingin disekap diserang ditembak ditodong drink duanya enggal followed
+0.4: friend gandeng getih geura gunshots helmnya help indomaret istri jackets jimbaran ka kaki kana kebun kecemplung
+0.4: ketemu ketimbun kkb knives langkah leher lemas lempar life lifeguard lilit listing mayat merak ndango nenek
+0.4: nimpa not nyerang pamit panto pelajar pills pintunya piton sadada samurai selak setrika si sing someone someones
+0.4: spiked tabrakan tanggane teng thamrin tikus tilting to usik want
+0.3: 6 adi apartment asma ayah ayi badan baik bank bapa bau beating bilang bottle cepet chasing coba collector crane
+0.3: cucu dada dads dalam dapur dead debt dibius diiket diikuti dikejar dipun dirantai dirinya ditawan ditemukan
+0.3: drunk dseret each fell floor gagantungan getihan gorong guns halte hamil has hitting ijo jemput jurang kambuh
+0.3: kcil ke kecelakaan kejaran kejebak kejepit kesedot kidnapped know kontainer konvoi kurugan laut leave left lemes
+0.3: lift loc loncat maafin majikan many mogok molotov mulai munggah murid near neighbours ngabudah ngeluarin ngepung
+0.3: ngerusak nggeblak nggebuki nginum ngombe ngomong nindih nodong nusuk nyayat nyekel nyusul obah ombak other
+0.3: panjang payon penumpang penyanderaan perahu pergi perumahan potong ppl progress proyek rame robbed satpame seat
+0.3: sebentar sedang see sekarang senjata sepi she shotgun sickles smoke some son sukuna sungutna swallowed tabrak
+0.3: tanggaku tebusan terakhir terjadi tertimbun texted tinggal titeuleum tol too total trapped we well woman
+0.2: 1 12 4 412 50 adhiku adik adina adk ae ajrih alamat alas also ambrol ambruk anake angkatan anu at atas ate
+0.2: attacked attacking atuh awak bacokan bales balik balita bang banter bapake barudak bathroom batu beneran bensin
+0.2: berdarah betah bleeding blong blue bri broken buaya building buruan cangkeme celurit ceurik circle closet could
+0.2: cowoknya da danau demam deui dibegal dibuang die digandeng dihabisi diikutin dijambret dijual dikasih
+0.2: dilaporkeun diperkosa dipukul dirampok disiksa ditelpon diterke dkt dosis downstairs e eh enek falling fight
+0.2: fire from front gajah galian gedor geng gesang granat guru guy halo hanyut hi hiding huruf husband ikutin inside
+0.2: irigasi jaket jarinya ji jump kabawa kakak kamu kapal karo katalikung kayaknya kecanthol kehalang kehilangan
+0.2: keinjek keliling kenter kepala kepleset kirim kmsukan knifepoint kontrakan kreteg kuat lady large lari lawang
+0.2: ledakan lek lemari les leutik lingkar lini lirih listening locked mabok mahasiswa mburi mburiku melati meledak
+0.2: memalak menabrak mencekik menit mesin mess minuman misno mlg more mukulan ndelik ngadobrak ngambang ngantemi
+0.2: ngapung ngetik nginggil ngoyak ngumpet ninggalin no nolongin nyambar nyanthol omg onok order outside pake panah
+0.2: pangapunten pantai pasien pedagang pegawai pekerja pembunuhan penumpangku petasan pic pil pinanggih piso pizza
+0.2: pke poison potas pulang pulse pusing question quick rampok rem rmhku rocks rubuh sabuk sama say selamanya
+0.2: semenit sendirian serius sesuatu shes siapkan something strangling suarane sudah sumur sunset sword tahanan
+0.2: taman tebal temanku tembok tempat terbakar tere terguling terjebak tertimpa theyre threatening tidak tik topeng
+0.2: travel truk trying turning umpluk up walakaya wani wasiat wave wife wires
+0.1: 1204 14 20 203 ado airport angkot anymore asep asrama awake bacakak bajunya bangsal bangun bauna begini benoa
+0.1: bergeletakan bernapas besi bis bom bomb break burried cari cars cenah chat choking cianjur climbing curanmor dad
+0.1: dagang damkar death dendam desa diacak diangkat dibunuh dicekek didobrak dihentikan dikeroyok dikonci ditaburi
+0.1: ditinggalkeun dor downstrs duluan enak enten eureun excavatornya fighting flood following gaada gapapa gas gate
+0.1: gausah gede genset gigir gini girl gun hajatan halp hareup have hebat hot ikan indungna inggil inyong jambatan
+0.1: jelemana jemur kabogoh kanai kasetrum kata katindih kawan kebalik kebuka keep kekunci kelihatan kelilingnya
+0.1: kemasukan kependem keracunan keras kernetnya keseret ketembak ketik ketimpa klewang ko kosong kretek ktmu kursi
+0.1: kuta lakukan lampung lega lemah lorong lumpur make malik maling mancing masjid melahirkan mencurigakan mengambil
+0.1: merampas minimarket moving mungkin muntah nadi nah nan ndhelik neck nelayan nemu ngagolak ngaji nggawa nglalu
+0.1: njlumprit nurunin nutup nyaut nyeret of oh omahku orok over parangtritis parasailing pasar peduli pembacokan
+0.1: penembakan penjaga percent permisi pilnya podo poli port psr pulau pulled rek retak river rope ruang salah sand
+0.1: sandalnya satpam school screaming sebelum segerombolan sekolah semalaman sempit seukeut siapin slashed snapped
+0.1: sorana speedboat stabbing stasiun sumone supirna supirnya suramadu tamu tangkal tangki tanjung taunya tengah
+0.1: terbalik terjepit text think tied tikam tiri tki tonggoku took tower tu tulisan tumbang tumpah turis usah waduk
+0.1: wall warehouse with worker woy
-0.1: 0 112 16 25 addict ahli amerika anjlok antik apk arahan arrested bakaran balap balesnya bali bandungnya batam
-0.1: batas belanda bemper benarkah berantai berkas betul bodong bpkb broke bubar bypass cak caller cash cat cepak
-0.1: cerai charges chased coffee coret daftar damaged darurat dealer deh dibenerkeun dibuntuti dicoret didandani
-0.1: dijahit dikira dilerai dimarahi dipecah dipercaya disebar disimpen dislametke ditarik doa dompetku dreamed drop
-0.1: drugs esuk facebook flyover fogging free gabisa gol gratis group haha here hias hit internet investor ipar ireng
-0.1: jebul jenazah kaget kali kampus kanjuruhan karatan kartu kasus kaya keren kondusif koruptor kos kredit kue
-0.1: kulkas kurus laci lah lain lalajo lali layang lengan lengkapi lepat light lima link loketnya lp mabuk malu
-0.1: mangan mantan manusia mari mau mediasi memukul mendapat mengadu menjuntai menyebarkan month morning mulut musuh
-0.1: nangis nanti narasumber neighbour ngaduruk ngaktifke ngantuk ngata ngatain ngeri njupuke nomor numpak nyangkut
-0.1: officer officers one pahlawan pajak pejuang pelakor peluru pemutihan penculik penyok perempatan perkelahian
-0.1: permit persebaya pesen pinggir pitikku playing pp prewedding pribadi puisi ra raharja rahasiain rahasiakan
-0.1: rambut remaja ribu riyoyo safely saham sales sambel sasi satpol sawah scratched sehat sekali sekeluarga selling
-0.1: semata seorang sepeda serahkan serangan serem sial sido silver situasi somebody spionku stang steps stolen
-0.1: sunday susah tanaman tanya tato tembakan terlalu termasuk terminal terus tes thank threatened tiktok tilang
-0.1: timnas tip tirinya tragedi tukang ular umum uwana valentine verifikasi village wajahnya waktunya waris warisan
-0.1: website wedhusku weteng witness yang yesterday
-0.2: 02 10 2020 2021 ac accident after afternoon airnya alhamdulillah anggota anjir antrian apik aplikasi arisan
-0.2: arsipnya artinya arulin atawa atiku back bag bagaimana balai balance bandara bandung bangga bangsatna barang
-0.2: baru bbq beat becanda bedog beja belakang beli berjuang bisa bising bogor bola boss bot bpjs bumi case cepe
-0.2: cerita cinta copot cops courier coworker credit dados daerah darat dementia deras dicopet digerebek dilarang
-0.2: dileceh dimas dini dipasang diracun dirampas disapu disuntik ditabrak ditahan ditebang ditembaki ditertibkan
-0.2: ditutup do dosa drill driving dua ekor every feet fill filme gabut gaweane gebetan gelap geprek gerak get geulis
-0.2: gofood gone grandfather gudang guludug hadir halaman hatiku hitam home hukum if installed into isi isinya izin
-0.2: jakarta jalur jantung jasa jatanras judulnya juta kabel kalian kalih kandang kandung kantor kapendak kapolsek
-0.2: karaoke karena katangkep kerekna kerugian ketahuan ketakutan ketinggalan kidnapping killed kode kontak koper
-0.2: koplo ktp kundang kungsi lapar lecet legend lembur liar license lindungi linggis lirik m maen maksa manggarai
-0.2: medical melihat melindungi memperpanjang mencongkel mengancam menghadapi merr mesjid monyet movie my na nanaon
-0.2: nangkap ndelok ndi next ngadepi ngajeng ngancam ngapain ngelem nilang obat olahraga on orderan orkes p21 paket
-0.2: panggil panik paper parang pasal password pecah pedas pelatihan pencegahan pengajian pengamen pengeroyokan
-0.2: penghabisan penusukan pepetasan persyaratan photos pindah pisah pisang plafon planning plat polwan polwanna pos
-0.2: ppa pramuka program prosedur puasa punk raid ramai raping rawan really registration rehab renew reset rokok
-0.2: ronda runtuh rutenya saldo satpas saturday saying sebaiknya sejak seksual semoga senin serangga serasa servis
-0.2: sewa shirt should siku since sinetron sosialisasi speaker spion station stuck supaya superapp surut tabung tahu
-0.2: tarik tawon tenan terhadap thief thok tim tips titik tok translate trip tugas tunggu turu tutup unggal unknown
-0.2: until utang valid vario viral wants warna watched wawuh when wkwk wkwkwk wungkul yani yo zaman
-0.3: 00 2017 60 abused against already amblas antar baca bahaya ban bangkai battery benar bercanda bhayangkara bibir
-0.3: bike biyen broadcast bulog by center cicing codet complaint concert culik dark datanya daun debus dibalas
-0.3: dicolong dijawab diobati dipakai dipake diproses disita ditendang ditindak ditipu emas ending everywhere feels
-0.3: file filmnya fix gang gaya gelo gembok geni golongan good hampir hancur hoaks hujan hurry hurt identitas ig jadi
-0.3: jambret jawab judi kaca kakinya kambing kayak kebanting kecalan kekerasan kenapa kepungkur kerek kidnappers kids
-0.3: kill klarifikasi knife kolam komplek kotak lagu lama lancar langsung laptop lawan layar licence lidah lights
-0.3: lihat listrik loket lomba lombok macetnya mah makalahku malaysia maot mata mati membayar mencegah miring mudik
-0.3: mung naik namanya nawarin nearest nembak never ngantosan ngorok nonton novel number nyalira obeng obor online or
-0.3: pawai pekerjaan penalti penanganan penodong pentas penyuluhan persija perusahaan pesawat pointed polisi
-0.3: prevention protokol queue ramen razia red rega renewal ringan rugi sabtu saksi sambalnya sampai saudara scared
-0.3: semangat seminar sih situ sok stranger suicide taik tangan tas telat teman teriak terima terkunci terluka thanks
-0.3: tiga trauma trotoar ttg tua umur urgent used warga wedi week were wib years
-0.4: about acara akta april arm assaulted atau bandar banking bekasnya bener beri berita boleh bukan bukti burning
-0.4: burung can cepat dengan dibantai dibantu dibawa digendam dipaksa diperas dipotong diserobot dompet dong donor
-0.4: film flight form ganggu garage gerombolan golok got had hangus hantu harus helm helmet holiday how investasi
-0.4: jalan jatuh jual kalau kampung kapan katanya kecanduan lampu laporan leaves lpor lubang makalah makassar may
-0.4: mengundang meninggal mohon motor motorbike ngaku nongkrong o pagar paman penangkapan pencopet perampokan perlu
-0.4: persib photo pinjol police power ran regane rt santunan sare satu says sedih selokan sendiri setelah simulasi
-0.4: still street tahun tanda tanggal tanpa tembak toko transfer undangan upload uploading whatsapp
-0.5: aman an ap apakah ayam balas berlubang cara cosplay dekat dipecat diperhatikan dipukulin ditambal event exam for
-0.5: harga kdrt kecebur kecurian kejadian killing kita kota latihan luar luka mainan makan mantap mengurus miras
-0.5: murdered nama night pelecehan pembegalan penjambret pesangon phone pipi pungli punya safe sampah siga skck suka
-0.5: tangkap telepon tempel that tiap timbang traffic umpama video visum waiting while who
-0.6: akun ancaman asap balesen banjir berisik buang cuma diancam dirusak ditangkap ditindaklanjuti game gantung gempa
-0.6: hari indonesia itu jembatan kabar kan kejadiannya keributan last lewat lost mbledos me memar mengganti minta
-0.6: narkoba oleh pas patroli penculikan pernah pistol polres rekaman report rusak siapa soal stnk tentang tetapi
-0.6: this tidur true uang was you
-0.7: dan dicongkel fine hate informasi jendela kecil kerja kok kunci letter need office pagi pakai tv ya
-0.8: besar dulu grup mana mimpi muda pencabulan your
-0.9: besok galau hoax lebam main penganiayaan periksa perkosaan untuk
-1.0: dibobol foto membuat nih sering tadi ternyata waktu
-1.1: bulan min minggu sim
-1.2: handphone kenal kucing ngontrak semalam takut
-1.3: dicuri hilang
-1.4: lalu
-1.5: apa asing kemarin pelaku
-1.6: bunuh cctv korban malam
-1.7: melapor
"""

WORD_WORTH: Mapping[str, float] = {
    word: float(weight)
    for weight, _, listed in (line.partition(":") for line in _WORD_TABLE.strip().splitlines())
    for word in listed.split()
}
