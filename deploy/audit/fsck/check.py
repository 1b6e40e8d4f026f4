"""What all parts of a check share: where findings go, and who is told how far it has got."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from deploy.audit.proving.findings import Findings
from deploy.audit.verdict import Finding

ROWS_AT_ONCE = 500
ATTEMPTS = 20
"""How often what moves is looked at again before it is given up."""


@dataclass(slots=True, kw_only=True)
class Check:
    """A check under way."""

    findings: Findings = field(default_factory=Findings)
    advance: Callable[[int], None] = lambda _entries: None
    """Told of every page how many entries it had."""
    origins: Sequence[str] = ()
    """Every log that there is."""

    def log_of(self, service: str, province: object) -> str:
        """Return the log of `service` in `province`; the service where there is none."""
        end = f"/{province}/{service}"
        return next((origin for origin in self.origins if origin.endswith(end)), service)

    def found(
        self,
        code: str,
        origin: str,
        position: int | None = None,
        *,
        is_proof: bool = True,
        **facts: object,
    ) -> None:
        """Take what was found."""
        self.findings.add(
            Finding(code=code, origin=origin, position=position, is_proof=is_proof, facts=facts)
        )
