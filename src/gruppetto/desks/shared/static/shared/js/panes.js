// Focus and view of the panes when htmx changes their content.

let before = null;

function keyOf(element) {
    return element?.id || element?.closest?.("[data-key]")?.dataset.key || "";
}

document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    const active = document.activeElement;
    before = target.contains(active) ? { key: keyOf(active), pane: target } : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target ?? event.target;
    // A record opened by a person: a narrow screen shows it, and reading starts at its title.
    const opened = event.detail.requestConfig?.elt?.closest?.("[data-opens]");
    if (opened) {
        const desk = document.querySelector(".desk");
        if (desk) desk.dataset.view = opened.dataset.opens;
        for (const item of document.querySelectorAll("[data-opens][aria-current]")) item.removeAttribute("aria-current");
        opened.setAttribute("aria-current", "true");
        const title = target.querySelector("[data-focus]") ?? target.querySelector("h2:not(.visually-hidden), h3");
        if (title) {
            title.tabIndex = -1;
            title.focus({ preventScroll: false });
        }
        before = null;
        return;
    }
    if (!before || document.activeElement !== document.body) return;
    // The element that had the focus was replaced: its successor, else the pane, never the top of the page.
    const same = before.key && (document.getElementById(before.key)
        ?? document.querySelector(`[data-key="${CSS.escape(before.key)}"]`));
    const next = same || before.pane.closest("[tabindex]") || before.pane;
    if (!next.matches("a, button, input, select, textarea, [tabindex]")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
    before = null;
});

// Arrows move inside a list of records.
document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const item = event.target.closest?.("[data-list] [data-item]");
    if (!item || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    step(item.closest("[data-list]"), item, event.key === "ArrowDown" ? 1 : -1);
});

function step(list, from, by) {
    const items = [...list.querySelectorAll("[data-item]")];
    const at = items.indexOf(from);
    const next = items[at < 0 ? 0 : Math.min(Math.max(at + by, 0), items.length - 1)];
    next?.focus();
}

document.addEventListener("gruppetto:step", (event) => {
    const list = document.querySelector("[data-list]");
    if (!list) return;
    const from = document.activeElement.closest("[data-item]") ?? list.querySelector("[data-item][aria-current]");
    step(list, from, event.detail.by);
});
