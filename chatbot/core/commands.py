"""Words that are the same everywhere in the dialogue: global commands, greetings, thanks, yes and no, numbers.

Owns the tables and the exact reading of them. Refuses to find a command inside a sentence: "batal" cancels, "apakah
STNK bisa batal?" does not.
"""

from __future__ import annotations

import re
from enum import StrEnum

from chatbot.core.ticket import find_number


class Command(StrEnum):
    """What a message asks for, whatever is being talked about."""

    CANCEL = "cancel"
    MENU = "menu"
    START = "start"
    STATUS = "status"
    LANGUAGE = "language"
    ENGLISH = "english"
    INDONESIAN = "indonesian"
    OFFICER = "officer"
    HELP = "help"
    COMPLAIN = "complain"
    CONTINUE = "continue"
    OBJECT = "object"
    DATA = "data"  # what is kept of the person
    HIDE = "hide"  # the talk, from somebody who reads along
    READ = "read"  # what the template about a waiting answer asks to reply
    GREETING = "greeting"
    THANKS = "thanks"
    WHO = "who"


_PHRASES: dict[Command, str] = {
    Command.CANCEL: (
        "batal|batalkan|batalin|batal saja|batal aja|tidak jadi|ga jadi|gak jadi|nggak jadi|ndak jadi|cancel|"
        "abort|stop isian|cancel it|never mind"
    ),
    Command.MENU: ("menu|menu utama|kembali ke menu|main menu|daftar menu"),
    Command.START: ("start|mulai"),
    Command.STATUS: (
        "status|cek status|cek|status aduan|cek status aduan|status aduan saya|status laporan|cek status laporan|"
        "status laporan saya|cek aduan|cek laporan|check status|my status|status of my complaint|my complaints|"
        "aduan saya"
    ),
    Command.LANGUAGE: ("bahasa|ganti bahasa|ubah bahasa|pilih bahasa|language|change language|lang"),
    Command.ENGLISH: ("english|bahasa inggris|inggris|english please|in english|speak english|en"),
    Command.INDONESIAN: ("bahasa indonesia|indonesia|indonesian|in indonesian"),
    Command.OFFICER: (
        "petugas|hubungi petugas|bicara dengan petugas|mau bicara dengan petugas|saya mau bicara dengan petugas|"
        "saya ingin bicara dengan petugas|ingin bicara dengan petugas|bisa bicara dengan petugas|"
        "bicara sama petugas|chat dengan petugas|sambungkan ke petugas|hubungkan ke petugas|"
        "hubungkan dengan petugas|tanya petugas|operator|customer service|cs|admin|bicara dengan admin|"
        "mau bicara dengan polisi|bicara dengan polisi|officer|contact an officer|contact officer|"
        "talk to an officer|talk to officer|speak to an officer|human|talk to a human|agent|bicara dengan orang|"
        "bicara dengan manusia"
    ),
    Command.HELP: ("bantuan|help|menu bantuan|cara pakai|cara menggunakan|cara menggunakan layanan ini|panduan|?"),
    Command.COMPLAIN: (
        "lapor|melapor|mau lapor|mau melapor|saya mau lapor|saya mau melapor|saya ingin melapor|saya ingin lapor|"
        "ingin melapor|buat aduan|buat laporan|bikin aduan|bikin laporan|aduan|pengaduan|mengadu|mau mengadu|"
        "saya mau mengadu|saya ingin mengadu|mau ngadu|sampaikan aduan|aduan baru|buat aduan baru|kirim aduan|"
        "lapor pak|lapor min|lapor bu|pak mau lapor|min mau lapor|report|complaint|complain|file a complaint|"
        "make a complaint|i want to report|i want to make a report|i want to file a complaint|"
        "i want to make a complaint|new complaint|make a report|file a report"
    ),
    Command.CONTINUE: ("lanjut|lanjutkan|lanjutkan isian|teruskan isian|continue|resume|go on"),
    Command.OBJECT: ("keberatan|saya keberatan|objection|i object"),
    Command.DATA: (
        "data saya|datasaya|data sy|data sya|data saia|data saja|dta saya|dt saya|data syaa|data sayaa|data aku|"
        "dataku|data gue|data gw|data pribadi|data pribadi saya|data diri saya|lihat data saya|cek data saya|"
        "minta data saya|minta salinan data saya|unduh data saya|kirim data saya|perbaiki data saya|ubah data saya|"
        "koreksi data saya|hapus data|hapus data saya|hapus data pribadi|hapus data pribadi saya|"
        "hapus semua data saya|tolong hapus data saya|my data|mydata|my personal data|show my data|"
        "send me my data|send my data|correct my data|delete my data|erase my data|remove my data"
    ),
    Command.HIDE: (
        "hapus|sembunyikan|hapus obrolan|hapus percakapan|hapus chat|hapus chat ini|hapus pesan|hapus riwayat|"
        "sembunyikan obrolan|sembunyikan percakapan|sembunyikan chat|sembunyikan pesan|hide|hide chat|hide this chat|"
        "delete chat|delete this chat"
    ),
    Command.READ: ("buka|baca|buka jawaban|baca jawaban|open|read"),
    Command.GREETING: (
        "halo|hallo|hai|hei|hi|hello|hey|p|ping|tes|test|min|pak|bu|permisi|misi|punten|kulonuwun|kulo nuwun|tabe|"
        "assalamualaikum|assalamu alaikum|assalamualaikum wr wb|assalamualaikum warahmatullahi wabarakatuh|"
        "asslmkm|ass wr wb|ass|mikum|samlekum|salam|salam sejahtera|shalom|om swastiastu|namo buddhaya|rahayu|"
        "sampurasun|selamat pagi|selamat siang|selamat sore|selamat malam|pagi|siang|sore|malam|met pagi|"
        "met siang|met sore|met malam|good morning|good afternoon|good evening|izin ndan|izin|mohon izin bertanya|"
        "izin bertanya|mau tanya|mau nanya|mau bertanya|saya mau tanya|saya mau bertanya|saya ingin bertanya|"
        "numpang tanya|boleh tanya|bisa tanya|tanya dong|tanya"
    ),
    Command.THANKS: (
        "terima kasih|terimakasih|trima kasih|makasih|makasi|makasih banyak|terima kasih banyak|"
        "terimakasih banyak|trims|tks|thx|tq|mksh|mks|matur nuwun|matursuwun|matur suwun|suwun|hatur nuhun|nuhun|"
        "thanks|thank you|thank you very much|thank you so much|ok terima kasih|oke terima kasih|"
        "baik terima kasih|ok makasih|oke makasih|ok thanks|siap terima kasih|salam presisi|wassalam|"
        "wassalamualaikum|baik|ok|oke|okay|sip|siap"
    ),
    Command.WHO: (
        "siapa kamu|kamu siapa|siapa anda|anda siapa|ini siapa|siapa ini|dengan siapa ini|ini bot|ini robot|"
        "apakah ini bot|bot ya|ini polisi|ini manusia atau bot|kamu bot|kamu robot|apakah anda manusia|"
        "apakah anda bot|who are you|are you a bot|are you human|are you a robot|is this a bot|are you the police"
    ),
}


