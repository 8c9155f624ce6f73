"""The new schema under an older version, asked of that version's own tests; ``make rolling FROM=v1.2`` runs it.

The other half, this code on a database which an older version filled, is part of the tests.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import upgrade

_HERE = Path(__file__).parents[1]
_GIT = shutil.which("git") or "git"


def main() -> int:
    """Run an older version's integration tests on the schema of this one; their status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", help="a tag or commit of the older version")
    parser.add_argument("more", nargs="*", help="what pytest is told besides")
    parser.add_argument("--upgrade", action="store_true", help="bring the database of this URL to our schema instead")
    chosen = parser.parse_args()
    if chosen.upgrade:
        upgrade(make_engine(database_url(chosen.version)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        tree = f"{folder}/tree"
        subprocess.run([_GIT, "worktree", "add", "--quiet", "--detach", tree, chosen.version], cwd=_HERE, check=True)
        try:
            return subprocess.run(
                [sys.executable, "-m", "pytest", "--numprocesses", "2", "tests/integration", *chosen.more],
                cwd=tree,
                env={**os.environ, "PYTHONPATH": tree, "SCHEMA_OF": str(_HERE)},
                check=False,
            ).returncode
        finally:
            subprocess.run([_GIT, "worktree", "remove", "--force", tree], cwd=_HERE, check=True)


if __name__ == "__main__":
    sys.exit(main())
