"""Words people type that count as a command or as a button, in every language at once; written without signs."""

from __future__ import annotations


def one_of(line: str) -> frozenset[str]:
    """What stands between the bars, each of which may be typed."""
    return frozenset(word.strip() for word in line.split("|"))


YES = one_of(
    "ya|iya|iyaa|yaa|yes|yup|yoi|y|ok|oke|okay|okey|okeh|sip|siap|betul|benar|bener|setuju|kirim|send|"
    "ya betul|ya benar|iya betul|iya benar|sudah benar|sudah betul|correct|right|boleh|mau|kirim laporan|kirimkan|"
    "kirim sekarang|tentu|silakan|silahkan|send report|send it|go ahead|sure|ga ada yang salah|gak ada yang salah|"
    "nggak ada yang salah|tidak ada yang salah|udah bener|udah benar|sudah bener|udah betul|sudah sesuai|sesuai|"
    "benar semua|bener semua|sudah benar semua|sudah bener semua|udah bener semua"
)
SENDS = one_of("kirim|kirimkan|kirim laporan|kirim sekarang|send|send it|send report|go ahead")
CONSENT = one_of("ya|iya|iyaa|yaa|yes|y|boleh|setuju|silakan|silahkan|tentu")  # more than "I have read it"
DISCARDED = one_of(  # "everything told is thrown away": only a plain yes to that
    "ya|iya|iyaa|yaa|yes|y|betul|benar|bener|setuju|yakin|buang|hapus|batal|batalkan|batalin|ya buang|iya buang|discard"
)
KEPT = SENDS | one_of("lanjut|lanjutkan|lanjut saja|terus|teruskan|lapor|simpan|kembali|jangan|continue|keep|go on")
GIVING_UP = one_of(  # one of these stands in words that give a report up
    "batal|batalkan|batalin|dibatalkan|dibatalin|cancel|cabut|cabutin|buang|dibuang|hapus|hapusin|stop|gajadi|gakjadi|"
    "nggajadi|ngga jadi|gak jadi|ga jadi|gk jadi|nggak jadi|enggak jadi|tidak jadi|tdk jadi|tak jadi|urung|forget it|"
    "never mind|nevermind"
)
GO_ON = one_of("lanjut|lanjutkan|lanjut saja|terus|teruskan|continue|next|go on")
ALL_THE_SAME = GO_ON | one_of(  # to "this seems to be somebody else's": it is not, or the report is to go on anyway
    "kirim|kirimkan|kirim laporan|kirim sekarang|send|send it|send report|go ahead|tetap|tetap lanjut|tetap lanjutkan|"
    "tetap kirim|tetap lapor|tetap laporkan|laporkan|lanjut lapor|lanjutkan laporan|lanjutkan laporannya|report it|"
    "bukan|bkn|bukan itu|bukan pln|tidak|tdk|nggak|ngga|enggak|engga|gak|ga|no|nope|salah|wrong|not that|it is not|"
    "bukan itu lanjut|bukan lanjut|bukan lanjutkan|tidak lanjut|tidak lanjutkan|no go on|no continue"
)
NO = one_of(
    "tidak|tdk|tak|nggak|ngga|enggak|engga|gak|ga|gk|bukan|bkn|no|nope|n|jangan|salah|wrong|not|kagak|kaga|tidak usah|"
    "gak usah|ga usah|nggak usah|jangan dulu"
)
SKIP = one_of(
    "lewati|lewat|skip|lewatkan|tidak ada|tdk ada|gak ada|ga ada|nggak ada|nanti|nanti saja|tanpa foto|none|"
    "no photo|no photos|tidak ada foto|gak ada foto|ga ada foto|nggak ada foto|tdk ada foto|belum ada|belum ada foto|"
    "tidak punya foto|gak punya foto|ga punya foto|fotonya tidak ada|fotonya gak ada|fotonya ga ada|"
    "tidak ada lagi|gak ada lagi|ga ada lagi|nggak ada lagi|males|malas|menyusul|nyusul|belum sempat|no more"
)
PICTURE = one_of("foto|fotonya|photo|photos|poto|potonya|gambar|gambarnya|picture|memfoto|difoto|motret|kamera")
NO_PICTURE = one_of(  # beside a word for a picture: there is none, or not now
    "tidak|tdk|gak|ga|gk|nggak|ngga|enggak|engga|kagak|kaga|tanpa|belum|blm|belom|males|malas|nanti|ntar|entar|menyusul|"
    "nyusul|susul|besok|lupa|usah|no|not|dont|cannot|cant|without|later|skip|lewati|lewat"
)
WANTED = one_of("kirim|kirimkan|dikirim|minta|mohon|bisa|boleh|tolong|ada|share|send|please|can")  # beside PICTURE
SEEN = PICTURE - one_of("memfoto|difoto|motret|kamera") | one_of(  # what is sent beside the words
    "photonya|pict|pic|video|videonya|vidio|vidionya|lampiran|lampirannya|terlampir|bukti|buktinya|screenshot"
)
POINTING = one_of(  # ... and what else a caption may say that only points at it
    "ini|nih|itu|tuh|di|liat|lihat|lihatlah|cek|begini|gini|berikut|berikutnya|dia|adalah|kirim|saya kirim|sudah|udah|"
    "sdh|lokasi|lokasinya|kondisi|kondisinya|keadaan|keadaannya|tempat|tempatnya|terbaru|terkini|sekarang|lagi|"
    "satu lagi|tambahan|dari|dan|here|is|are|the|"
    "this|my|a|of|one more|another"
)
DONE = one_of("selesai|sudah|udah|sdh|done|finish|finished|cukup|itu saja|itu aja|sudah cukup|sudah semua|that is all")
GREETINGS = one_of(
    "halo|hallo|hello|hai|hi|hay|hey|helo|p|ping|pagi|siang|sore|malam|malem|selamat pagi|selamat siang|selamat sore|"
    "selamat malam|met pagi|met siang|met malam|assalamualaikum|assalamu alaikum|ass|aslm|asalamualaikum|"
    "assalamualaikum wr wb|permisi|punten|min|admin|kak|pak|bu|bapak|ibu|gan|mas|mba|mbak|selamat|wr|wb|tes|test|"
    "good morning|good afternoon|good evening|morning|there|sir|ada orang|ada orang gak"
)
THANKS = one_of(
    "terima kasih|terimakasih|trima kasih|trimakasih|trims|trimks|makasih|makasi|mksh|mksih|tks|thx|thanks|thank you|"
    "thank|you|thankyou|ty|nuhun|hatur nuhun|suwun|matur nuwun|banyak|sekali|ya|yaa|pak|bu|bapak|ibu|kak|min|admin|"
    "atas|bantuannya|responnya|perhatiannya|infonya|informasinya|ok|oke|siap|sip|mantap|keren|baik|baiklah|terima|"
    "kasih|so|much|very|a lot|and|dan|alhamdulillah|jos|joss|mantul|good|great|nice|sama|sama2|semoga|sukses|cepat|"
    "ya udah|yaudah|yaudahlah|bagus|terbaik|sangat|membantu|cepatnya|bantuan|nya|semuanya|semua|the|for|help|your"
)
THANKS_CORE = one_of(
    "terima kasih|terimakasih|trima kasih|trimakasih|trims|trimks|makasih|makasi|mksh|mksih|tks|thx|thanks|thank you|"
    "thankyou|ty|nuhun|suwun|matur nuwun|mantap|alhamdulillah|ok|oke|siap|sip|baik|baiklah|mantul|good|great|nice|"
    "bagus|jos|joss|keren"
)
UNCHANGED = one_of(
    "gak jadi ubah|ga jadi ubah|gk jadi ubah|nggak jadi ubah|ngga jadi ubah|tidak jadi ubah|tdk jadi ubah|"
    "gak jadi diubah|ga jadi diubah|nggak jadi diubah|tidak jadi diubah|gak jadi ganti|ga jadi ganti|gk jadi ganti|"
    "nggak jadi ganti|ngga jadi ganti|tidak jadi ganti|tidak jadi diganti|gak jadi diganti|ga jadi diganti|"
    "gak usah diubah|ga usah diubah|tidak usah diubah|tidak perlu diubah|gak usah diganti|tidak usah diganti|"
    "gak jadi edit|ga jadi edit|tidak jadi edit|batal ubah|batal ganti|batal edit|jangan diubah|no change|no changes|"
    "leave it|leave it as it is|keep it as it is"
)
MENDED = one_of(  # after "sudah": there is nothing left to do
    "bener|benar|bagus|baik|baikan|beres|selesai|nyala|menyala|hidup|diperbaiki|dibenerin|dibetulin|dibetulkan|betul|"
    "diangkut|diangkat|dibersihkan|dibersihin|bersih|surut|kering|lancar|normal|diaspal|ditambal|ditangani|dikerjakan|"
    "teratasi|aman|fixed|solved|repaired|working|gone"
)
SOLVED = one_of(
    "udah|udh|sdh|dah|sudah kok|udah kok|sudah nyala lagi|udah nyala|udah diperbaiki|udah dibenerin|udah bagus|"
    "sudah|sudah beres|udah beres|beres|sdh beres|sudah selesai|udah selesai|sudah diperbaiki|sudah nyala|"
    "sudah dikerjakan|sudah bagus|sudah baik|ya sudah|ya sudah beres|iya sudah|ya|iya|fixed|solved|done|yes|it is fixed"
)
NOT_SOLVED = one_of(
    "ga|gak|gk|nggak|ngga|enggak|engga|kagak|kaga|tdk|ga beres|gak beres|blm selesai|belum ada|belum tuh|belum juga|"
    "belum|blm|belom|belum beres|belum selesai|blm beres|belum sama sekali|masih sama|masih rusak|masih mati|"
    "belum diperbaiki|tidak|tidak beres|not yet|no|not fixed|still broken|sebagian|partly"
)
NOT_YET = one_of("belum|blm|belom|blom|masih|msh|tidak|tdk|not|still|no")
NOT_DONE = one_of("belum|blm|belom|blom|not yet")  # at the beginning: the answer to "sudah beres?"
UNTRUE = one_of("bohong|boong|bohongan|ngibul|ngaco|hoax|hoaks|tipu|lie|lying")  # about what was said to be done
TOO_SOON = one_of("ditutup|nutup|tutup|dianggap|diselesaikan|closed")  # beside a word of STILL
LOOKING = one_of(  # "belum sempat lihat": whether it is done is not known yet
    "sempat|sempet|lihat|liat|ngelihat|ngeliat|cek|ngecek|dicek|periksa|tahu|tau|yakin|pastikan|memastikan|checked|check|"
    "looked|look|seen|see|sure|know"
)
STILL = one_of("belum|blm|belom|blom|masih|msh|lagi|tetap|still|again|yet")
ADDING = one_of(  # what begins with one of these says more about something told before, or puts it right
    "tambahan|nambahin|menambahkan|menambahi|tambahin|ralat|meralat|koreksi|mengoreksi|revisi|susulan|correction"
)
TAKING_BACK = one_of("bukan|bkn|maksudnya|maksud|salah|ralat|koreksi|wrong|sorry|mean|meant")
PARTS = {  # of a report, and the question that asks for it again
    word: step
    for step, words in {
        "location": "lokasi|lokasinya|alamat|alamatnya|tempat|tempatnya|titik|titiknya|kelurahan|kelurahannya|place",
        "category": "jenis|jenisnya|kategori|kategorinya|category|kind",
        "photo": "foto|fotonya|gambar|gambarnya|photo|photos|picture",
        "describe": "keterangan|keterangannya|tulisan|tulisannya|ceritanya|deskripsi|description",
    }.items()
    for word in words.split("|")
}
WRONG = one_of("salah|keliru|kurang|ganti|diganti|ubah|diubah|rubah|edit|koreksi|ralat|wrong|change|incorrect")
ROUND = one_of("tapi|eh|itu|ini|tadi|yang|yg|masih|mau|is|the|my|tepat|pas|sesuai|maaf|sorry|ups|oh")  # around it
MISTAKEN = one_of("kirim|kepencet|pencet|ketik|lapor|laporan|orang|semua|send|sent|report|it|typo")  # "salah kirim"
ALSO = one_of("cuma|hanya|juga|doang|only|also")  # "bukan cuma di Jatiasih": nothing is taken back
RATHER = one_of("tapi|tp|tetapi|harusnya|seharusnya|maksudnya|salah|melainkan|but|rather")  # what is right follows
FOLLOWING = one_of(
    "kapan|kpn|belum|blm|belom|masih|msh|lagi|kok|bagaimana|gimana|gmn|progres|progress|update|kabar|kabarnya|tindak|"
    "lanjut|lanjutannya|tl|ditindak|ditindaklanjuti|laporan|aduan|pengaduan|saya|kemarin|tadi|sudah|sdh|udah|when|"
    "still|report|news|yet|nunggu|menunggu|tunggu|petugas|petugasnya"
)
PLACES = one_of(  # somebody who uses one of these tells where, not what
    "jl|jln|jalan|jalanan|gg|gang|rt|rw|rtrw|no|nomor|blok|perum|perumahan|komplek|kompleks|komp|kp|kampung|cluster|klaster|"
    "kel|kelurahan|kec|kecamatan|depan|dpn|dekat|dkt|samping|sebelah|seberang|belakang|blkg|simpang|perempatan|"
    "pertigaan|pertigaan|bundaran|terminal|stasiun|pasar|masjid|mesjid|musholla|gereja|sekolah|sdn|sd|smp|smpn|sma|"
    "sman|smk|tk|paud|kampus|puskesmas|rs|rsud|kantor|toko|warung|ruko|indomaret|alfamart|spbu|pom|jembatan|"
    "taman|lapangan|makam|tpu|pintu|gerbang|pos|ujung|arah|menuju|lokasi|lokasinya|alamat|alamatnya|street|road|"
    "near|front|behind|beside|next|opposite|at|address"
)
ABOUT_ME = one_of("saya|nama|namaku|aku|gue|gw|i|im|my")  # at the beginning: no place is told like that
MY_NAME = one_of("nama saya|nama sy|nama gue|nama gw|nama aku|nama ku|perkenalkan nama|my name")
BESIDE = one_of(  # at the beginning: a place is described by what it is close to
    "depan|dpn|didepan|dekat|deket|dkt|samping|disamping|sebelah|disebelah|seberang|sebrang|diseberang|belakang|blkg|"
    "dibelakang|blakang|diblakang|dket|cedak|cedek|ngarep|ngarepe|mburi|pas|persis|pinggir|dipinggir|antara|ujung|diujung|arah|near|front|behind|beside|next|opposite"
)
LANES = one_of("gg|gang|rt|rw|rtrw|blok")
ADDRESS = BESIDE | LANES | one_of("no|nomor|perempatan|pertigaan|simpang|bundaran|km")  # where exactly
BURNING = one_of("kebakaran|terbakar|kebakar|fire|burning")  # "sebelah rumah saya kebakaran" is no address all the same
TROUBLE = BURNING | one_of(  # what is broken, missing or wrong: no place is named like that
    "mati|padam|rusak|berlubang|lubang|bolong|amblas|longsor|ambles|roboh|ambruk|runtuh|tumbang|miring|patah|retak|"
    "bocor|jebol|mampet|tersumbat|meluap|banjir|kebanjiran|kebanjir|tergenang|genangan|numpuk|menumpuk|berserakan|"
    "diangkut|diangkut2|diangkat|bau|busuk|kotor|pungli|dipungli|pungutan|diminta|dimintai|dipalak|macet|berisik|bising|hilang|dicuri|dibongkar|kecelakaan|tabrakan|begal|tawuran|ditolak|dipersulit|keroyok|"
    "putus|korslet|liar|broken|damaged|flooded|flooding|leaking|blocked|pothole|potholes|dead|stinks|bribe"
)
PLACE_BEGINS = ADDRESS | one_of("di|jl|jln|daerah|kelurahan|kel|perum|perumahan|in|on|at")
JOINING = one_of(  # between two problems
    "dan|sama|serta|plus|terus|trus|trs|lalu|kemudian|juga|sekalian|and|also|ditambah|tambah|dn|ama"
)
BECAUSE = one_of(  # one problem explains the other
    "karena|krn|karna|gara|gara2|akibat|akibatnya|mengakibatkan|diakibatkan|menyebabkan|disebabkan|penyebab|berdampak|"
    "dampak|dampaknya|sehingga|shg|sehinga|bikin|membuat|jadi|jd|jadinya|because|caused|causes"
)
OF_THE_SAME = one_of(  # at the beginning of what follows: it is told of the first, "dan rawan begal"
    "rawan|jadi|sampai|sampe|bahaya|berbahaya|membahayakan|mengganggu|ganggu|takut|takutnya|wedi|mohon|tolong|minta|"
    "harap|kalau|kalo|pas|saat|ketika|belum|blm|tidak|ga|gak|sudah|udah|makanya|padahal|banyak|selalu|sering|bahkan|"
    "kemungkinan|mungkin|tapi|tp|so|which|please|not|when|if"
)
NO_NAME = TROUBLE | one_of(  # beside "nama saya": something about it, not the name
    "salah|keliru|tidak|tdk|gak|ga|gk|nggak|ngga|enggak|engga|belum|blm|belom|ada|masuk|keluar|terdaftar|didaftar|dicoret|"
    "beda|berbeda|dipakai|dicatut|dobel|double|ganda|ganti|diganti|berubah|diubah|jangan|boleh|rahasia|kok|kenapa|siapa|"
    "not|wrong|missing|secret"
)
FROM_WHERE = PLACES | one_of("di|dari|asli|setempat|sekitar|sini|situ|sana|ya|pak|bu|min")
NO_POINT = one_of(  # one of these, and nothing but these and their like: the phone's position will not come
    "tidak|tdk|gak|ga|gk|nggak|ngga|enggak|engga|kagak|kaga|belum|blm|lupa|nanti|ntar|entar|lewati|lewat|skip|lanjut|"
    "lanjutkan|pulang|itu|cukup|no|cannot|cant|dont|later"
)
HALF = one_of("belum|blm|itu")  # alone they say neither
DENIED = one_of("bukan|bkn|tidak|tdk|gak|ga|gk|nggak|ngga|enggak|engga|kagak|kaga|no|not")
HERE = one_of("sini|disini|situ|disitu|here|there")
POINT = one_of(
    "share|shareloc|sharelok|serlok|sherlok|pin|pinnya|titik|titiknya|lokasi|lokasinya|posisi|caranya|cara|location"
)
BUSY = one_of("bentar|sebentar|bntar|tunggu|wait")
NOT_WAITING = (PLACES | ADDRESS) - one_of("jalan|jalanan|kantor|sekolah|pasar|toko")  # where somebody may be busy
DOING = (
    BUSY
    | PICTURE
    | one_of(  # and what else such words may hold: "ruang tunggu kotor" is no such thing
        "lagi|ini|mau|masih|dulu|cari|ambil|foto2|moto|motoin|fotoin|nanti|kirim|ke|lokasi|sana|rumah|a|moment|for|me|i|am"
    )
)
ABOUT_POINTS = POINT | one_of(
    "ada|alamat|alamatnya|tempat|tempatnya|tertentu|bisa|bs|dapat|dpt|tau|tahu|ngerti|paham|kirim|ngirim|mengirim|lagi|"
    "sudah|udah|sdh|usah|perlu|di sini|disini|sini|"
    "sekarang|bentar|sebentar|tunggu|i|a|the|my|send|know|position|here|now|wait"
)
SECRECY = one_of(  # inside a report
    "rahasiakan|dirahasiakan|rahasia|nama saya jangan|jangan sebut nama|jangan sebutkan nama|jangan sampai ketahuan|"
    "rahasiain|dirahasiain|jangan disebut|jangan disebutkan|jangan disebutin|sembunyikan nama|tanpa nama|"
    "anonim|keep my name secret|keep it secret|anonymous|anonymously"
)
SECRET_TALK = frozenset(word for phrase in SECRECY for word in phrase.split()) | one_of(
    "eh|oh|maaf|takut|ah|gue|gw|aku|namaku|identitas|identitasnya|namanya|mau|minta|biar|kalau|bisa|it|is|my|i|want|to"
)
NAMED = one_of(
    "nama|sebut nama|pakai nama|dengan nama|tampilkan nama|boleh tahu nama|boleh tahu|boleh diketahui|tidak rahasia|"
    "gak usah rahasia|tidak perlu rahasia|named|name|use my name|show my name|boleh sebut|boleh disebut|sebut|sebutkan|"
    "sebutin|gapapa|ga papa|gak papa|nggak papa|tidak apa apa|gpp|boleh tau|tidak masalah|ga masalah|gak masalah"
)
SECRET = one_of(
    "rahasia|rahasiakan|dirahasiakan|dirahasiain|rahasiain|anonim|anonymous|sembunyikan|tanpa nama|rahasiakan nama|"
    "jangan sebut nama|jangan disebut|jangan disebutkan|nama jangan disebut|nama dirahasiakan|tidak boleh|gak boleh|"
    "ga boleh|jangan diketahui|jangan sampai ketahuan|keep secret|keep it secret|keep me secret|keep my name secret|"
    "private|secret"
)
FILLERS = one_of(  # said out of politeness around an answer: "ok pak kirim aja"
    "pak|bu|bapak|ibu|kak|mas|mba|mbak|bang|bg|om|tante|nak|dik|dek|gan|bro|kang|teh|min|admin|saja|aja|deh|dong|ya|sih|kok|lah|mah|nih|dulu|saya|sy|tolong|please|pls|"
    "terima|kasih|terimakasih|makasih|makasi|mksh|trims|banyak|thanks|thx"
)
SAME = one_of("saya juga|juga|sama|sama saja|ya sama|ya|iya|ikut|ikut saja|gabung|me too|same|join|yes")
NEW_ONE = one_of(
    "beda|berbeda|bukan|tidak|tdk|gak|ga|nggak|tidak sama|laporan baru|lapor baru|baru|different|new|no|lewati|lanjut"
)
TOGETHER = one_of(
    "satu|satu laporan|satu masalah|satu saja|satu aja|itu satu|cuma satu|gabung|gabungkan|digabung|jadi satu|one|"
    "together|one report|itu|cuma|laporan|masalah|hanya|only"
)
OTHER = one_of("lainnya|lain|yang lain|other|others|something else|tidak ada yang cocok|bukan semua")

