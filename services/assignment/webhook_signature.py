"""The signature of a webhook, by the Standard Webhooks convention (symmetric, v1).

HMAC-SHA256 over `<id>.<timestamp>.<body>`. Each delivery may carry several signatures, so
that a secret can be changed while its receiver still knows the former one only.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

SECRET_PREFIX = "whsec_"  # noqa: S105 - the convention's mark, no secret


def secret_text(key: bytes) -> str:
    """Return the secret as its receiver is given it, once: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def signed(
    keys: Sequence[bytes], *, message_id: str, timestamp_s: int, body: bytes
) -> Mapping[str, str]:
    """Return the three headers that say who sent `body`, and when: signed by all `keys`.

    `message_id` has no full stop, or it could be read as another id and time.
    """
    content = b"%s.%d.%s" % (message_id.encode(), timestamp_s, body)
    signatures = (hmac.new(key, content, hashlib.sha256).digest() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": " ".join(
            f"v1,{base64.b64encode(signature).decode()}" for signature in signatures
        ),
    }
