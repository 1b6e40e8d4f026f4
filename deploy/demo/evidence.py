"""The end of the demo: its logs against their signatures, and a figure proven from its bundle.

Done once the deployment has stopped, when everything is signed. The figure is proven by
`verify_bundle.py` as an auditor runs it: alone, in a process of its own.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.audit.archive import DatabaseArchive
from deploy.audit.bundle import verify_bundle
from deploy.audit.bundle.building import build
from deploy.audit.deployment import owners
from deploy.audit.proving.provable import owned
from deploy.audit.proving.trust import Trust
from deploy.audit.proving.verification import Verification
from deploy.audit.verdict import Verdict
from shared.eventlog.note_key import VerifierKey
from shared.eventlog.signing_keys import SigningKeys
from shared.settings import Settings

BUNDLE = "bao-cao.zip"
VERIFIER = Path(verify_bundle.__file__)
VERIFY_TIMEOUT_S = 600


def prove(settings: Settings, report_id: str, folder: Path) -> dict[str, Any]:
    """Return how the logs were verified, and how the proof of the report ended.

    The bundle stays in `folder`.

    Raises:
        NotFound, LogTampered: as `deploy.audit.bundle.building`.

    """
    with owners(settings) as found:
        archives = [owned(each) for each in found if isinstance(each, DatabaseArchive)]
        trust = Trust(keys=tuple(key for each in archives for key in _keys(settings, each.origin)))
        verification = Verification(trust=trust)
        verification.verify([each for each in archives if each.size()], are_all=True)
        file = folder / BUNDLE
        with file.open("w+b") as out:
            announced = build(archives, report_id, settings.provinces, out)
    counted = {announced.archive.origin, *(log.origin for log in announced.event.logs)}
    ended = _run(file, [key for key in trust.keys if key.name in counted])
    return {
        "logs": [log.as_json() for log in verification.logs],
        "logs_verified": verification.findings.verdict is Verdict.PROVEN
        and all(log.proven == log.size for log in verification.logs),
        "report": report_id,
        "bundle_bytes": file.stat().st_size,
        "said": ended.stdout.decode(errors="replace").splitlines(),
        "figure_proven": ended.returncode == 0,
    }


def _keys(settings: Settings, origin: str) -> list[VerifierKey]:
    """Return the public keys as the owner of the log knows them: by the private ones."""
    return [signer.key for signer in SigningKeys(settings.log_keys, origin).signers()]


def _run(file: Path, keys: Sequence[VerifierKey]) -> "subprocess.CompletedProcess[bytes]":
    options = [f"--key={key}" for key in keys]
    return subprocess.run(  # noqa: S603 - our own program, on our own file
        [sys.executable, "-I", str(VERIFIER), str(file), *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=VERIFY_TIMEOUT_S,
    )
