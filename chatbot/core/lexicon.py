"""How citizens spell: one line for each standard word, the spellings that stand for it after the colon.

Owns data only: chat and SMS spelling, slang, Javanese, Sundanese and a few words of other regions. Refuses words that
mean two things ("td", "bs", "dan", "besuk", "kk", "min"): those are left as written, because a wrong guess costs more
than none. A value of several words is joined by "_". Collected by hand; native speakers still have to read the
regional lines.
"""

from __future__ import annotations

from collections.abc import Mapping

_FUNCTION = """
yang: yg yng iang
dengan: dg dgn dng dgan denga
untuk: utk untk ntuk u/ buat bwt bwat kanggo pikeun keur_kanggo
dari: dr dri dr2 saking ti
daripada: drpd
kepada: kpd
terhadap: thd
karena: krn krna karna coz soale sebabna
tetapi: tp tpi tapi nanging
kalau: klo kl kalo klw klau kalu jk jika apabila bila umpami lamun menawi upami nek yen
supaya: spy biar
atau: ato atw atao utawi utawa
juga: jg jga
sedang: sdg lg lgi lagi nuju lagek keur
masih: msh msi masi mash isih tasih keneh
sudah: sdh udh udah dah uda sdah sudh dh wis wes sampun mpun uwis tos atos geus parantos alah hudah
belum: blm blom blum belom blon durung dereng tacan acan teu_acan alun
telah: tlh
akan: akn bakal bkl badhe bade
mau: mo mw pgn pengen pingin pngen pgin pengin ingin hendak arep ajeng hoyong hayang mao
harus: hrs hrus kudu mesti kedah
bisa: bsa dapat dpt dapet iso saged tiasa biso bisakah bsakah
tidak: ga gak g gk ngga nggak enggak engga kagak kaga tdk tak ndak nda ndk gag tida nggk kgk gx ora
tidak: mboten henteu teu moal indak kada nyanda tra
bukan: bkn bukn bkan dudu sanes lain_pisan
jangan: jgn jngn jngan ojo ojok aja_nganti ulah
saja: sj aja aj doang sja mawon wae hungkul
sekali: bgt bngt banget skali bgtt bget pisan sanget
sangat: sgt sngat
banyak: byk bnyk bnyak akeh kathah seueur loba
sedikit: sdkt dikit sithik saeutik
semua: smua smw kabeh sadaya sedoyo
selalu: sllu slalu
sering: srg sring
kadang: kdg kadang2
dalam: dlm dalem njero jero
dulu: dlu dulunya rumiyin heula tiheula baheula
terus: trs trus teras terus2an
habis: abis abs hbs entek beak
lewat: lwt lewt liwat
masa: msa
berlaku: brlaku brlku berlakuna berlakunya
bawa: bw bwa bawak gawa nggowo mbeto nyandak_mawa
masuk: msk asup mlebu mlebet
lama: lma suwe lami
punya: pny punyaa gaduh duwe nduwe gadah
belum punya: teu_gaduh
pulang: plg plng mulih uih wangsul
minta: mnt njaluk menta
setelah: stlh stelah sesudah
sebelum: sblm sblum
sekarang: skrg skg skrang skrng skr skrg2 saiki sakniki samenika ayeuna sakarang
kemarin: kmrn kmren kemaren kmarin wingi kolowingi kamari kamarina kemaring
besok: bsk sesuk benjing mbenjang isukan enjing
tanggal: tgl tggl
bulan: bln sasih wulan
tahun: thn th taun
jam: jm pukul
hari: hr hri dinten dina
malam: mlm mlem malem bengi dalu wengi peuting
pagi: pgi isuk enjang
siang: sng
tadi: tdi wau
ada: ad ono wonten aya
ini: ni iki niki ieu
itu: tuh iku kuwi niku eta
di: nang ning neng ing
barusan: brusan baruan nembe lagi_tas karek bieu
"""

_QUESTION = """
bagaimana: gmn gmna gimana gmana bgmn bgaimana bgaimn cemana pegimana gimna gemana gmnaa piye pripun
bagaimana: kepriye kepriben piyo kumaha kmaha baa kayapa kenken boha piyee
berapa: brp brapa brpa brpaa brepa brpn piro pira pinten sabaraha sabarahaan bara barapa brpkah
kapan: kpn kpan iraha
di mana: dmn dmna dimn dimana dmana dimna dimanakah ngendi nengendi nangendi palih_mana dima
ke mana: kmn kmna kemana kmana
dari mana: drmn darimana
mana: mn endi pundi
kenapa: knp knapa ngapa kenape mengapa nopo_kok kunaon naha
ngapain: ngpain
apa: ap apaan opo nopo punapa naon pa_ya ape apanya
apakah: apkh apkah apakh apa_kah
siapa: sp spa syp siapakah sopo sinten saha
boleh: bole blh bolehkah angsal kenging
perlu: prlu perlukah
syarat: syrt sarat syrat syart sarate syarate
surat: srt
persyaratan: prsyrtn persyratan prsyaratan
cara: cr cra carane carana
biaya: biya by bea ongkos ragad ragat waragad
"""

