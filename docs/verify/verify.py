"""Checks one webhook of Weir. usage: WEIR_SECRETS="whsec_… whsec_…" python3 verify.py <webhook-id> <webhook-timestamp> <webhook-signature> < body"""
import base64
import hashlib
import hmac
import os
import sys
import time

TOLERANCE_SECONDS = 300
LEAST_KEY_BYTES = 24


def verify(secrets: list[str], msg_id: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """`body` is the bytes as they came; `secrets` are all that are live now (two while one is being replaced)."""
    if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    given = [part[3:] for part in signature.split(" ") if part.startswith("v1,")]
    signed = f"{msg_id}.{timestamp}.".encode() + body
    for secret in secrets:
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            continue
        if len(key) < LEAST_KEY_BYTES:  # an empty secret would let anybody sign
            continue
        right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(right.encode(), each.encode()) for each in given):
            return True
    return False


if __name__ == "__main__":
    ok = verify(os.environ.get("WEIR_SECRETS", "").split(), *sys.argv[1:4], sys.stdin.buffer.read(), time.time())
    print("ok" if ok else "refused")
