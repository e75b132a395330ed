"""Which versions of TLS a server speaks."""

from __future__ import annotations

import socket
import ssl


def speaks(port: int, version: ssl.TLSVersion) -> bool:
    """Whether a handshake of this version succeeds; ours would take any."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = version
    with socket.create_connection(("127.0.0.1", port), 5) as plain:
        try:
            with context.wrap_socket(plain) as spoken:
                return spoken.version() is not None
        except OSError:
            return False