_PEOPLE = """
saya: sy sya gw gue gua gwe w aq aku ane ak sayah saia kula kulo abdi kuring ambo ulun beta ngong tiang sa
kita: qt kt
kamu: km kmu lo lu loe ente kowe anjeun maneh sampean sampeyan panjenengan njenengan
dia: dy dheweke manehna
orang: org orng orang2 wong jalma jalmi tiyang uwong
teman: tmn tmen temen kanca konco rencang babaturan
saudara: sdr sodara dulur sadulur
anak: ank lare bocah budak murangkalih arek putrane putra
bapak: bpk pk bokap babe babeh rama bpa
ibu: ibuk nyokap enyak mamah biyung simbok
suami: laki salaki suamix
istri: bini pamajikan istrix garwa garwo
tetangga: tangga_saya ttngga tatangga tetonggo tonggo tanggi
admin: mimin mint
kakak: kak kaka
bang: bg abang
polantas: pulantas
polisi: pulisi polis polisi2 polisine
anggota: oknum
petugas: aparat ptgs
"""

_REQUESTS = """
tolong: tlg tlong toloong tulung tolng tlng tolg tolon tulungan tulungin tolongin tolongi tulong
tolong: toong toling tolonk tolonggg bantosan tlongin
mohon: mhn mhon nyuhunkeun nyuwun
izin: ijin
bantu: bntu bantuin bantuan bantui
beri: ksh kasi kasih kase
informasi: info infonya inpo inpona informasinya infox
tanya: tny nanya bertanya tanyak takon tangled taros naros tumaros nakon
jawab: jwb
balas: bls
terima kasih: trims trmksh tks thx makasi mksh makasih suwun nuwun matur_nuwun nuhun hatur_nuhun tengkyu terimakasih
baik: ok oke sip siap okey
ya: y iy iya nggih inggih injih muhun enya sumuhun yaa yoi
maaf: maap sori punten hapunten ngapunten
periksa: cek ngecek cekin mengecek ngecekin dicek memeriksa mriksa
"""

_ACTIONS = """
mengurus: ngurus urus ngurusin ngurusi diurus urusin ngurusnya
membuat: bikin bkin buatin buatnya pembuatan bikinin dibuat ngebuat ngebikin mbuat gawe damel
membuat: ngadamel nyieun ndamel bikinnya pmbuatan gae nggawe
mencari: nyari cri ngegoleki golek pados milarian neangan
mengambil: ngambil ambil diambil ambilin mengambilnya njupuk nyandak
membayar: bayar byr mbayar pembayaran dibayar bayarnya mayar bayare
memperpanjang: perpanjang prpanjang prpnjng panjangin perpanjangan perpanjg perpnjang perpjg
memperpanjang: prpanjangan diperpanjang perpanjangin perpanjng pperpanjang manjangin
mengganti: ganti gnti menganti diganti gantiin penggantian
blokir: blkr bloqir ngeblok diblokir pemblokiran blokirin
melapor: nglapor ngelapor lapur lapurin lapor laporin melaporkan ngelaporin dilaporkan laporkan
melapor: ngalaporkeun nglaporke pelaporan
mengadu: ngadu ngaduin adukan
telepon: nelp tlp tlpn telp nelpon telpon telfon tilpun nelfon menelepon telephone menelpon
hubungi: hub hubungin ngehubungin menghubungi ngubungi
whatsapp: wa wasap whatsap
datang: dtg dateng dtng dugi rawuh sumping teka
ke sana: kesana ksana
ke sini: kesini ksini mriki kadieu mrene mreneo rene mriki_o
kirim: krm krim ngirim mengirim kirimin
transfer: trf tf tranfer tranfers trasfer ditransfer transferan
pinjam: pinjem minjem meminjam
ditipu: ketipu tertipu kena_tipu diapusi diapusin katipu penipuan tipu nipu
kecurian: kecolongan kemalingan kamalingan kapalingan
dirampok: kerampokan kerampok ngerampok
dijambret: kejambret kajambret
ditilang: ketilang katilang
ditabrak: ketabrak tertabrak katabrak ditubruk ketubruk katubruk
menabrak: nabrak nubruk
hilang: ilang ilangan ngilang raib ical leungit lenyap ngical
jatuh: jatoh labuh ragrag tiba_labuh tibo
tertangkap: ketangkep ketangkap
dipukuli: digebukin digebuki digebugi digepuki digepukin digebugan digebug_digebug dipukulin
dipukuli: diteunggeul diteunggeulan dijotosi dikeplaki dihajar digebuk digebukan diantemi dipentungi
dipukul: dikeplak dijotos ditonjok ditampar ditampol ditampiling dipentung
dikeroyok: dikroyok kroyok diroyok dikoroyok dikaroyok kekeroyok keroyok dikeroyokin
diancam: diancem diancemin diancemi
diperas: dipalak dipalakin dipalaki malak
dibunuh: dipateni dipaehan dipaeh dibunoh dipatenin
ditusuk: ditujes ditusukin dijojoh disuduk ditujleb ditewek
dibacok: dibacokin dibacoki dikadek dikampak dibcok dikapak
ditembak: ditembakin ditembaki dibedhil dibedil
dirampas: direbut
kebakaran: kobong kobongan kahuruan kabeuleum kaduruk kebakar kebakaram kebakran kbakaran kbkaran
kebakaran: kebkran kebakarn keobong kabakaran
berkelahi: gelut garelut gelud tukaran berantem brantem tarung bertengkar
maling: mling malingg garong bangsat_maling
lari: kabur mlayu lumpat minggat
tunggu: ngenteni nungguan nunggu
keluar: kaluar metu kluar klwr medal
umur: umr yuswa
dibawa: digowo digawa dibeta dicandak dibwa
sampai: nepi nganti dugi_ka smp smpe sampe ngantos
nenek: nini mbahe simbah
kakek: aki
sebelah: sebelahku sisihku gigireun sblh
hanyut: hanyuik kintir keli palid
hidup: urip hirup
mati: mti mateh paeh modar pejah
sakit: gering lara nyeri
"""

