"""What we depend on, held against the advisories of known vulnerabilities by pip-audit; ``make audit`` runs it.

Ends with 1 when a version in the lock file has a known vulnerability. Where the advisories are out of reach nothing was
examined, which it says, and ends with 0: a build without network is no finding.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_LOCK = Path(__file__).parents[1] / "requirements.lock"


def _examined(requirements: Path) -> list[dict[str, Any]]:
    """What pip-audit says of each package; one that it knows nothing of has a reason for that."""
    program = Path(sys.executable).with_name("pip-audit")
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--desc", "off", "--format", "json"]
    command = [str(program), *options, "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=600)
    if not done.stdout.strip():
        print(done.stderr.decode(errors="replace"), file=sys.stderr)
        return []
    packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    return packages


def main() -> int:
    """Examine the lock file and print what was found."""
    text = _LOCK.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.txt"
        one.write_text(_first(text), encoding="utf-8")
        reached = [package for package in _examined(one) if "skip_reason" not in package]
    if not reached:
        print("The advisories are out of reach: no dependency was examined.")
        return 0
    packages = _examined(_LOCK)
    found = [package for package in packages if package.get("vulns")]
    for package in found:
        known = ", ".join(one["id"] for one in package["vulns"])
        print(f"{package['name']} {package['version']}: {known}")
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    print(f"{len(packages) - len(skipped)} dependencies examined, {len(found)} with a known vulnerability.")
    if skipped:
        print(f"Not examined: {', '.join(skipped)}")
    return 1 if found else 0


def _first(lock: str) -> str:
    """The lock file's first package, by which is seen whether the advisories can be reached at all."""
    lines = lock.splitlines()
    end = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
    return "\n".join(lines[: end + 1])


if __name__ == "__main__":
    sys.exit(main())
