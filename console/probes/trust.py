"""Whom TLS believes: the system's authorities, and one of the inventory's own."""

import ssl
from pathlib import Path


class AuthorityError(Exception):
    """The file of the own authority cannot be read, or holds no certificate."""


def tls_context(authority: Path | None = None) -> ssl.SSLContext:
    """Return a client's context that verifies certificates and names; raise AuthorityError.

    Reads files, so it may block.
    """
    context = ssl.create_default_context()
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except (OSError, ssl.SSLError) as error:
            raise AuthorityError from error
    return context


# X509_V_ERR_* of OpenSSL: not yet valid counts as expired; a name or an address that differs.
_EXPIRED = (9, 10)
_OTHER_NAME = (62, 64)


def certificate_problem(error: BaseException) -> str:
    """Return the reason's code for a TLS connection that did not come about."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return "tls_failed"
    if error.verify_code in _EXPIRED:
        return "tls_expired"
    return "tls_name" if error.verify_code in _OTHER_NAME else "tls_untrusted"
