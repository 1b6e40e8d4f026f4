"""The vault of one service: put, read, erase. The caller owns the transaction."""

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.kernel.clock import Clock, rfc3339
from shared.kernel.errors import BadInput, Conflict, LogTampered, NotFound, Unavailable
from shared.kernel.ids import new_id
from shared.vault import records, rotation
from shared.vault.keyring import KeyRing
from shared.vault.narrative import checked_text
from shared.vault.purpose import Purpose
from shared.vault.sealing import KEY_BYTES, SALT_BYTES, commitment_of, context_of, seal, unseal
from shared.vault.signing_keys import SigningKeys
from shared.vault.stored import Access, Disclosure, NewText, StoredText
from shared.vault.tables import VaultTables

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}")
"""What may name a text or a reader: no space and no accent, so never a person's name."""

_PAGE = 500
_ACCESSES_MAX = 1000


class Vault:
    """The texts of one service (`owner`), under the deployment's `key`.

    `former_key` still opens what a rotation has not reached yet.
    """

    __slots__ = ("_clock", "_owner", "_ring", "_tables")

    def __init__(
        self,
        tables: VaultTables,
        owner: str,
        key: bytes,
        clock: Clock,
        *,
        former_key: bytes | None = None,
    ) -> None:
        self._tables = tables
        self._owner = owner
        self._ring = KeyRing(key) if former_key is None else KeyRing(key, former_key)
        self._clock = clock

    @property
    def signing_keys(self) -> SigningKeys:
        """The keys by which the service signs what it sends."""
        return SigningKeys(self._tables, self._owner, self._ring)

    def derived_key(self, label: str) -> bytes:
        """Return 32 bytes for another use than texts, which change with the deployment's key.

        Whoever has that key can make them again; they tell nothing of it. `label` says what
        for, and is never used for anything else.
        """
        return self._ring.derived(label)

    def check_key(self, connection: sa.Connection) -> None:
        """Return when every record's key is wrapped by a key we have; for use at start.

        Raises:
            Unavailable: `vault.key_wrong`.

        """
        rotation.check_keys(connection, self._tables, self._ring)

    def put(
        self,
        connection: sa.Connection,
        *,
        text_id: str,
        text: str,
        province: str,
        visibility: Visibility,
    ) -> TextRef:
        """Return the reference to `text`, stored under `text_id`. As `put_many`."""
        new = NewText(text_id=text_id, text=text, province=province, visibility=visibility)
        return self.put_many(connection, [new])[0]

    def put_many(self, connection: sa.Connection, texts: Sequence[NewText]) -> list[TextRef]:
        """Return a reference for each of `texts`, in their order.

        The same text again gives the same reference and writes nothing. An erased text
        stays erased whatever is put under its id: there is nothing left to compare with.

        Raises:
            BadInput: as `checked_text`; `vault.not_a_key` for an unfit `text_id`.
            Conflict: `vault.text_differs` when another text has this id.

        """
        wanted: dict[str, NewText] = {}
        for given in texts:
            new = replace(given, text=checked_text(given.text))
            _check_key_form(text_id=new.text_id, province=new.province)
            if wanted.setdefault(new.text_id, new) != new:
                raise Conflict("vault.text_differs", text_id=new.text_id)
        refs: dict[str, TextRef] = {}
        # In the order of ids, so that two imports can't wait for each other's rows.
        for page in _pages(sorted(wanted)):
            refs |= self._put_page(connection, {text_id: wanted[text_id] for text_id in page})
        return [refs[given.text_id] for given in texts]

    def _put_page(self, connection: sa.Connection, page: dict[str, NewText]) -> dict[str, TextRef]:
        present = records.select_records(connection, self._tables, list(page))
        sealed = {
            text_id: self._sealed(new) for text_id, new in page.items() if text_id not in present
        }
        if sealed:
            inserted = records.insert_records(connection, self._tables, list(sealed.values()))
            late = [text_id for text_id in sealed if text_id not in inserted]
            if late:
                present |= records.select_records(connection, self._tables, late)
        for text_id, record in present.items():
            if not self._holds(record, page[text_id]):
                raise Conflict("vault.text_differs", text_id=text_id)
        return {text_id: self._ref(record.text) for text_id, record in (sealed | present).items()}

    def find(self, connection: sa.Connection, text_id: str) -> StoredText:
        """Return what is known of a text without opening it; logs nothing.

        Raises:
            NotFound: `vault.unknown_text`.

        """
        row = self._record(connection, text_id).text
        return StoredText(
            ref=self._ref(row),
            province=row.province,
            stored_at=datetime.fromisoformat(row.stored_at),
            erased_at=None if row.erased_at is None else datetime.fromisoformat(row.erased_at),
        )

    def read(
        self, connection: sa.Connection, *, text_id: str, reader: str, purpose: Purpose
    ) -> str:
        """Return the text, and log who read it and why in the same transaction.

        Raises: as `disclose`.
        """
        return self.disclose(connection, text_id=text_id, reader=reader, purpose=purpose).text

    def disclose(
        self, connection: sa.Connection, *, text_id: str, reader: str, purpose: Purpose
    ) -> Disclosure:
        """Return the text with its salt, for an auditor; logged as every reading.

        Whether `reader`, a seat, is entitled is for the caller to know.

        Raises:
            BadInput: `vault.not_a_key` for a `reader` that can't be a seat.
            NotFound: `vault.unknown_text`; `vault.erased`.
            Unavailable: `vault.key_wrong`, the deployment's key is another one;
                `vault.key_lost`, the record's key was not restored.
            LogTampered: `vault.text_tampered`.

        """
        _check_key_form(reader=reader)
        record = self._record(connection, text_id)
        if record.text.erased_at is not None:
            raise NotFound("vault.erased", text_id=text_id)
        salt, text = self._opened(record)
        at = self._clock()
        access = records.AccessRow(
            access_id=new_id(at),
            text_id=text_id,
            reader=reader,
            purpose=Purpose(purpose).value,
            at=rfc3339(at),
        )
        records.insert_access(connection, self._tables, access)
        return Disclosure(ref=self._ref(record.text), text=text, salt=salt)

    def accesses(self, connection: sa.Connection, *, text_id: str, limit: int) -> list[Access]:
        """Return the latest `limit` readings (at most 1,000) of one text, latest first."""
        rows = records.select_accesses(
            connection, self._tables, text_id, max(0, min(limit, _ACCESSES_MAX))
        )
        return [
            Access(
                text_id=row.text_id,
                reader=row.reader,
                purpose=Purpose(row.purpose),
                at=datetime.fromisoformat(row.at),
            )
            for row in rows
        ]

    def erase(self, connection: sa.Connection, text_id: str, at: datetime) -> bool:
        """Destroy the text for good; return False when it was erased before.

        The reference stays valid and keeps its commitment. The first erasure's instant
        stays too, so that erasures can be replayed after a restore.

        Raises:
            NotFound: `vault.unknown_text`.

        """
        self._record(connection, text_id)
        destroyed = records.destroy_key(connection, self._tables, text_id)
        buried = records.bury_text(connection, self._tables, text_id, rfc3339(at))
        return destroyed or buried

    def rewrap(self, connection: sa.Connection, *, old: bytes, new: bytes, limit: int) -> int:
        """Wrap up to `limit` records' keys by `new` instead of `old`; return how many.

        Call it in transactions of its own until it returns 0. Texts are not re-encrypted.

        Raises:
            Unavailable: `vault.key_wrong` when nothing is left for `old` to open, and
                still some key is wrapped by neither.

        """
        return rotation.rewrap(
            connection, self._tables, owner=self._owner, old=old, new=new, limit=limit
        )

    def _record(self, connection: sa.Connection, text_id: str) -> records.Record:
        # An id of another form was never given out, and may be anything: not echoed.
        if not _KEY.fullmatch(text_id):
            raise NotFound("vault.unknown_text", text_id="?")
        found = records.select_records(connection, self._tables, [text_id])
        if text_id not in found:
            raise NotFound("vault.unknown_text", text_id=text_id)
        return found[text_id]

    def _sealed(self, new: NewText) -> records.Record:
        data_key = secrets.token_bytes(KEY_BYTES)
        salt = secrets.token_bytes(SALT_BYTES)
        # The salt is sealed too: beside a clear salt, a short text could be guessed.
        secret = salt + new.text.encode()
        text = records.TextRow(
            text_id=new.text_id,
            province=new.province,
            visibility=new.visibility.value,
            commitment=commitment_of(salt, new.text),
            sealed=seal(data_key, secret, context_of("text", self._owner, new.text_id)),
            stored_at=rfc3339(self._clock()),
            erased_at=None,
        )
        key = records.KeyRow(
            text_id=new.text_id,
            wrapping_key_id=self._ring.current_id,
            wrapped=self._ring.wrap(data_key, owner=self._owner, text_id=new.text_id),
        )
        return records.Record(text=text, key=key)

    def _opened(self, record: records.Record) -> tuple[bytes, str]:
        row, key = record.text, record.key
        if key is None or row.sealed is None:
            raise Unavailable("vault.key_lost", text_id=row.text_id)
        data_key = self._ring.unwrap(
            key.wrapped, key.wrapping_key_id, owner=self._owner, text_id=row.text_id
        )
        try:
            secret = unseal(data_key, row.sealed, context_of("text", self._owner, row.text_id))
        except InvalidTag:
            raise LogTampered("vault.text_tampered", text_id=row.text_id) from None
        salt, text = secret[:SALT_BYTES], secret[SALT_BYTES:].decode()
        if commitment_of(salt, text) != row.commitment:
            raise LogTampered("vault.text_tampered", text_id=row.text_id)
        return salt, text

    def _holds(self, record: records.Record, new: NewText) -> bool:
        row = record.text
        if (row.province, row.visibility) != (new.province, new.visibility.value):
            return False
        return row.erased_at is not None or self._opened(record)[1] == new.text

    def _ref(self, row: records.TextRow) -> TextRef:
        return TextRef(
            text_id=row.text_id,
            owner=self._owner,
            commitment=row.commitment,
            visibility=Visibility(row.visibility),
        )


def _check_key_form(**named: str) -> None:
    for name, value in named.items():
        if not _KEY.fullmatch(value):
            raise BadInput("vault.not_a_key", name=name)


def _pages(text_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(text_ids), _PAGE):
        yield text_ids[start : start + _PAGE]