_NOUNS = """
sim c: simc
sim a: sima
skck: skc skkb skcl skkc skcek skcxk sckck sksk
stnk: setnk stnkb stnkk esteenka sntk
bpkb: bpkp bpkpb
plat: pelat tnkb plat_no
motor: mtr motr mtor montor sepeda_motor kreta spd_mtr
mobil: mbl mobile mobilnya
handphone: hp hape hapeku handpon
nomor: no nmr nomer nmor
uang: duit uwang artos duwit arta yatra
ribu: rb
juta: jt
kantor: ktr kntr
polsek: polsk polses pulsek
spkt: spk
alamat: almt almat alamate
lokasi: lks lok lokasine
bagikan lokasi: sharelok shareloc serlok sherlok
jalan: jln jl dalan jlan
desa: ds deso
dusun: dsn
kecamatan: kec
kabupaten: kab
kelurahan: kel
gang: gg
sekolah: skul sakola sekolahan
rumah sakit: rs rumkit
rumah: rmh omah omahe imah imahna griyo griya bumi_abdi rmah
fotokopi: fc potokopi fotocopy potocopy poto_copy photocopy foto_copy
foto: poto pasfoto
ktp: ektp
bpjs: jkn
pinjol: pinjol2 pinjaman_online
narkoba: narkotika sabu nyabu
senjata tajam: sajam
senjata api: senpi bedil
jadwal: jdwl jadwalnya jadual
pelayanan: layanan pelayananna
lampu merah: bangjo apill
"""


def _parse(*tables: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in tables:
        for line in table.strip().splitlines():
            standard, _, spellings = line.partition(":")
            for spelling in spellings.split():
                found[spelling.replace("_", " ")] = standard.strip()
    return found


_ALL = _parse(_FUNCTION, _QUESTION, _PEOPLE, _REQUESTS, _ACTIONS, _NOUNS)

# Spelling of one word -> standard, one word or several.
SPELLING: Mapping[str, str] = {key: value for key, value in _ALL.items() if " " not in key}
# Spelling of two words -> standard.
SPELLING_PAIRS: Mapping[tuple[str, str], str] = {
    (key.split()[0], key.split()[1]): value for key, value in _ALL.items() if key.count(" ") == 1
}
# Every word that is spelt right as it stands.
STANDARD: frozenset[str] = frozenset(word for value in _ALL.values() for word in value.split())

# Places that "di" and "ke" are glued to in a hurry: "dirmh", "dijln".
PLACES: frozenset[str] = frozenset(
    "rumah jalan kantor desa gang sekolah lokasi kampung pasar kos toko depan belakang samping dekat "
    "polres polsek kamar "
    "luar dalam atas bawah jembatan warung kontrakan perempatan pertigaan".split()
)
# Short words that are English as often as they are spelling: left alone in an English text.
ENGLISH_TWINS: frozenset[str] = frozenset(
    "no do dr by to he me lo so by is in on ti ing ad ap or mo sp pa at as go hub ok ring dong can bang "
    "tak by sim".split()
)
