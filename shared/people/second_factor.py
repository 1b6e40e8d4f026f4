"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes."""

import base64
import hmac
import secrets
from datetime import datetime

import pyotp
import sqlalchemy as sa

from shared.people import tables
from shared.people.digests import digest_of

RECOVERY_CODES = 8
_STEP_S = 30
_account = tables.account.c
_code = tables.recovery_code.c


def new_recovery_codes(connection: sa.Connection, person_id: str) -> list[str]:
    """Return eight new codes, shown this once; those before are no longer taken."""
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    connection.execute(tables.recovery_code.delete().where(_code.person_id == person_id))
    rows = [{"person_id": person_id, "code_sha256": digest_of(code)} for code in codes]
    connection.execute(tables.recovery_code.insert(), rows)
    return codes


def use_recovery_code(connection: sa.Connection, person_id: str, code: str) -> bool:
    """Return whether `code` is one of the person's; it is used up by this."""
    used = connection.execute(
        tables.recovery_code.delete().where(
            _code.person_id == person_id, _code.code_sha256 == digest_of(code.strip().lower())
        )
    )
    return used.rowcount == 1


def use_code(
    connection: sa.Connection, row: sa.Row[tuple[object, ...]], key: bytes, code: str, now: datetime
) -> bool:
    """Return whether `code` is the app's at `now` or a step beside; each is taken once.

    `row` is the account's, `key` the shared secret.
    """
    app = pyotp.TOTP(secret_of(key))
    now_step = int(now.timestamp()) // _STEP_S
    given = code.replace(" ", "")
    steps = range(now_step - 1, now_step + 2)
    right = [step for step in steps if hmac.compare_digest(app.at(step * _STEP_S), given)]
    if not right:
        return False
    later = _account.totp_step.is_(None) | (_account.totp_step < right[0])
    used = connection.execute(
        tables.account.update()
        .where(_account.person_id == row.person_id, later)
        .values(totp_step=right[0])
    )
    return used.rowcount == 1


def secret_of(key: bytes) -> str:
    """Return the shared secret as an app takes it: base 32."""
    return base64.b32encode(key).decode("ascii").rstrip("=")
