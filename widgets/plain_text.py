"""Names from the network are text and nothing else: Qt must not guess markup in them."""

from html import escape


def plain_tip(text: str) -> str:
    """Return `text` for `setToolTip`, shown letter by letter; "" stays no tool tip."""
    return f"<p>{escape(text)}</p>".replace("\n", "<br>") if text else ""
