"""Which words speak of police members who did what they must not do, and which only call for the police."""

from __future__ import annotations

import pytest

from chatbot.core.narrative import concerns_members


@pytest.mark.parametrize(
    "text",
    [
        "penyidiknya minta uang 5 juta biar perkara saya jalan",
        "briptu contoh minta uang 500 ribu ke saya",
        "namanya briptu contoh, dia minta 500 ribu di loket 3",
        "kanit reskrim polsek contoh menerima suap dari pelaku",
        "saya dimintai uang 200 ribu sama polisi waktu ditilang",
        "polisinya malak saya di jalan",
        "the officer at the counter asked me for a bribe",
        "a police officer hit me at the station",
        "saya ditampar polisi waktu di kantor kemarin",
        "tolong sekarang briptu contoh datang ke rumah saya bawa pistol mengancam mau membunuh saya",
        "polantas minta damai di jalan",
        "polisi di lampu merah minta uang 100 ribu",
        "petugas loket sim minta uang pelicin 200 ribu",
        "polisi yang jaga membentak ibu saya",
        "anggota polsek contoh mabuk di jalan",
        "saya diperas oleh anggota polres",
        "seorang anggota meminta uang di jalan",
    ],
)
def test_misconduct_of_members_is_recognised(text: str) -> None:
    assert concerns_members(text)


@pytest.mark.parametrize(
    "text",
    [
        "polisi tolong, suami saya memukul saya",
        "pak polisi ada orang memukul tetangga saya",
        "polisi tolong tangkap pelaku yang memukul saya",
        "tolong kirim polisi saya diancam preman",
        "petugas parkir minta uang 10 ribu",
        "anggota keluarga saya memukul adik saya",
        "satpam minta uang rokok",
        "penyidik tolong segera tangkap pelakunya, saya diancam dibunuh",
        "terima kasih pak briptu andi sudah membantu",
        "saya mau tanya biaya skck ke petugas",
        "calon anggota polri syaratnya apa",
        "my husband hit me please send police",
        "debt collector memeras saya, mau lapor polisi",
    ],
)
def test_call_for_the_police_is_none(text: str) -> None:
    assert not concerns_members(text)
