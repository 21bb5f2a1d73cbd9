"""Somebody without a mouse: keys only, and Tab to go from one thing to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

# More stops than the longest page has.
STOPS = 250
KEYS = {"ctrl+enter": "Control+Enter", "ctrl+z": "Control+z", "shift+a": "Shift+A"}
HERE = "one => one === document.activeElement"


@dataclass(frozen=True)
class Hands:
    """Two hands on the keyboard of one page. ``pressed``: the keys so far, the words typed not counted."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def shortcut(self, key: str) -> None:
        """Press a key of the page, once the page says that it answers (``aria-keyshortcuts``)."""
        expect(self.page.locator(f"[data-shortcut='{key}'][aria-keyshortcuts]").first).to_be_attached()
        self.press(KEYS.get(key, key))

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.type(text)

    def reach(self, target: Locator) -> None:
        """Tab until ``target`` has the focus. Raises ``AssertionError`` when no number of Tabs leads there."""
        expect(target).to_be_visible()
        for _ in range(STOPS):
            if target.evaluate(HERE):
                return
            self.press("Tab")
        raise AssertionError(f"{STOPS} Tabs do not lead to {target}")

    def push(self, target: Locator) -> None:
        """Reach a button or a link and press Enter."""
        self.reach(target)
        self.press("Enter")

    def choose(self, name: str, value: str) -> None:
        """Choose one of the round buttons called ``name``: Space on the first, then the arrow down."""
        buttons = self.page.locator(f"input[name='{name}']")
        self.reach(buttons.first)
        self.press("Space")
        for _ in range(buttons.count()):
            if self.page.locator(f"input[name='{name}'][value='{value}']").is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"the arrow does not lead to {value} of {name}")
