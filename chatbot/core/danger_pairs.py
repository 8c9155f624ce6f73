"""What pairs of neighbouring words are worth when danger is weighed, beyond what each word is worth.

Owns data only: each line is a weight and the pairs that have it, joined by "_"; "^" stands for the beginning of a text
and "$" for its end. Written by ``tests/benchmarks/fit_emergency.py``, which says how; change it there, or change the
sentences that it fits. Refuses meaning, as ``danger_weights`` does.
"""

from __future__ import annotations

from collections.abc import Mapping

_PAIR_TABLE = """
+2.6: tolong_$
+2.0: tolong_pak
+1.5: help_$ tidak_sakit
+1.2: ^_bangsat ^_dia ^_sos
+1.1: ^_i ^_kebakaran ^_tawuran anak_anak berhenti_$ mau_berhenti selamat_tinggal
+1.0: ^_bagaimana ^_bus ^_emergency ^_fire ^_kesedak ada_nu biru_$ dari_tadi ke_sini mukanya_biru polisi_tolong
+1.0: semua_$
+0.9: ^_ada ^_banyune ^_snake ada_preman ada_yang breath_di di_$ di_kamar not_breath sakit_$ saya_sudah sudah_tidak
+0.9: tonight_$
+0.8: ^_bentrok ^_saya ^_swimmer a_car bagaimana_cara di_depan face_down fire_$ floating_face my_child my_roommate
+0.8: saya_mau saya_tersedak saya_ya suami_saya tidak_mau yang_tidak
+0.7: ^_jangan ^_kami ^_pak ^_pendaki ^_tolong ana_orang anak_itu besok_saya car_$ dari_rumah dilelepkeun_ku in_the
+0.7: is_a kebakaran_$ kehilangan_saya ku_bapana lokasi_saya maling_di masih_di my_kid now_$ nulis_surat pintu_$
+0.7: please_send racun_tikus sadar_$ saya_pak sekarat_$ send_police share_lokasi someone_is tidak_sadar tikus_$
+0.7: tolong_kirim
+0.6: ^_anak ^_anakku ^_caah ^_demo ^_hostage ^_istri ^_kereta ^_maling ^_om ^_our ^_pelajar ^_tetangga ^_warga
+0.6: ada_mobil ambegan_$ bak_mandi bau_busuk bawah_$ belum_ketemu caah_sudah cepetan_pak darah_$ demo_rusuh di_gunung
+0.6: di_perlintasan dikunci_di hidup_$ hostage_inside kebakaran_pak ketemu_$ lari_ke lompat_$ maling_pak mau_lompat
+0.6: mukulin_saya my_daughter pak_ada pak_di parkir_$ saling_serang sanggup_$ saya_di serang_di sopir_taksi sorry_$
+0.6: tidak_ambegan tidak_boleh tidak_keluar tidak_sanggup tiga_hari tolong_polisi we_are ya_saya
+0.5: ^_begal ^_cepetan ^_darurat ^_he ^_help ^_kecelakaan ^_massa ^_motor ^_pacar ^_selamat ^_theres ^_they ^_truk
+0.5: ^_tulungi a_dead ada_bangsat ada_perampok ada_tawuran anak_$ anjing_gila bangsat_di banyune_sudah bawa_saya
+0.5: cpt_$ d_jalan darah_banyak darurat_$ datang_$ di_atas di_kebun dipukuli_$ ditembak_pak dodo_pak gigit_anak
+0.5: harimau_masuk help_someone im_in in_$ in_a jatuh_tidak jembatan_mau just_robbed kali_belum kamu_$ kena_orang
+0.5: maling_$ mau_hilang mukul_saya napas_$ omahku_kebakaran pacar_saya pergi_$ pisau_$ polisi_$ right_now
+0.5: rumah_sebelah sak_dodo saya_d saya_dibawa saya_hitung saya_jatuh saya_ke saya_memukul saya_mukulin stabbed_$
+0.5: sudah_sak tawuran_$ teman_saya tidak_bisa tulungi_saya with_a
+0.4: 5_tahun ^_adik ^_anjing ^_bapa ^_bapakku ^_bom ^_capek ^_geng ^_gunshots ^_kapal ^_longsor ^_mereka ^_mobil ^_my
+0.4: ^_pls ^_semua ^_si ^_we a_man ada_anak ada_begal adu_banteng ambulans_berapa are_being badannya_dingin
+0.4: balik_sedang banyak_$ banyak_sekali bawa_samurai begal_pak being_followed belakang_rumah berapa_pak
+0.4: berlangsung_$ bisa_keluar bisa_ngomong bojoku_di dapur_$ dari_lantai dengar_$ depan_sekolah di_bank di_dapur
+0.4: di_gereja di_indomaret di_masjid di_tol dia_dengar dibawa_orang diri_$ diserang_$ drink_was dua_desa dua_duanya
+0.4: duanya_tidak followed_$ gantung_diri gereja_$ geura_ka gun_$ helmnya_pecah house_$ i_want in_progress ini_ada
+0.4: ini_saya is_coming is_in jangan_dibales ka_dieu kamar_sama ke_tempat kirim_polisi knives_outside let_me
+0.4: listrik_rumah longsor_rumah man_on mandi_$ mas_saya masuk_kampung mati_listrik me_$ motor_nyerang my_drink
+0.4: my_friend my_house narik_narik orang_ini orang_lari outside_$ pa_$ pak_dia pelaku_masih pembunuhan_di police_$
+0.4: robbed_$ robbery_in roof_$ rumah_tetangga saya_diculik saya_dikunci saya_disekap saya_pakai saya_sembunyi
+0.4: saya_tenggelam sepi_$ suara_tembakan tangan_anak tempat_sepi terus_saya the_mall tidak_bergerak tol_$
+0.4: tukang_parkir turun_$ ular_piton umur_5 under_the want_to warga_dua was_spiked water_is with_knives wonge_$
+0.4: wont_let yang_mati
+0.3: 50_juta 8_bulan ^_adikku ^_api ^_bos ^_cewek ^_crane ^_cucu ^_dari ^_debt ^_gempa ^_guys ^_maaf ^_omahku ^_orang
+0.3: ^_paket ^_pasar ^_robbery ^_sopir ^_suara ^_teman ^_there a_guy ada_kebakaran ada_kecelakaan ada_korban
+0.3: ada_maling ada_pengeroyokan ada_perempuan adi_saya am_being ambulans_$ anak_kecil and_hes are_trapped atas_pohon
+0.3: banyune_munggah bawa_parang begal_di belum_pulang bisa_napas bojoku_ngantemi broken_bottle bulan_$ cant_see
+0.3: cepat_$ cepat_pak collapsed_$ cucu_saya cuma_bisa debt_collector di_halte di_parkiran di_perumahan di_sawah
+0.3: dia_di dia_ngunci dibacok_$ dibalas_$ dibegal_$ dieu_$ dikejar_$ dikeroyok_$ dipukuli_di dirampok_$ disandera_$
+0.3: disekap_$ ditusuk_$ ditusuk_pak dont_know drunk_and fighting_with gelap_tidak getihan_$ got_the halte_$ hamil_8
+0.3: has_a hes_got hit_a hutan_$ i_cant i_dont ibu_$ ibu_saya ini_orang is_hitting istri_mau itu_sudah jaket_ijo
+0.3: jalmana_di jangan_telepon kami_di kampung_orang ke_jalan keluar_$ kepala_saya kepalanya_berdarah kesetrum_di
+0.3: lari_bawa lebih_baik luka_$ maaf_ya macet_total main_di man_is mantan_saya many_pills masih_berlangsung
+0.3: masih_dikejar mau_bakar mau_loncat mau_melahirkan mau_mengambil mau_nyusul minta_ampun minta_tebusan minum_obat
+0.3: mobil_$ munggah_terus murid_tertimbun my_son nginum_racun nomor_ambulans of_my orang_ditabrak orang_mau
+0.3: orang_pingsan out_$ outside_our pak_ini pak_rumah panto_$ parkiran_mall pasar_ada pedang_pisau people_$
+0.3: perampok_$ pills_$ pintunya_dikunci preman_minta rel_$ rumah_ada rumah_roboh sawah_tidak saya_chat saya_dibegal
+0.3: saya_dikurung saya_dipukul saya_dipun saya_diserang saya_lari saya_minum saya_pendarahan saya_pingsan school_$
+0.3: sebelah_saya sedang_terjadi sekali_pak sekarang_$ sekolah_roboh senjata_$ senjata_api share_loc siang_umur son_$
+0.3: sudah_dicari sudah_jatuh sumur_$ tabrak_lari tadi_mau taxi_driver tebusan_50 tembakan_di tertimbun_$
+0.3: tetangga_kebakaran the_beach the_ferry the_man the_neighbours the_school the_well there_is they_are tidak_obah
+0.3: tidak_tau tolong_jemput tolong_ke too_many took_too total_$ trapped_$ warung_$ was_just where_$ ya_bapak
+0.2: 20_menit 3_orang 5_orang ^_adhiku ^_balita ^_bank ^_bapak ^_buaya ^_darah ^_ditembak ^_enek ^_enggal ^_halo
+0.2: ^_jalmana ^_kayaknya ^_lift ^_majikan ^_mas ^_nemu ^_perahu ^_perampok ^_petasan ^_please ^_someone ^_suami
+0.2: ^_temanku a_bag a_gun a_sword a_woman ada_di ada_ledakan ada_om ada_perkelahian adk_saya air_naik akan_lebih
+0.2: ambrol_pak anak_belum anak_sd anak_tetangga arus_di asap_tebal at_knifepoint atas_jembatan attacking_people
+0.2: ayah_saya bag_with bahaya_$ baik_saya bangun_$ banjir_$ bapa_tere bapak_saya baru_saja bathroom_$ batu_$
+0.2: bawa_anak bayi_dibuang beach_$ beating_a belum_datang berapa_ya bergerak_$ bisa_chat blong_menabrak blue_$
+0.2: bocor_$ bom_$ broke_in bunyi_tik call_$ can_hear cewek_di child_is dalam_toko damkar_belum dari_siang
+0.2: darurat_pak dekat_pasar di_alas di_belum di_gudang di_hareup di_kali di_kelas di_kontrakan di_kos di_lemari
+0.2: di_lift di_mburiku di_mess di_pantai di_pohon di_sungai di_taman dibunuh_$ diculik_$ diikuti_orang
+0.2: dijambret_barusan dikeroyok_di dingin_$ dipanggil_tidak diperkosa_$ door_$ fire_in friend_is from_the geng_motor
+0.2: gerak_$ getih_banyak got_stabbed habis_satu he_has he_is he_locked hiding_in hilang_di him_$ his_wife hitting_me
+0.2: husband_is i_was ikan_$ ini_beneran ini_mau ini_pak is_at is_bleeding is_not is_strangling is_trying istri_saya
+0.2: itu_tidak jalan_$ jalan_lingkar jalan_melati jalan_sepi jalan_sunset jalmana_ada jawab_$ jump_$ jurang_$
+0.2: just_now kabawa_caah kalau_saya kali_dari kamar_dari kami_disandera kami_takut kami_tidak kebun_anak
+0.2: kecelakaan_$ kejadian_sedang kejebak_di kejepit_$ kelas_$ keluar_umpluk kepleset_masuk kereta_menabrak
+0.2: kesetrum_$ ketimbun_$ kirim_orang korban_tabrak lantai_3 lari_barusan lari_di lari_naik lemari_$ lemes_$
+0.2: lempar_batu lepas_dari lift_$ lirih_$ listrik_putus locked_me mahasiswa_di mall_$ masih_keliatan masuk_$
+0.2: masuk_kana masuk_mobil mati_ombak mau_masuk me_a me_he me_im me_leave menabrak_mobil mencekik_saya mengambil_$
+0.2: mereka_bawa mess_$ min_ago minta_uang mobil_parkir mobil_polisi mohon_bantu molotov_$ motor_bawa motor_di
+0.2: motor_tabrakan mukul_$ my_boyfriend my_door my_husband naik_cepat ndelik_di ngadobrak_panto ngantemi_saya
+0.2: ngumpet_di ngunci_kamar ninggalin_surat nomor_pemadam nyerang_warung obah_$ om_$ om_om ombak_tinggi on_the
+0.2: orang_$ orang_akan orang_ditembak orang_ditusuk orang_gantung orang_kesetrum orang_pak orang_saya orang_telepon
+0.2: our_hotel pak_3 pak_cepet pak_lurah pak_mereka pak_orang pak_saya pasar_$ pasar_kebakaran pemadam_berapa
+0.2: penembakan_di people_with perampok_masih perampokan_di perampokan_toko pintu_rumah pintu_saya pistol_$
+0.2: pohon_tumbang polisi_ditembak pulang_sekolah pun_anak putih_$ question_about quick_question rem_blong road_$
+0.2: robbed_at rumah_kosong rumah_saya rumah_tonggoku saja_rasanya saling_lempar saya_cuma saya_dari saya_diiket
+0.2: saya_diikuti saya_diikutin saya_dirampok saya_ditodong saya_ditusuk saya_ketembak saya_masuk saya_mencekik
+0.2: saya_ngamuk saya_ngetik saya_ngumpet saya_pergi saya_tadi saya_wedi sd_$ sebelah_tolong sedang_ada
+0.2: sedang_berlangsung see_him sekarang_ada sekolah_ada sekolah_ambruk semua_akan she_is si_itu stasiun_$
+0.2: suarane_sudah sudah_baik sudah_lemes sudah_lirih sudah_masuk sudah_mulai sudah_nyekel sudah_sampai sumur_ada
+0.2: sunset_road tadi_saya takut_ke tali_$ tali_sudah tanya_ini tanya_sim tawuran_pak tembok_$ terjebak_$
+0.2: tetangga_saya the_bathroom the_building the_minimarket the_seat the_street theres_a tidak_gerak tidak_jawab
+0.2: tidak_kuat tidak_sempat tik_tik to_die to_jump tolong_da tolong_kebakaran truk_rem trying_to tumbang_nimpa
+0.2: umpluk_$ warga_saya we_cant what_number whatsapp_saja with_wires wonge_masih ya_tolong yang_kena
+0.1: 4_orang 6_$ ^_adi ^_ayah ^_bang ^_baru ^_barudak ^_bojoku ^_call ^_do ^_driver ^_flood ^_gas ^_jadi ^_jembatan
+0.1: ^_keponakan ^_mesin ^_nenek ^_ojol ^_pelakunya ^_permisi ^_pun ^_she ^_tabrakan ^_theyre ^_whatsapp a_kid
+0.1: ada_cewek ada_ibu ada_kakak ada_masih ada_orok ada_penembakan ada_tabrakan ada_tas am_in anak_main anak_sekolah
+0.1: angkot_pak are_shooting awake_$ bakar_rumah balas_dendam bapa_saya bawa_celurit bawa_senjata baygon_$
+0.1: belum_selesai berdarah_ini bisa_diangkat bisa_lewat call_me cant_talk celurit_$ celurit_di cepat_ke ceurik_saja
+0.1: dalam_$ dari_subuh depan_gang depan_kantor di_belakang di_bus di_danau di_kursi di_lampu di_lorong di_ngarep
+0.1: di_ruang di_simpang di_tengah dia_pedang dia_sedang dianiaya_suami dibakar_$ dicari_tidak diiket_di
+0.1: dipukuli_sekarang diri_di ditodong_pistol dua_motor dua_poe falling_$ flyover_$ following_me gede_$ getih_$
+0.1: gini_pak hanyut_$ hareup_panto hari_angkot harus_saya i_think ibu_jatuh in_my into_the is_beating is_choking
+0.1: is_following is_screaming itu_$ jadi_gini jalan_ada jalan_lintas jam_10 jambret_lari jembatan_suramadu juga_$
+0.1: kalau_salah kamar_mandi kami_$ kami_dirampok kami_terjebak kang_polisi ke_pasar kebakaran_awake kebalik_di
+0.1: kejang_pak kemarin_sekarang kena_serangan keras_$ kid_fell knife_$ ko_$ kontrakan_sebelah korban_sudah
+0.1: ku_kabogoh kuat_hidup lawang_$ leher_$ lempar_molotov mana_ini mas_di masjid_$ mau_dibakar mau_mati me_in
+0.1: mencurigakan_di mobil_dari mobil_di motor_barusan moving_$ my_dad neighbour_is nenek_saya ngamuk_bakar
+0.1: ngamuk_bawa ngarep_lawang nu_dagang nu_rek ombak_gede orang_jatuh orang_luka pa_di pagi_pak pak_cepat pak_nenek
+0.1: pak_sedang pak_tidak pakai_jaket pantai_$ parkiran_kos pasar_belum passport_$ perahu_terbalik pingsan_di
+0.1: preman_diperas putus_orang roboh_$ rumah_kami rumah_retak rumah_warga salah_nomor sama_anak sama_saya sampai_jam
+0.1: saya_ada saya_dianiaya saya_dibacok saya_dijambret saya_diperkosa saya_disandera saya_kemarin saya_kena
+0.1: saya_kira saya_lakukan saya_nyumput saya_pusing saya_sieun sedang_di sekarang_dia sekarang_sedang semalam_$
+0.1: sini_$ sini_ada subuh_belum sudah_nulis sudah_siapin supaya_tidak surat_untuk tadi_sore tahun_$ tanah_di
+0.1: tanya_dulu tanya_skck tas_mencurigakan tawuran_di terjepit_$ terus_ada terus_handphone tetapi_ini the_airport
+0.1: the_river the_roof the_room the_way think_my tidak_bangun tidak_ketemu tidak_nyaut tidak_usah tiri_saya
+0.1: tolong_anak tunggu_di umur_4 untuk_ibu wonge_di ya_ada yang_harus yang_kecelakaan
-0.1: 112_$ 5_juta ^_anggota ^_asap ^_bakar ^_ban ^_benarkah ^_bpjs ^_bunuh ^_dead ^_ditipu ^_dompetku ^_game ^_gudang
-0.1: ^_harga ^_investasi ^_it ^_kamu ^_lalajo ^_laporan ^_lomba ^_lubang ^_mati ^_mau ^_min ^_nanti ^_ngantuk ^_no
-0.1: ^_officer ^_pas ^_penculikan ^_pitikku ^_plat ^_sekarang ^_seorang ^_sepeda ^_situasi ^_somebody ^_tahun
-0.1: ^_tanaman ^_terima ^_timnas ^_toko ^_video a_letter a_robbery a_video accident_on ada_balap ada_bukti ada_demo
-0.1: ada_tato ahli_waris all_good an_accident anak_pakai and_wants anggota_ormas apa_pak apa_ya apa_yang asap_di
-0.1: bacok_kamu balai_desa balap_liar barang_yang baru_$ batam_$ bawa_motor bawa_pistol belakang_tadi bisa_turun
-0.1: bola_di boleh_dibawa bom_ternyata bos_saya bot_$ bpjs_saya car_was cuma_mau dari_begal dari_bulan demo_tidak
-0.1: di_dalam di_kampus di_kepala di_kota di_kulkas di_loket di_perempatan di_tiktok di_toko di_whatsapp
-0.1: dia_mengancam dibobol_maling dicopet_di dicuri_$ dicuri_dari dijambret_di dileceh_di dilerai_warga dipukul_pakai
-0.1: dipukuli_tetangga dirampok_pak ditabrak_truk ditangkap_$ dompet_saya esuk_$ facebook_$ film_parang foto_saya
-0.1: game_saya gelap_$ haha_$ hitam_$ hurt_just identitas_$ investasi_bodong ipar_saya ireng_$ is_police it_was
-0.1: itu_asap itu_pak jalan_baru jam_$ jantung_mau jasa_raharja jembatan_layang judulnya_apa kaca_dipecah
-0.1: kalau_tanggal kalau_tidak kami_minta kami_sekeluarga kami_sudah kan_pak kapan_$ kapendak_pa kartu_kredit
-0.1: kaya_gempa kayak_kebakaran ke_sekolah kebakaran_kok kebakaran_rumah kecelakaan_kemarin kehilangan_ktp keluarga_$
-0.1: kenapa_polisi keren_$ kira_kira kirim_pak kredit_$ lah_pak lalajo_film lalu_lari lama_kan lari_teman last_month
-0.1: light_$ luar_negeri maaf_$ maling_masuk mati_$ mati_kalau mati_lampu mau_copot mau_esuk mau_parang memukul_saya
-0.1: mengambil_orang mengancam_saya min_saya minggu_depan minggu_ini minggu_kemarin miras_oplosan mobil_pribadi
-0.1: mobil_putih mobil_sudah mohon_arahan month_$ motor_$ motor_masih my_car my_report naik_mobil nama_polisi
-0.1: nangis_$ nanti_malam narasumber_dari ngancam_mau ngomong_mau ngorok_kaya nomor_laporan now_all now_thank
-0.1: nyangkut_di officers_$ on_sunday online_$ orang_tadi orang_tua pak_anak pak_besok pakai_nama pake_mobil panik_$
-0.1: parang_$ parang_cctv pecah_$ pelaku_mengancam penyok_$ perampokan_handphone periksa_nomor perlu_surat
-0.1: pitikku_hilang police_and police_station polisi_ada polisi_bisa polisi_sudah pramuka_$ queue_$ rame_sekali
-0.1: razia_di rehab_$ rek_$ rt_$ rugi_$ sakit_tidak salah_kirim sampai_mau satpam_$ satu_orang saya_bacok saya_bisa
-0.1: saya_bunuh saya_diancam saya_dicoret saya_dirusak saya_ditembak saya_hilang saya_kehilangan saya_nemu
-0.1: saya_ngorok saya_sering saya_takut says_he sebelah_$ sedang_makan sekeluarga_$ semalam_ada semata_kaki
-0.1: send_someone sepeda_anak sido_pak sih_$ stnk_saya suami_umur subuh_$ sudah_ditangkap sudah_melapor sudah_pergi
-0.1: sudah_tunggu sunday_$ tahun_2021 tanggal_tua tentang_pembunuhan teriak_teriak terlalu_tinggi thank_you
-0.1: the_bypass tidak_hari tidak_keliatan tidak_mas tidak_membayar tidak_sido tidak_sih tidur_depan tinggi_kurus
-0.1: tinggi_membuat toko_saya tolong_ditutup traffic_accident tua_$ tua_saya umum_$ utang_$ viral_di waktu_banjir
-0.1: wants_to was_stolen website_$ whatsapp_$ who_do ya_takut yang_dipakai yang_saya you_officers
-0.2: ^_$ ^_anjir ^_apakah ^_at ^_banjir ^_barusan ^_boleh ^_copet ^_daerah ^_depan ^_dompet ^_dua ^_geni ^_got ^_guru
-0.2: ^_hatiku ^_helm ^_hukum ^_informasi ^_izin ^_jambret ^_kaca ^_kakak ^_katanya ^_kekerasan ^_kenapa ^_lapar
-0.2: ^_lokasi ^_lost ^_macet ^_one ^_pada ^_pengamen ^_pisau ^_semangat ^_serangan ^_spion ^_street ^_tas ^_tips
-0.2: ^_traffic ^_warung ^_was a_bbq a_fire a_taxi a_thief about_a acara_sosialisasi ada_acara ada_apa ada_dua
-0.2: ada_kabar ada_latihan ada_ngajeng ada_penculikan ada_pengajian ada_program ada_tempat ada_tidak ada_ular akun_ig
-0.2: aman_dari anak_geng anak_hilang and_my and_the angkot_kemarin apa_benar apa_saja api_$ are_the artinya_apa
-0.2: at_our atiku_kebakaran away_$ ayam_geprek ayam_saya baca_novel bacok_$ bahaya_narkoba balik_nama ban_bocor
-0.2: bandar_narkoba banjir_2020 banjir_orderan banjir_tidak bawa_golok bawa_pisau bawah_jembatan becanda_pak begal_$
-0.2: belum_ada belum_pak benar_ada besok_ada bisa_$ bisa_broadcast bisa_melapor bisa_surat bising_$ bom_di boss_$
-0.2: bukan_$ bukti_chat bulan_puasa by_a can_i cara_menghadapi cara_untuk dan_anak dari_belakang dari_cctv dari_luar
-0.2: dari_polisi dari_polres dari_terus depan_loket depan_ruko di_acara di_atap di_balai di_bandara di_bandung
-0.2: di_bumi di_flyover di_halaman di_ndi di_pabrik diancam_lewat dicolong_orang dirusak_$ do_if dong_pak
-0.2: driving_license dua_orang dua_tahun dulu_$ dulu_ada dulu_saya fighting_$ find_the for_a gempa_$ geni_sudah
-0.2: get_robbed handphone_mati hari_senin harus_bagaimana help_min hilang_ke hilang_terus hoaks_ya hoax_bukan hotel_$
-0.2: how_to hujan_banjir i_do i_get i_have identitas_saya ini_$ ini_untuk is_it is_safe is_stuck is_the istri_diracun
-0.2: it_$ itu_masuk itu_saya izin_bawa jadi_pak jam_3 jam_tidak jendela_$ just_a ka_mana kabar_$ kabel_listrik
-0.2: kaca_rumah kalau_hujan kalau_lihat kali_di kami_mau kami_mengundang kantor_$ kayak_gempa kebakaran_nomor
-0.2: kecebur_sumur kecelakaan_lalu kehilangan_$ kejadiannya_di kejadiannya_pas kekerasan_terhadap kemarin_ada
-0.2: kemarin_malam ketakutan_$ ketinggalan_di killing_me kok_$ kok_belum korban_kdrt ktp_$ lagu_bunuh lalu_di
-0.2: lalu_lintas lalu_sekarang langsung_lari laporan_saya lari_dari last_night last_week letter_$ lewat_telepon
-0.2: lewat_whatsapp liar_di lihat_dari lihat_kecelakaan lintas_$ lirik_lagu loket_$ luar_kota luka_pak m_banking
-0.2: mabuk_tiap main_bola maksa_di malam_di maling_apa maling_minggu mall_itu mas_polisi masih_ditahan masih_sering
-0.2: mati_kebakaran mau_balik mau_habis mau_ke mau_lpor mbledos_pak me_after me_last me_translate melahirkan_di
-0.2: melapor_tidak memperpanjang_sim mimpi_dikejar min_kode minta_tolong mobil_banking mobil_saya mohon_patroli
-0.2: motor_beat movie_about mukulin_istri mung_ngaduruk my_boss my_driving my_ex my_sim my_trip nama_saya neighbour_$
-0.2: ngaduruk_runtuh night_$ nya_pak ojol_$ orang_sudah orang_tidak pada_hari pak_aman pak_maaf pak_sekarang
-0.2: pakai_helm panas_sekali panggil_siapa parang_harga pasal_apa patroli_$ pecah_minta pelecehan_seksual
-0.2: pemadam_kebakaran pencegahan_bunuh pengamen_maksa penganiayaan_ringan penjambret_di penusukan_$ pernah_memukul
-0.2: pinggir_jalan pisau_dapur please_$ polisi_tidak pos_ronda preman_pasar program_bantu ran_away raya_$ renew_my
-0.2: robbed_in ronda_$ rumah_miring runtuh_$ safe_now saksi_kecelakaan sampai_mati samurai_di satpas_$ saudara_saya
-0.2: saya_$ saya_dileceh saya_ditabrak saya_ditipu saya_gabisa saya_jam saya_kerja saya_ketinggalan saya_lihat
-0.2: saya_main saya_mengambil saya_tahun saya_telat saya_umur sedang_pak sekarang_saya seksual_$ selamat_siang
-0.2: should_i sim_$ sim_is soal_ujian son_is sosialisasi_bahaya spion_mobil stnk_$ suami_tetapi suami_tidak sudah_di
-0.2: sudah_dibawa sudah_diobati sudah_kapendak sudah_ketemu sudah_saya sudah_surut sudah_turun sungai_$ surat_dari
-0.2: tabrakan_di tabung_gas tadi_pak takut_identitas takut_naik tangan_$ tanya_cara tanya_wungkul tas_ditarik
-0.2: tau_dibegal tawuran_pelajar tawuran_tidak taxi_$ telat_$ telepon_saya teman_sekolah tembakan_pak tempat_judi
-0.2: terhadap_anak ternyata_suara tetangga_sebelah tetapi_pelaku tetapi_takut tetapi_tidak the_bridge the_fire
-0.2: the_queue the_raid the_road there_an they_took thok_$ tidak_ada tidak_jadi tidak_masuk tidak_wawuh to_renew
-0.2: toko_emas tolong_ditertibkan traffic_is translate_this trauma_$ trip_$ true_or tunggu_dari turun_warga
-0.2: untuk_korban untuk_soal video_tawuran was_robbed was_there week_$ what_should whatsapp_itu wkwk_$ wungkul_$
-0.2: yang_di yang_jual you_help
-0.3: 00_wib 3_$ ^_akun ^_ayam ^_bercanda ^_besok ^_biyen ^_bukti ^_can ^_dulu ^_ending ^_film ^_ini ^_kalau ^_kdrt
-0.3: ^_kemarin ^_laptop ^_lari ^_minta ^_obat ^_on ^_panas ^_pelecehan ^_penodong ^_pintu ^_rega ^_santunan ^_suicide
-0.3: ^_takut ^_this ^_tiga ^_trotoar ^_undangan ^_urgent ^_what a_complaint a_motorbike a_red ada_$ aman_$ and_ran
-0.3: antar_warga antrian_$ apa_$ api_sudah at_home bag_and bayi_saya belum_$ bener_tidak berapa_$ besok_$
-0.3: bhayangkara_$ boleh_$ boleh_tidak buka_tidak bukan_kebakaran bulan_ini bulan_lalu call_center cara_mencegah
-0.3: concert_was culik_anak dalam_kamar darurat_tidak depan_$ depan_rumah di_gang di_grup di_makassar di_malaysia
-0.3: di_mall di_polres di_rumah di_sekolah di_situ di_terminal di_warung dibawa_lari dibobol_orang dicuri_di
-0.3: dijawab_$ diobati_$ diperas_di diproses_$ diri_ya disita_$ ditutup_$ donor_darah file_a friend_says gaya_saya
-0.3: habis_$ handphone_jatuh hari_bhayangkara hari_ini hari_sabtu help_with i_lost if_i ig_saya is_killing is_still
-0.3: is_that it_is jalan_bahaya jambret_$ jatuh_ke jual_miras judi_di kakek_saya kali_$ kasih_$ ke_bank ke_mana
-0.3: kecil_di kecurian_pas kejadian_hari keluar_rumah kemarin_sudah kerja_di kids_are kok_banyak korban_kecelakaan
-0.3: korban_saya kota_$ lampu_jalan lari_$ linggis_$ malaysia_$ mana_pak mantan_suami mati_di mati_saya mau_keluar
-0.3: mau_malam me_back mengganti_$ mengganti_rugi mengurus_$ min_$ minta_transfer miring_tolong missing_since my_bag
-0.3: my_bike my_kids my_licence naik_motor nongkrong_di nya_$ obeng_$ omahku_kecurian orang_bawa orang_naik
-0.3: pagar_rumah pagi_$ pak_kok pak_mung pak_ternyata pas_saya pekerjaan_$ pelajar_di pelecehan_$ penyuluhan_bahaya
-0.3: perampokan_$ perkelahian_antar pingsan_$ pintu_belakang pistol_di police_man polisi_tidur pulang_kampung
-0.3: putus_di rel_kereta report_$ ringan_$ rumah_$ sabtu_$ saja_tadi satu_kali saya_dan saya_dirampas saya_dua
-0.3: saya_kebakaran saya_kecanduan saya_meninggal saya_pulang saya_tolong sedang_main sekarang_sudah sering_tawuran
-0.3: simulasi_kebakaran situ_$ sopir_angkot sudah_disita sudah_pulang sudah_sepi sudah_tiga suicide_prevention
-0.3: surat_kehilangan tadi_$ tadi_ada tadi_malam tahun_lalu tas_saya telepon_ngaku tembak_tembakan terima_beri
-0.3: terluka_$ terus_rumah thanks_$ the_nearest the_police tiga_kali to_file toko_$ tolong_ditindak tolong_lampu
-0.3: took_my video_$ warga_sudah warung_sudah we_were yang_dibawa yang_telepon yang_teriak years_ago you_send
-0.4: ^_assaulted ^_baca ^_belakang ^_burung ^_dekat ^_diancam ^_is ^_jendela ^_kejadiannya ^_kucing ^_nonton ^_pagar
-0.4: ^_penganiayaan ^_penjambret ^_sawah ^_sudah ^_tadi ^_ternyata ^_the ^_ular ^_waktu a_police ada_foto akta_$
-0.4: anak_dari ancaman_$ banyak_yang belum_punya besar_di besok_terakhir bunuh_$ bunuh_diri can_you dalam_mobil
-0.4: dari_grup di_kampung di_kantor di_luar di_pasar di_tv dibantu_pak dibegal_sekarang dua_kali emas_$ foto_$
-0.4: gang_saya grup_rt had_a handphone_$ helmet_$ hit_by hujan_deras i_had is_cctv is_fine itu_hoax jatuh_di
-0.4: jendela_kamar kampung_kami kampung_sebelah kan_$ katanya_ada kdrt_$ keluar_malam komplek_kami korban_$
-0.4: kunci_motor lalu_$ lost_my lubang_besar maling_motor masih_ada me_find melapor_$ min_besok motor_dibawa
-0.4: motor_jatuh my_phone number_in orang_yang pak_itu pendarahan_$ periksa_$ please_help pohon_besar polres_$
-0.4: rumah_kebakaran sare_$ saya_belum saya_dikeroyok saya_dipaksa saya_keluar saya_menabrak saya_sendiri sedih_$
-0.4: selokan_$ someone_broke sudah_ada sudah_visum terakhir_$ terus_$ tetangga_bakar the_form tiap_malam
-0.4: tolong_dibantu tolong_jawab tolong_patroli transfer_$ true_$ uang_saya uploading_my waktu_kami warga_$ was_hit
-0.4: while_we with_my yang_hilang
-0.5: ^_bukan ^_hate ^_kabel ^_not ^_pelaku ^_pengeroyokan ^_semalam ^_tidak ^_uang bakar_sampah bawa_pedang berisik_$
-0.5: cctv_di di_komplek di_mana di_pipi di_sini dibawa_ke dipotong_$ emergency_number galau_dipukulin in_indonesia
-0.5: indonesia_$ informasi_di jalan_berlubang jembatan_timbang juta_$ keluar_dari kemarin_$ kenal_$ mana_$
-0.5: masuk_rumah mau_melapor me_with minta_mengganti narkoba_di not_a orang_di orang_hilang pacar_$ pak_jalan
-0.5: pak_motor pembegalan_$ pungli_di saya_korban saya_listrik saya_pernah sedang_galau sendiri_$ siapa_$ suami_suami
-0.5: tadi_pagi tangkap_pelaku the_hotel tidak_kenal tidak_saya tidak_ya timbang_$ tolong_dipotong umpama_ada
-0.5: waiting_outside with_the
-0.6: ^_barang ^_jalan ^_kunci ^_luka ^_main ^_sedang ada_rekaman bus_$ cctv_$ di_jembatan dicuri_orang dikenal_$
-0.6: fine_now i_need jalan_rusak kebakaran_nih mati_pak mau_pingsan memar_di minggu_lalu need_help nomor_darurat
-0.6: office_$ pak_sudah penculikan_$ penganiayaan_$ phone_$ rumah_sakit rumah_sudah tidak_di tiga_orang ya_$
-0.7: ^_cara ^_korban ^_mimpi bagaimana_$ di_sebelah hate_saya jembatan_$ malam_$ saya_dibobol saya_kenal saya_tidak
-0.7: your_office
-0.8: ^_dipukul ^_handphone ^_in ^_masih anak_muda jatuh_$ pak_cuma sudah_mati tolong_dibalas tolong_periksa
-0.9: ada_cctv hilang_$ ular_kecil yang_jatuh
-1.0: sebelah_rumah tidak_pak ya_pak
-1.1: ^_gantung help_me saya_dicuri
-1.2: tetangga_$
-1.5: orang_asing tidak_$
-1.7: ^_di
"""

PAIR_WORTH: Mapping[str, float] = {
    word: float(weight)
    for weight, _, listed in (line.partition(":") for line in _PAIR_TABLE.strip().splitlines())
    for word in listed.split()
}
