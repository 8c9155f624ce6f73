from __future__ import annotations

import pytest

from chatbot.matching.rich import to_rich


@pytest.mark.parametrize(
    ("markdown", "rich"),
    [
        ("Telepon **110** sekarang.", "Telepon <b>110</b> sekarang."),
        ("*penting* dan _segera_", "<i>penting</i> dan <i>segera</i>"),
        ("- satu\n* dua\n+ tiga", "• satu\n• dua\n• tiga"),
        ("1. Datang.\n2) Bayar.", "1. Datang.\n2. Bayar."),
        ("## Syarat **utama**", "<b>Syarat utama</b>"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[Polri](https://polri.go.id/a_b_c)", "Polri (https://polri.go.id/a_b_c)"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("nama_file_saya dan 2 * 3 * 4", "nama_file_saya dan 2 * 3 * 4"),
        ("tidak **tertutup", "tidak **tertutup"),
        ("satu\n\n\n\ndua\n", "satu\n\ndua"),
        ("", ""),
    ],
)
def test_markdown_becomes_rich_text(markdown: str, rich: str) -> None:
    assert to_rich(markdown) == rich