STARS = {
    word: number
    for number, words in enumerate(("satu|one", "dua|two", "tiga|three", "empat|four", "lima|five"), start=1)
    for word in (*words.split("|"), str(number))
}
RATING = one_of("bintang|bintangnya|kasih|saya kasih|nilai|nilainya|rating|stars|star|beri|i give")  # around those

ASKING = one_of(  # a short question with one of these asks how a report is going
    "kapan|kpn|kok|bagaimana|gimana|gmn|progres|progress|update|kabar|kabarnya|lanjutannya|when"
)
ENGLISH = one_of(
    "the|is|are|was|has|have|been|there|my|our|of|in|on|at|and|not|this|that|it|i|we|please|with|for|from|near|since"
)
INDONESIAN = one_of(
    "di|yang|yg|ada|sudah|sdh|udah|ini|itu|dan|saya|tolong|pak|bu|tidak|tdk|gak|ga|nggak|mati|rusak|dari|dr|"
    "ke|depan|dpn|dekat|belum|kok|sampah|lampu|banjir|warga|mohon"
)

REPORTING = one_of("lapor|melapor|ngelapor|laporin|melaporkan|laporan|aduan|pengaduan|ngadu|mengadu|report|reporting")
LOOKED_UP = one_of("status|statusnya|laporan|laporanku|laporannya|aduan|pengaduan|nomor|report|reports")
LOOKING_UP = one_of(
    "cek|check|lacak|lihat|liat|tampilkan|buka|mau|ingin|pengen|bisa|tahu|tau|progres|progress|perkembangan|punya|ku|"
    "sampai mana|gimana|bagaimana|no|my|the|of|see|show|me|track|want|to"
)

