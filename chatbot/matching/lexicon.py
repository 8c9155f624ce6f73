"""Words of the police's services: names for one thing, and words that carry no topic.

Owns the tables, on top of ``core.lexicon``, whose standard spelling they start from: those of the services stand here,
those of languages and synonyms in ``words/``, which the team extends as plain text. Refuses general spelling, and
refuses reading files: services hand the tables over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TABLES = ("english", "javanese", "sundanese", "synonyms")  # files of words/, without their ".txt"

# One topic on each line, then what it is also called. "_" joins the words of a phrase.
_TOPICS = """
sim: surat_izin_mengemudi driving_license driving_licence driver_license driver_licence
sim: drivers_license drivers_licence licence license licenses licences simku simnya simna sime
sim internasional: international_driving_permit idp international_driving
skck: police_clearance police_record_certificate good_conduct police_clearance_certificate
skck: catatan_kepolisian clearance kelakuan_baik police_record criminal_record
stnk: surat_tanda_nomor_kendaraan registration_certificate vehicle_registration
mati: kadaluarsa kadaluwarsa kedaluwarsa kadaluarso expired expire expires lewat_masa_berlaku
mati: lewat_masa habis_masa_berlaku habis_masa lewat_berlaku telat_perpanjang telat_memperpanjang
mati: kelewat lewat_tanggal kadaluwarso terlambat_memperpanjang
daring: online aplikasi internet app apps onlen onlain
biaya: harga tarif biayanya cost costs fee fees price prices charge how_much harganya tarifnya
biaya: pinten berapa_uang habis_berapa
umur: usia age umurnya usianya old_enough
memperpanjang: manjangke manjangkeun manjangaken ngelanjutkan renew renewal renewing extend
memperpanjang: extending extension extended perpanjangannya perpanjangnya manjangno nerusake
membuat: pembuatan penerbitan menerbitkan nyieunna gawene make making apply application obtain issue
membuat: nggawe bikine mbikin
baru: anyar pertama_kali new first_time
hilang: kehilangan kaleungitan kelangan kecopetan dicopet lost losing leungit lose tercecer ketlingsut
rusak: damaged broken robek patah pecah
balik nama: balik_jeneng ganti_nama ganti_pemilik change_ownership transfer_ownership
balik nama: ownership_transfer transfer_of_ownership balik_ngaran pindah_nama
kendaraan bekas: second seken secondhand used_car used_vehicle used_motorcycle used_motorbike
pajak: tax taxes pajek pjk pajeg
denda: fine fines dendanya penalty
tilang: ticket tickets tilangan ditilang menilang traffic_ticket nilang
tilang elektronik: etle e_tilang etilang e_ticket electronic_ticket kamera_tilang traffic_camera camera_ticket
konfirmasi: confirmation confirm konfirmasinya
listrik padam: mati_lampu mati_listrik lampu_mati listrik_mati listrik_pareum pareum power_outage
listrik padam: blackout pln electricity power_cut token_listrik
kecelakaan: laka tabrakan accident crash tabrakan_motor kacilakaan collision keserempet nyerempet tubrukan
penipuan: ditipu tertipu menipu scam scammed scammer fraud penipu kena_tipu katipu diapusi
hoaks: hoax hoak hoks berita_palsu fake_news rumour rumor
polisi: police polri kepolisian polisine
melapor: report reporting laporan_kehilangan
unjuk rasa: demo demonstrasi aksi_damai protest demonstration rally unras
izin keramaian: crowd_permit event_permit public_event
pengawalan: patwal dikawal ngawal kawal mengawal escort kawalan
narkoba: drugs drug sabu ganja narkotika obat_terlarang pil_koplo ekstasi
rehabilitasi: rehab direhab rehabilitation kecanduan pecandu addict addicted addiction
kdrt: kekerasan_rumah_tangga domestic_violence kekerasan_dalam_rumah dipukuli memukul abuse digebuk
orang hilang: missing_person missing_people belum_pulang tidak_pulang durung_mulih teu_uih
rekrutmen: pendaftaran_polisi masuk_polisi daftar_polisi jadi_polisi menjadi_polisi dadi_polisi
rekrutmen: bintara tamtama akpol taruna
rekrutmen: recruitment penerimaan_polri daftar_polri penerimaan_polisi jadi_polwan menjadi_polwan
rekrutmen: become_police become_a_police join_police join_the_police
satpas: kantor_sim
sim keliling: simling mobile_sim mobile_license sim_corner
tahanan: inmate detainee prisoner tahanannya napi
menjenguk: besuk jenguk mbesuk njenguk membesuk visit visiting kunjungan dibesuk
whatsapp: wa
santunan: compensation klaim claim
pungli: pungutan_liar extortion minta_uang bribe bribery suap
aduan: pengaduan complaint complaints keluhan mengadu komplain
laporan polisi: lp police_report
kartu keluarga: kk
jadwal: buka schedule jam_buka opening_hours open_hours
mobil: car cars
motor: motorbike motorcycle bike motorbikes motorcycles scooter
kendaraan: vehicle vehicles
paspor: passport passports pasport
listrik: electric
polisi: officer policeman police_officer
laporan polisi: lap_polisi
diganti: replace replacement
ulangtahun: ulang_tahun birthday ultah
simcard: sim_card kartu_sim kartu_perdana
rumahsakit: rumah_sakit
politidur: polisi_tidur speed_bump
pph: pajak_penghasilan income_tax pajak_karyawan coretax spt_tahunan
pbb: pajak_bumi bumi_dan_bangunan pajak_restoran pajak_hotel
kartukredit: kartu_kredit credit_card
bukunikah: buku_nikah akta_nikah
"""

# Words that say nothing about the topic: they neither support an entry nor count as unknown.
STOPWORDS: frozenset[str] = frozenset(
    """
    yang dan di ke dari untuk dengan itu ini ada saya kamu kita kami dia mereka anda pak bu bapak ibu min admin kak bang
    mas mbak om tolong mohon izin tanya mau apa apakah bagaimana berapa kapan kenapa mana siapa bisa boleh ya sih dong
    deh nih kok lah kah saja juga sudah belum masih akan sedang atau kalau karena tetapi jadi agar supaya terima kasih
    selamat pagi siang sore malam halo hai permisi assalamualaikum wr wb as salam baik informasi beri tahu jawab balas
    bantu kira nya gan bos kakak sangat sekali lagi terus harus perlu dalam pada oleh sebagai seperti seorang nu teh mah
    atuh ka rek ku na tea euy sing karo lan iku kuwi apik nang neng teng nggih cara ingin tentang soal hal buat bagi
    para adalah ialah yaitu maka lalu kemudian setelah sebelum saat ketika waktu sambil sama tiap setiap begitu
    begini tersebut atas secara telah hari hendak maaf dimohon petunjuk penjelasan terkait mengenai sebaiknya
    sebenarnya bro sis pakdhe ndan komandan tuan nyonya dapat langsung cuma hanya padahal tahun bulan minggu
    mengurus minta mendapatkan mengajukan pengajuan permohonan diperlukan memerlukan seorang seseorang nama_saya
    tidak bs bukan nuwun sewu pun ipun kok ki mi ji dia
    the a an is are was were be do does did i you he she it we they my your his her our their me him them us to of for
    from with in on at by about and or but if can could should would will may must what how where when why who which
    please thanks thank hello hi hey sir madam need want get got have has had there this that any some so as am been
    just also still already im ive id am dont pls plz thx asap guys dear okay ok plis
    """.split()
)

_PREFIXES = "memper diper menge meny meng men mem me peng pem pen per ber ter di ke ng".split()
_INSTEAD = {"meny": "s"}  # the letter that a prefix swallowed
_SUFFIXES: tuple[str, ...] = ("annya", "nya", "kan", "ing", "an", "ku", "mu", "in", "ed", "es", "na", "ne", "s", "i")
_SHORTEST_STEM = 4

TOPICS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    tuple(name.split("_")): tuple(topic.split())
    for topic, _, names in (line.partition(":") for line in _TOPICS.strip().splitlines())
    for name in names.split()
}


def stem(word: str) -> str:
    """Cut a word's affixes, roughly and alike on both sides of a comparison; short words stay whole."""
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word[: -len(suffix)]
            break
    for prefix in _PREFIXES:
        if word.startswith(prefix):
            instead = _INSTEAD.get(prefix, "")
            longer = len(word) - len(prefix) + len(instead) >= _SHORTEST_STEM
            return instead + word[len(prefix) :] if longer else word
    return word


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words are read as: each table maps a word to one Indonesian word, rarely two.

    Attributes:
        english: words of English texts.
        regional: Javanese and Sundanese words.
        synonyms: Indonesian words, chat forms and loans, to the plainest name of the same thing.
    """

    english: Mapping[str, tuple[str, ...]]
    regional: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, tuple[str, ...]]

    def foreign(self, word: str, *, english: bool) -> tuple[str, ...]:
        """Read a word of another language; itself where it is none."""
        return (self.english if english else self.regional).get(word, (word,))

    def has(self, word: str) -> bool:
        """Whether a word of a text that is not English is known here."""
        return word in self.regional or word in self.synonyms


NO_LEXICON = Lexicon({}, {}, {})  # for texts that are not Indonesian


def read_tables(tables: Mapping[str, str]) -> Lexicon:
    """Read the word tables.

    Args:
        tables: text by name, for each of ``TABLES``: lines of ``standard: word word``, "#" begins a comment.
    """
    english, javanese, sundanese, synonyms = (_table(tables[name]) for name in TABLES)
    return Lexicon(english, {**sundanese, **javanese}, synonyms)


def _table(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        standard, _, words = line.partition("#")[0].partition(":")
        found.update(dict.fromkeys(words.split(), tuple(standard.split())))
    return found


# What a question is about where it stands in one: an entry that never speaks of it answers another question, however
# much of the rest fits.
NAMED: frozenset[str] = frozenset({"sim", "skck", "stnk", "bpkb", "paspor", "ktp", "tilang", "rekrutmen", "samsat"})

# Everyday topics that are none of the police's. Where one of them stands in a question and the entry does not know it,
# the question is about something else, however much of the rest fits.
FOREIGN: frozenset[str] = frozenset(
    {"ulangtahun", "simcard", "rumahsakit", "politidur", "pph", "pbb", "kartukredit", "bukunikah"}
) | frozenset(
    stem(word)
    for word in """
    bengkel tanah sertifikat npwp spt pdam meteran pulsa kuota paket ongkir resep masak makan minum restoran kafe kopi
    nasi mie bakso film bioskop lagu konser musik drama novel puisi game gim sepakbola bola liga juara skor
    piala badminton
    pertandingan facebook instagram tiktok youtube twitter netflix gmail email password kata_sandi akun video edit wifi
    indihome telkomsel indosat xl im3 provider sinyal registrasi laptop komputer printer servis service baterai
    ojek gojek
    grab driver taksi kurir lowongan satpam gaji umk thr cuti pesawat tiket kereta bus hotel wisata pantai gunung villa
    cuaca hujan panas banjir pdam bank kartu_kredit kredit kpr saham emas dolar kurs bunga deposito asuransi premi
    perpustakaan library buku sekolah ppdb snbp kuliah kampus beasiswa mahasiswa skripsi guru murid rapor ijazah_palsu
    dokter obat vaksin rumah_sakit puskesmas apotek klinik gigi hamil bayi imunisasi diet olahraga senam gym
    nikah buku_nikah kua cerai pengadilan_agama haji umroh masjid gereja zakat yatim kurban puasa imsak doa
    rumput kebun pupuk sawah kucing anjing ayam burung ikan sapi kambing hewan
    listrik_pintar token gas elpiji pln air_minum imb pbg nib umkm siup merek paten koperasi pinjaman kur
    kado hadiah pacar jodoh cinta galau semangat ganteng cantik jomblo mantan joke lucu cerita pantun tebak
    presiden menteri gubernur bupati walikota pemilu partai caleg kpu bawaslu
    insurance recipe cook restaurant coffee movie song music football match weather hotel flight airline luggage
    refund tourists tourist library school university scholarship doctor vaccine hospital facebook password wifi
    internet_package
    card credit bank loan mortgage gold dollar land certificate npwp divorce marriage wedding visa embassy job salary
    joke meaning love girlfriend boyfriend pizza laptop battery repair haircut gym parcel shipping delivery
    kbri kedutaan duta imei bea cukai pabean ekspor impor tilawah salam kapolres ganteng ketinggian polisi_tidur
    jogging sepeda sepatu baju celana skincare make_up salon cukur barber laundry kos kontrakan properti
    """.split()
    if "_" not in word
)
