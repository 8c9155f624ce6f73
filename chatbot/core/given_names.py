"""Names of people that are common in Indonesia and are no other word: to know one that is written small.

A list made by hand. Owns the words and refuses the decision what is done with them.
"""

GIVEN_NAMES = frozenset(
    """
    abdul abdullah abdurrahman abidin abimanyu achmad adhitya aditya adrian afifah agnes agustina ahmad aisyah
    alamsyah aldi alfian alfiansyah alifah alya amalia amelia aminah aminuddin amirudin anastasia andhika andika
    andini andre andreas andrian andriani andrianto angelina anggita anggoro anggraeni anggraini anisa anita annisa
    anton antonius anwar aprilia apriyani apriyanto ardhi ardi ardian ardiansyah ardianto arief arif arifin ariyanto
    arjuna arsyad aryanto aulia ayunda azizah azzahra badriah bagaskara baharudin bambang baskoro benediktus
    bernadeta bonifasius budi budianto budiman budiono budiyanto cahyani cahyono cecep cindy cornelia dadan dadang
    darmawan darsono daryanto dedi dedy deni denny desi desy dewi dhani diah dimas dinda dita dodi doni donny
    dwiyanto edi edwin efendi effendi eko elisabet elisabeth elsa elvira endah endang erik erlangga erlina erna
    ernawati erwansyah erwin esti evi fadhil fadhilah fadli fahmi fahri fahrul faisal faizal fajri farah farhan
    farid farida fathimah fathoni fatimah fatmawati fauzan fauzi fauziah febri febriana febrianti febrianto fera
    ferdi ferdiansyah ferdinand fikri firdaus firmansyah fitria fitriani fitriyah frans fransiska fransiskus
    ginanjar ginting gunardi gunawan hafiz hafsah halimah hamdan hamid hamidah hamzah handayani handoko hanifah
    hariyanto harjo harsono hartati hartini hartono haryanto haryati haryono hasan hasanah hasanuddin hasibuan
    hendra hendrawan hendri hendrik heni henny heri herlambang herlina herman hermanto hermawan hernowo heru hidayat
    hidayatullah husein husna hutabarat hutagalung hutapea ibnu ibrahim ichsan ihsan ikhsan ilham ilyas imelda indra
    indrawan indrawati indriani indriyani inggrit irawan irawati irfan irfansyah irma irmawati irvan irwan irwansyah
    isabela iskandar ismail ismawati istiqomah iswanto iwan jajang jamaluddin jamilah jatmiko jefri johan johannes
    joko joni juliana julianto juliati jumadi jumiati juwita kartini karyono kasim katarina ketut khadijah khairul
    khairunnisa khoirul khotimah komang komariah krisna kristanto kristian kristiana kristina kurniawan kurniawati
    kusnadi kusumawati laila laksono lasmini latifah leni lestariningsih lidya liliana lilis lina linda listiani
    lubis lucia ludfi lukas lukman lusi lusiana lutfi luthfi mahendra mahmud maimunah manurung margareta marlina
    marpaung marsudi martha martini maryam maryanto maryati maryono masitoh maulana mauliddin megawati meilani
    melani mira mirna misbah mohamad mohammad muchlis muchtar muhamad muhammad muhidin muhtar mujiono mukhlis
    mulyadi mulyana mulyani mulyanto mulyati mulyono munawar munir murniati murtini musa musdalifah mustafa mustofa
    mutia muzaki nabila nabilah nadia nainggolan nanang nanda nando napitupulu nasrullah nasution natalia naufal
    nazar nengah ngadiman nikolas nina ningsih nining nisa noviana novianti novita nugraha nugroho nunung nuraeni
    nuraini nurdin nurhaliza nurhasanah nurhayati nurjanah nurkholis nurlaela nurmala nurrohman nurul nyoman oktavia
    oktaviani oktavianus panggabean panjaitan paramitha pasaribu paulus permatasari prabowo pramono pramudya pranoto
    prasetya prasetyo pratiwi priyanto priyono purnamasari purnomo purwanti purwanto puspita puspitasari rachman
    rachmat rachmawati raditya rafi rafli rahmadani rahman rahmawati raihan ramadhani ramdani ramlan ramli rangga
    ranti rasyid ratna ratnasari rendi reni renita reza rian riani ridho ridwan rifai rifki rifqi rina rini rinto
    riska riski riswanto ritonga riyadi riyanti riyanto rizal rizki rizkia rizky robert robi rochman rohani rohmah
    rohman rohmat roni rosalina rosdiana rosidah rosita rosmawati rudi rudianto rudiyanto rukmini rusdi rusli
    rusmini rustam sabrina saefudin safitri safrizal sahrul saifuddin saifullah salma salsabila samsudin samsul
    samuel santi santoso sanusi saputra saputri saragih sarah sarwono septian septiana septiani setiadi setiawan
    setiawati setyawan setyawati setyo siagian sihombing silaban silalahi silvia simanjuntak simbolon sinaga sintia
    siregar sitanggang sitepu sitompul sitorus soleh solihin solikin sopian stefani stefanus subagyo subandi
    subarkah sudarmanto sudarsono sudarti sudibyo sudirman sudiro suganda sugiarti sugiarto sugiharto sugiono sugito
    sugiyanto sugiyono suhardi suharti suharto suhartono suhendar suhendra suherman sukardi sukarno sukarti sukiman
    sukma sulaeman sulaiman sulastri sulistiani sulistiawati sulistyo sulistyowati sumarni sumarno sumarsono
    sumartini sumiati sumiyati sunardi sunarsih sunarti sunarto sunaryo supardi suparjo suparman suparno supartini
    supomo suprapto supratman supriadi supriyadi supriyanto supriyatna supriyono suradi surahman suratman suratmi
    surti suryadi suryana suryani suryanto susanti susanto suseno susi susilawati susilo sutanto sutarman sutarno
    sutejo sutikno sutini sutrisno suwandi suwardi suwarni suwarno suwarti suwito suyanto suyatmi suyatno suyono
    syafii syafitri syafrudin syahputra syahrial syahril syahrini syahrul syaiful syamsudin syamsul syarif syarifah
    syarifudin tambunan tampubolon tarigan taufik taufiq teddy tedi thamrin theresia titin tobing toni trianto
    triyono turmudzi tuti ujang umar utari utomo valentina vera veronika vina vivi wahid wahidin wahyudi wahyuni
    wahyuningsih wardani wardoyo warsito wati watini wawan wayan wibisono wibowo wicaksono widarti widi widiastuti
    widiyanto widjaja widodo wijaya wijayanti winarni winarno winarti winata windi wiranto wiryawan wisnu wulandari
    wuri yahya yanti yanto yasin yayan yeni yenny yogi yohana yohanes yolanda yonatan yosef yudha yudhistira yudi
    yudistira yulia yuliana yulianti yulianto yuliati yuni yunita yunus yusman yusnita yusril yusron yusuf yuyun
    zaenab zaenal zahra zainab zainal zainudin zakaria zaki zakiyah zubaidah zulaikha zulfa zulfikar zulkarnain
    zulkifli
    """.split()
)