COMMANDS: dict[str, str] = {
    word: name
    for name, line in {
        "start": "start|mulai|menu|home|beranda|menu utama",
        "cancel": "batal|batalkan|cancel|batalin|stop|tidak jadi|gak jadi|ga jadi|nggak jadi",
        "help": "bantuan|help|panduan|cara|cara lapor|cara pakai|bantu",
        "status": "status|cek|cek status|cek laporan|laporan saya|status laporan|lacak|my reports|check|"
        "cabut|cabut laporan|tarik laporan|withdraw",
        "language": "bahasa|language|lang|ganti bahasa|english|bahasa inggris|bahasa indonesia|indonesian|"
        "english please|in english|in english please|speak english|do you speak english|can you speak english|"
        "pakai bahasa inggris|bahasa inggris dong|indonesia|pakai bahasa indonesia",
        "back": "kembali|back|balik|mundur|sebelumnya",
        "report": "lapor|report|buat laporan|mau lapor|saya mau lapor|ingin melapor|melapor|laporan baru|new report|"
        "mau melapor|saya ingin melapor|aduan|pengaduan|mengadu",
        "erase": "hapus|hapus data|hapus data saya|erase|delete my data",
        "data": "dataku|data saya|mydata|my data",
    }.items()
    for word in line.split("|")
}

OFFICIAL: dict[str, str] = {  # commands of officers
    word: names[0]
    for names in (
        ("hubungkan",),
        ("antrean", "antrian", "antri"),  # the last two as many write it
        ("tiket",),
        ("rekap",),
        ("belumtahu",),
        ("dinas",),
        ("petugas",),
        ("daftarpetugas",),
    )
    for word in names
}