def _words(joined: str) -> frozenset[str]:
    """A set of words and phrases that are written in one line."""
    return frozenset(joined.split("|"))


_COMMANDS = {phrase: command for command, phrases in _PHRASES.items() for phrase in phrases.split("|")}
_ADDRESSED = re.compile(r" (?:pak|bu|min|admin|kak|bang|mas|mbak|ndan|komandan|bapak|ibu|sir|madam|ya|dong|gan|bos)$")
_SLASH = re.compile(r"/(\w+)(?:@\w+)?(?!\S)\s*(.*)", re.DOTALL)
_SLASHED = {"id": Command.INDONESIAN}

YES = _words(
    "ya|iya|y|yes|yup|yoi|yoa|setuju|ok|oke|okay|okey|boleh|baik|siap|sip|betul|benar|agree|mau|nggih|inggih|muhun|"
    "sure|yep|yaa|iyaa|yah|iyah|ya setuju|saya setuju|i agree|ya mau|ya boleh|ya benar|sudah benar|ok lanjut|"
    "ya lanjut"
)
NO = _words(
    "tidak|tdk|ga|gak|gk|g|nggak|enggak|engga|ngga|no|nope|nah|jangan|bukan|moh|mboten|ora|henteu|teu|tidak setuju|"
    "saya tidak setuju|tidak mau|ga mau|gak mau|i disagree|disagree|bukan itu|bukan semuanya|tidak usah|no thanks"
)
SKIP = _words(
    "lewati|lewat|skip|kosong|none|unknown|-|nihil|tidak ada|tdk ada|ga ada|gak ada|gaada|nggak ada|ngga ada|"
    "tidak tahu|tdk tahu|tidak tau|tdk tau|ga tau|gak tau|ga tahu|gak tahu|gatau|nggak tahu|nggak tau|kurang tahu|"
    "kurang tau|lupa|tidak ingat|tidak diketahui|belum ada|i dont know|i don't know|dont know|don't know|not sure|"
    "no idea|nothing"
)
DONE = _words(
    "selesai|sudah|udah|cukup|done|finish|finished|beres|kelar|sudah semua|sudah cukup|itu saja|itu aja|"
    "sudah selesai|that is all|that's all|no more"
)
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "satu siji hiji one pertama kesatu first",
            "dua loro dua two kedua second",
            "tiga telu tilu three ketiga third",
            "empat papat opat four keempat fourth",
            "lima limo lima five kelima fifth",
            "enam enem genep six keenam sixth",
            "tujuh pitu seven ketujuh seventh",
            "delapan wolu dalapan eight kedelapan eighth",
            "sembilan songo salapan nine kesembilan ninth",
            "sepuluh ten kesepuluh tenth",
        ),
        1,
    )
    for word in words.split()
}
_NUMBER = re.compile(
    r"(?:(?:saya )?(?:pilih|pilihan|nomor|nomer|nomr|no|nmr|opsi|yang|yg|angka|number|option|choose|the|#)[ .]*){0,2}"
    r"#?(\d{1,2}|[a-z]+)[.)]?(?: (?:one|saja|aja|ya))?"
)
_STATUS_WORDS = _words(
    "cek|check|status|aduan|laporan|nomor|no|nmr|tiket|ticket|saya|my|number|of|complaint|report|bagaimana|gimana|"
    "sampai|mana|progres|progress|pak|bu|min|the|mohon|tolong|dengan|untuk|sudah|update|perkembangan|info|what|is|apa"
)
_WORD = re.compile(r"[^\W\d_]+")


