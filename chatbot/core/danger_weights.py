"""What single words are worth when danger is weighed.

Owns data only: each line a weight and the words that have it, in standard spelling. Fitted together with the signals of
``emergency`` by logistic regression (L2 penalty 1.0) on the development list, the questions of the FAQ and further
texts of both kinds written for it; words with less than 0.2 either way are left out. Refuses meaning: it knows that
messages about "uang" are seldom cries for help, not why.
"""

from __future__ import annotations

from collections.abc import Mapping

_TABLE = """
+1.7: biru mukanya
+1.5: hear pak tolong
+1.4: tonight
+1.3: wonge
+1.2: bapak breath d dia sos
+1.1: ambulans child dikunci i man orang sadar
+1.0: baby in keluar sekarang
+0.9: ambegan bunyi dalam guys parkiran room water
+0.8: ana barusan belum cpt driver gigit hes ibu kereta lari semua
+0.7: banyak banyune berhenti cepet cewek cut dibacok dont dua gila her hutan im jangan k kuat langkah munggah out
+0.7: pergi roommate sebelah si took
+0.6: adi anak anjing atuh bapakku beach bengkak dapur dipukul disandera drink floor geura gunung ini kami know
+0.6: lokasi napas nelan our outside panto pasar pendaki perlintasan racun saja sakit sama share she theres they
+0.6: wife
+0.5: adik air bank bapa call cant damkar diculik digigit dikeroyok dunia gabisa he ka kaki kecemplung ketemu
+0.5: lantai massa mobil ngamuk nu parkir pintunya roof sekarat tikus under urang usah want warung
+0.4: ada asma beneran berapa bergerak busuk caah car chat collapsed dengar door drunk duanya getihan hotel inside
+0.4: is kamar kebun kedengeran kejang knifepoint kosong mama masjid mogok murid nik obah pendarahan sini stabbed
+0.4: tetangga tiga umur
+0.3: angkatan bacok bag belakang bos bottle cepat coming daughter dilempari disini ditusuk e eh hamil house istri
+0.3: it kabawa kalau kepalanya ku lakukan leher lemas lempar mabok mah mahasiswa make masih mawa menabrak
+0.3: mengambil menit nahan neighbours ninggalin om penumpang people selesai senjata sm someone suara tanggaku
+0.3: tanya tebusan terakhir terdekat the total truk ujian we yang
+0.2: ade airport am angkot anu arah aye bales balik bang barang batu bau bawa beating bedog bensin berkelahi
+0.2: berlangsung bri building bus dada danau darah dari datang dead dicari diikuti dijual dikejar dikenal dinas
+0.2: ditemukan ditodong dokter dor enek ferry flood friend going granat gunshots halte inyong jambatan jurang kali
+0.2: kana kejadian kejar kejebak kena kenal kepala keponakan keserempet ketimbun lain laut locked luka many marawa
+0.2: masuk mata mburi mess minum mukul nah ngancam ngunci not nutup nyerang ombak on ormas other pamit panah
+0.2: pantai pasa pasien perumahan pills pintu pls progress raya ruang rusuh saat salah sambil sd see sekalian
+0.2: semaput sing sopir sumur supaya sword tahanan tali tengah terjadi think tidak tinggal tki tonggoku turun us
+0.2: wont
-0.2: active ahli akta all already and api are artinya asing baca bakar balai bandung baru batas benar beri biaya
-0.2: bike bomb bot bs buka bulan c card case cash cat change claim code complain credit dealer dekat desa dibalas
-0.2: died digantung diobati direhab ditempel ditilang dpn drill driving earthquake emas extend film find fix form
-0.2: game gaya go golok helm hours hukum isinya janten jantung jenazah jual kaca kaget kapolres kayak kecanduan
-0.2: kecurian ketinggalan killed kitas kode kok komplek kos kurang lahiran lama lapore late lepat lewat lihat lima
-0.2: link little luar mabuk malam maot memperpanjang mengadu miring must ngaduruk ngaku ngapain ngomong night
-0.2: nikah nongkrong nonton novel office officer orderan pabrik pacar pajek pakai paman paper pay pencegahan
-0.2: penembakan pengamen pengganti pentas perampok persib pesan pesawat pil pindah please polisi polsek polwan
-0.2: punya renew renewal road rude rumah safe santunan sebaiknya sehari sekitar sekolah selokan send sepi serangan
-0.2: setelah sexual skck sms so son sore sorry sudah superapp surat tabunan tahun talk tas telat tell teman
-0.2: tembakan terkunci ternyata tinggi tips toko tutup valid vehicle waktunya wants waris warna website wedi when
-0.2: where which while wkwk years yo your
-0.3: after antrian apk aplikasi atas atau b balas beli berkas bola bpkb bukti concert damaged darat dirampas
-0.3: ditahan ditangkap dompet everywhere father filmnya fine gang geni identitas jam kamu kapan katanya kerja
-0.3: kirim kota letter licence loket lp m mampet mencegah mengundang meninggal merah miras mudik pagi pelaku
-0.3: pemutihan penangkapan perlu pramuka pribadi pulang queue regane registration replace ronda rugi sampai sejak
-0.3: seminar situ tembak tenggelam terima tiap titik tua undangan until urgent video
-0.4: accident an arisan banjir bisa complaint daftar darurat deras dibantai dirampok diri donor drugs dulu file
-0.4: ganggu golongan grup harga hari help if jatuh just kabar kakek kidnapping kompleks laporan lubang membayar
-0.4: missing mohon mung nembak nyangkut nyetir oleh panik parang penanganan periksa pernah phone photo putus
-0.4: sepeda siapa simulasi still suka tanggal tempat tempel teriak terlalu to turu uploading ya
-0.5: bagaimana begal besar bhayangkara burning culik dibawa ditabrak dong gempa get hampir hate ig jakarta judi
-0.5: kebakaran kehilangan kill kucing lalu lampu latihan lost pagar pinjol polres power rusak sampah says sedang
-0.5: sering should sih tawuran telepon tetapi that who
-0.6: bahaya banking bpjs broadcast burung cctv ditipu ditutup do emergency exam harus indonesia informasi jadi
-0.6: jalan kecelakaan killing mainan mati mbledos mimpi my nama narkoba sedih semangat since stnk tadi this
-0.6: traffic tunggu uang waktu you
-0.7: akun ap bener boleh dibobol for gantung hujan itu kemarin report warga whatsapp
-0.8: apakah asap bom dan fire hilang hoax kdrt lpor main min need or penculikan true untuk
-0.9: aman ayam can cara minta nih takut tidur
-1.0: berlubang bukan cuma dicuri how kecil me mengganti minggu
-1.1: apa besok bunuh
-1.2: mengurus police
-1.3: mana sim
-1.4: membuat
-1.5: korban melapor
"""

WORD_WORTH: Mapping[str, float] = {
    word: float(weight)
    for weight, _, listed in (line.partition(":") for line in _TABLE.strip().splitlines())
    for word in listed.split()
}
