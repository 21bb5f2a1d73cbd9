// Dialogs and menus. data-dialog="ID" opens; its href, if any, stays the way without scripts.

document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
        const dialog = document.getElementById(opener.dataset.dialog);
        if (dialog) {
            event.preventDefault();
            opener.closest("details[data-menu]")?.removeAttribute("open");
            dialog.showModal();
        }
        return;
    }
    event.target.closest("[data-dialog-close]")?.closest("dialog").close();
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
        if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
});

document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
});

// The answer of the act closes the dialog that asked for it.
document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) event.target.closest?.("dialog[open]")?.close();
});