def command_of(text: str, folded: str) -> Command | None:
    """The command that a whole message is; None when it is none, or only holds the word.

    Args:
        text: as written; after a slash the first word counts, as platforms send it.
        folded: the same, folded.
    """
    slash = _SLASH.match(text)
    found = _SLASHED.get(slash[1].casefold()) or _COMMANDS.get(slash[1].casefold()) if slash else None
    if slash and found and not (found == Command.STATUS and slash[2][:1].isdigit()):  # a number is asked about
        return found
    return _COMMANDS.get(folded) or _COMMANDS.get(_ADDRESSED.sub("", folded))


def behind_slash(text: str) -> str:
    """What a message says behind its slash command; empty without either."""
    slash = _SLASH.match(text)
    return slash[2].strip() if slash else ""


def is_objection(folded: str) -> bool:
    """Whether a message begins as an objection and gives its reason at once."""
    return folded.startswith(("keberatan ", "keberatan,", "keberatan:", "objection ", "objection:", "saya keberatan "))


def number_of(folded: str) -> int | None:
    """The number that a whole message names, 1 to 99: "2", "no. 2", "yang kedua", "pilih dua"."""
    found = _NUMBER.fullmatch(folded)
    if found is None:
        return None
    word = found[1]
    if word.isascii() and word.isdigit():
        return int(word) or None
    return _NUMBERS.get(word)


def asks_status_of(text: str, folded: str) -> str | None:
    """The ten digits whose status a message asks for; None when it says more than that, or names no number."""
    number = find_number(text)
    if number is None or any(word not in _STATUS_WORDS for word in _WORD.findall(folded)):
        return None
    return number
