"""What can be done with the whole window: menu, shortcuts and their overview are made of it."""

from dataclasses import dataclass

from console.language import N_


@dataclass(frozen=True, slots=True)
class WindowAction:
    """One row. `slot` is a method of the main window; dialogs are opened by their `key`."""

    key: str
    text: str
    keys: tuple[str, ...]
    slot: str
    in_menu: bool = False
    separator_after: bool = False


ACTIONS = (
    WindowAction("operations", N_("Operations"), ("Ctrl+1",), "show_operations"),
    WindowAction("conference", N_("Conference"), ("Ctrl+2",), "show_conference"),
    WindowAction("review", N_("Review"), ("Ctrl+3",), "show_review"),
    WindowAction("search", N_("Search"), ("Ctrl+K",), "focus_search"),
    WindowAction("time", N_("To the time cursor"), ("Ctrl+T",), "focus_time"),
    WindowAction("live", N_("Back to live"), ("Ctrl+L",), "go_live"),
    WindowAction("panel", N_("To the next panel"), ("F6",), "focus_next_panel"),
    WindowAction("what_if", N_("What if the selected link or device fails?"), ("F8",), "wonder"),
    WindowAction("clear", N_("Clear the selection"), ("Esc",), "clear_selection"),
    WindowAction("reset", N_("Reset arrangement"), ("Ctrl+0",), "reset_arrangement", in_menu=True),
    WindowAction(
        "full",
        N_("Full screen"),
        ("F11",),
        "toggle_full_screen",
        in_menu=True,
        separator_after=True,
    ),
    WindowAction("export", N_("Export history …"), ("Ctrl+E",), "open_dialog", in_menu=True),
    WindowAction(
        "settings",
        N_("Settings …"),
        ("Ctrl+,",),
        "open_dialog",
        in_menu=True,
        separator_after=True,
    ),
    WindowAction("shortcuts", N_("Shortcuts"), ("F1",), "open_dialog", in_menu=True),
    WindowAction(
        "about", N_("About Leitstand"), (), "open_dialog", in_menu=True, separator_after=True
    ),
    WindowAction("quit", N_("Quit"), ("Ctrl+Q",), "close", in_menu=True),
)
