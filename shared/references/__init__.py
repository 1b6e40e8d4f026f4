"""Rules are history too: which file decided, to the byte, and since when. Pure.

A `ReferenceFile` is a file as it was read. `ADOPTION` records in a log that it came into
use, `adopted` and `findings` tell an auditor what a log says of it.
"""

from shared.references.adoption import ADOPTION, adopted, stream_of
from shared.references.file import ReferenceFile, named
from shared.references.findings import findings

__all__ = ["ADOPTION", "ReferenceFile", "adopted", "findings", "named", "stream_of"]
