"""`sahut play`: the whole loop from one keyboard, and an end that is never a traceback."""

import io
import socket
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import settings
from bot.commands import play
from bot.terminal import Screen, numbered
from texts.catalogue import BOLD_OFF, BOLD_ON
from usecases.ports import Mail

WHOLE_LOOP = """\
# from the first words to the stars
lampu jalan mati di depan SDN 3 Jatiasih
/lokasi -6.298,106.959
1
/foto
1
1
1
/petugas
1
/petugas sari
1
/petugas
1
/foto Lampunya sudah diganti
/warga
1
5
Cepat sekali, terima kasih
/status
"""


def played(story: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    file = tmp_path / "story.txt"
    file.write_text(story, encoding="utf-8")
    assert play.command(settings.load(env_file=None), Namespace(story=str(file), plain=True)) == 0
    return capsys.readouterr().out


pytestmark = pytest.mark.usefixtures("city_at_hand")


@pytest.mark.slow
def test_the_whole_loop_is_played_from_one_keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    shown = played(WHOLE_LOOP, tmp_path, capsys)
    for expected in (
        "Lampu jalan (PJU) mati", "Nomor: BKS-", "news elsewhere: /petugas", "[photo ", "Pak Budi · DISHUB >",
        "Bu Sari · DISHUB >", "Sedang dikerjakan", "Apakah menurut Anda sudah beres?", "1 ★", "catatan Anda",
        "Ditutup (sudah beres menurut pelapor)",
    ):  # fmt: skip
        assert expected in shown, expected


@pytest.mark.slow
def test_wrong_inputs_are_explained_and_do_no_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    shown = played(
        "/lokasi di sana\n/maju kapan\n/foto tidak-ada.jpg\n/petugas XYZ\n/maju 2j\n/?\n/keluar\nhalo\n",
        tmp_path,
        capsys,
    )
    for expected in ("LAT,LON", "/maju 30m", "no file tidak-ada.jpg", "XYZ is no office", "It is ", "/keluar   "):
        assert expected in shown, expected
    assert "halo" not in shown


@pytest.mark.slow
def test_nothing_that_leads_outside_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """On the machine that serves the city: neither its number nor its bot may be spoken to, nor its geocoder, nor may
    its database be opened."""
    with socket.create_server(("127.0.0.1", 0)) as outside:
        address = f"http://127.0.0.1:{outside.getsockname()[1]}"
        filled = {
            "TELEGRAM_BOT_TOKEN": "7000000001:AAtidakboleh", "TELEGRAM_API_URL": address, "TELEGRAM_PACE": "5",
            "TELEGRAM_WEBHOOK_URL": "https://sahut.example", "TELEGRAM_WEBHOOK_SECRET": "rahasia-webhook-uji",
            "WHATSAPP_PHONE_NUMBER_ID": "100200300", "WHATSAPP_TOKEN": "EAAuji-token-palsu",
            "WHATSAPP_APP_SECRET": "rahasia-aplikasi-uji", "WHATSAPP_VERIFY_TOKEN": "kata-uji",
            "WHATSAPP_BUSINESS_ID": "100200301", "WHATSAPP_API_URL": address, "WHATSAPP_PACE": "5",
            "WHATSAPP_BURST": "3", "DATABASE_URL": f"sqlite:///{tmp_path}/kota.db", "HOST": "127.0.0.1",
            "PORT": str(outside.getsockname()[1]), "PUBLIC_URL": "https://sahut.example", "SECRET_KEY": "k" * 40,
            "GEOCODER_URL": address, "LOG_LEVEL": "DEBUG",
        }  # fmt: skip
        assert set(filled) == set(settings.names()) - {"SAHUT_CITY", "DATA_DIR", "TRY_OUT"}, "a new one belongs here"
        for name, value in filled.items():
            monkeypatch.setenv(name, value)
        shown = played("lampu jalan mati di jl melati 5\n/maju 2h\n", tmp_path, capsys).lower()
        outside.setblocking(False)
        with pytest.raises(BlockingIOError):
            outside.accept()
    assert "lampu jalan" in shown
    assert not (tmp_path / "kota.db").exists()


@pytest.mark.slow
def test_a_stray_byte_in_what_is_typed_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "typed").write_bytes(b"lampu mati \xff di jatiasih\n/keluar\n")
    with (tmp_path / "typed").open(encoding="utf-8") as typed:
        monkeypatch.setattr("sys.stdin", typed)
        assert play.command(settings.load(env_file=None), Namespace(story=None, plain=True)) == 0
    assert "lampu mati \N{REPLACEMENT CHARACTER} di jatiasih" in capsys.readouterr().out


def test_a_story_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]):
    assert play.command(settings.load(env_file=None), Namespace(story="/nowhere", plain=True)) == 2
    assert "/nowhere cannot be read (No such file or directory)." in capsys.readouterr().err


def a_mail(text: str, *rows: list[list[str]]) -> Mail:
    return Mail(1, "7", "sahut", "", text, list(rows), [], "", False, datetime(2026, 11, 23, tzinfo=UTC))


def test_bold_words_stay_bold_over_a_line_end():
    out = io.StringIO()
    screen = Screen(out, colour=True, width=40)
    screen.said(a_mail(f"satu {BOLD_ON}dua tiga empat lima enam tujuh delapan{BOLD_OFF} sembilan"), "citizen", [], 1)
    first, second = [line for line in out.getvalue().splitlines() if line.strip()][:2]
    assert first.endswith("\x1b[0m")
    assert "\x1b[1m" in first
    assert "\x1b[1m" in second.removeprefix("\x1b[36m▌ \x1b[0m")[:6]


def test_buttons_are_numbered_in_reading_order_and_wide_rows_go_on_below():
    rows = [[["Ya", "1|yes", "press"], ["Tidak", "1|no", "press"]], [["Peta " * 8, "x", "url"]]]
    mail = a_mail("Benar?", *rows)
    out = io.StringIO()
    Screen(out, colour=False, width=40).said(mail, "citizen", numbered(mail), 4)
    assert [button.label for button in numbered(mail)] == ["Ya", "Tidak", "Peta " * 8]
    assert " 4  Ya" in out.getvalue()
    assert " 5  Tidak" in out.getvalue()
    assert " 6  Peta" in out.getvalue()
    assert "\x1b" not in out.getvalue()
