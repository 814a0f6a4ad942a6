"""Words officers write to us instead of pressing a button, in every language at once; written without signs."""

from __future__ import annotations

from texts.words import one_of

PRESSED: dict[str, str] = {  # what is written, without FILLERS, and the button that it names; see tickets.spoken
    word: name
    for name, line in {
        "acknowledge": "terima|diterima|terimain|ambil|diambil|accept|accepted",
        "start": "mulai|dimulai|mulai kerja|mulai kerjakan|mulai dikerjakan|mulai dikerjain|start|started",
        "schedule": "jadwalkan|jadwalin|dijadwalkan|jadwal|schedule|scheduled",
        "ask": "tanya warga|tanya|tanyakan|tanyakan warga|tanya pelapor|tanya ke warga|ask|ask citizen",
        "external": "tunggu pihak lain|menunggu pihak lain|nunggu pihak lain|pihak lain",
        "resume": "lanjutkan|lanjut|dilanjutkan|lanjutin|resume|continue",
        "close": "tutup tanpa kerja|tutup|ditutup|tutup tiket|close",
        "undo": "urungkan|diurungkan|undo",
        "accept_reopen": "buka kembali|buka lagi|dibuka kembali|dibuka lagi|reopen",
        "not_ours": "bukan wewenang",
        "route": "teruskan ke opd|teruskan|terusin|disposisi|disposisikan|salurkan|route|forward",
        "decline": "tolak permintaan|tolak|ditolak|reject|decline",  # which button it is, the state says
        "agree": "setuju|setujui|disetujui|approve",
    }.items()
    for word in line.split("|")
}
FILLERS = one_of(  # said around a button's name: "siap, kami terima laporannya ya pak"
    "pak|bu|bapak|ibu|bos|bang|mas|mbak|mba|kak|min|admin|ndan|dan|komandan|ya|yaa|iya|dong|deh|lah|mah|saja|aja|dulu|"
    "tolong|mohon|izin|ijin|ini|itu|kami|saya|kita|laporan|laporannya|tiket|tiketnya|please|we|us|the|it"
)
READY = one_of(  # said to whoever asked for it: it tells the citizen nothing
    "siap|siaap|siapp|ok|oke|okay|okey|otw|meluncur|luncur|merapat|segera|monitor|dimonitor|termonitor|noted|copy|"
    "roger|baik|sip|86|8|6|laksanakan|dilaksanakan|gas|gercep|kerjakan|tindaklanjuti|tindak|lanjut|lanjuti|komandan|"
    "on|way|the|ready|will|do"
)
PASSED_ON = one_of(  # addressed to whoever hands reports on
    "teruskan|terusin|disposisi|disposisikan|salurkan|disalurkan|alihkan|dialihkan|oper|operkan|dioper|lempar|"
    "lemparkan|limpahkan|dilimpahkan|arahkan|pindahkan|dipindahkan|forward|route|reroute|reassign"
)
ASKING_FOR = one_of("tolong|mohon|please")  # an office named right after it is spoken to
TOLD_AS_DONE = one_of(  # beside those: the citizen is told of it
    "sudah|sdh|udah|telah|akan|anda|kami|bapak|ibu|koordinasi|berkoordinasi|have|has|will|you|your"
)
BELONGS = one_of(  # before an office's name: whose it is
    "tugas|tugasnya|wewenang|wewenangnya|kewenangan|kewenangannya|punya|punyanya|milik|miliknya|ranah|ranahnya|urusan|"
    "urusannya|bagian|bagiannya|aset|asetnya|tupoksi|tupoksinya|kerjaan|kerjaannya|bidang"
)
OUTSIDERS = one_of(  # whom the city's list need not know
    "pln|telkom|indihome|provinsi|pemprov|kementerian|pusat|bbws|kai|polisi|polres|swasta|developer|pengembang"
)
TOWARDS = one_of("ke|kepada|utk|untuk|buat|dinas|to|for")
