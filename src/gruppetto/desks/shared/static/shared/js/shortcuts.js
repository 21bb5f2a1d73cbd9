// Keyboard shortcuts: any button or link with data-shortcut="n" (or "shift+c", "ctrl+enter"). They sleep while
// one types, can be switched off and changed (WCAG 2.1.4). Choices are the account's: asked once a tab, forgotten at
// sign-out, sent when they change.
// "ctrl+…" also answers to the command key, and works while typing.

const STORE = "gruppetto:shortcuts";
const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]";

const dialog = document.getElementById("shortcuts");
const words = dialog?.querySelector("[data-shortcuts-words]").dataset;
const NONE = { off: false, keys: {} };
let choice = { ...NONE, ...JSON.parse(sessionStorage.getItem(STORE) || "{}") };

async function recall() {
    if (sessionStorage.getItem(STORE)) return;
    let answer;
    try {
        answer = await fetch(dialog.dataset.shortcutsUrl, {
            credentials: "same-origin",
            redirect: "manual",
            headers: { "X-Gruppetto-By-Itself": "1" },
        });
    } catch {
        return;
    }
    if (!answer.ok || sessionStorage.getItem(STORE)) return;
    choice = { ...NONE, ...await answer.json() };
    sessionStorage.setItem(STORE, JSON.stringify(choice));
    hints();
}

function keep() {
    const kept = JSON.stringify(choice);
    sessionStorage.setItem(STORE, kept);
    hints();
    // Without a connection the choice lives as long as this tab.
    fetch(dialog.dataset.shortcutsUrl, {
        method: "POST",
        body: new URLSearchParams({ choice: kept }),
        headers: JSON.parse(document.body.getAttribute("hx-headers") || "{}"),
        credentials: "same-origin",
        keepalive: true,
    }).catch(() => {});
}

function pressed(event) {
    const parts = [];
    if (event.ctrlKey || event.metaKey) parts.push("ctrl");
    if (event.altKey) parts.push("alt");
    const key = event.key === " " ? "space" : event.key.toLowerCase();
    // "?" needs the shift key on most keyboards: a sign says it all, a letter or a named key does not.
    if (event.shiftKey && (key.length > 1 || /\p{L}/u.test(key))) parts.push("shift");
    return [...parts, key].join("+");
}

const FRENCH = { ctrl: "Ctrl", shift: "Maj", alt: "Alt", enter: "Entrée", escape: "Échap", space: "Espace" };
const written = (key) => key.split("+").map((part) => FRENCH[part] ?? part.toUpperCase()).join("\u00a0+\u00a0");
const SPEC = { ctrl: "Control", shift: "Shift", alt: "Alt", enter: "Enter", escape: "Escape", space: "Space" };
const specified = (key) => key.split("+").map((part) => SPEC[part] ?? part).join("+");

const named = (first) => choice.keys[first] ?? first;

function commands() {
    const found = new Map();
    const add = (first, label, run) => { if (!found.has(first)) found.set(first, { first, label, run }); };
    add("?", words.help, () => open());
    if (document.querySelector("[data-list]")) {
        add("j", words.next, () => step(1));
        add("k", words.previous, () => step(-1));
    }
    // The form one is typing in answers before the others.
    const form = document.activeElement.form;
    const elements = [...document.querySelectorAll("[data-shortcut]")];
    for (const element of [...elements.filter((one) => form && one.form === form), ...elements]) {
        if (!element.checkVisibility() || element.disabled) continue;
        const label = element.dataset.shortcutLabel || element.getAttribute("aria-label") || element.textContent.trim();
        add(element.dataset.shortcut, label, () => (element.matches("input, textarea, select") ? element.focus() : element.click()));
    }
    return [...found.values()];
}

function step(by) {
    document.dispatchEvent(new CustomEvent("gruppetto:step", { detail: { by } }));
}

function hints() {
    for (const element of document.querySelectorAll("[data-shortcut]")) {
        if (choice.off) element.removeAttribute("aria-keyshortcuts");
        else element.setAttribute("aria-keyshortcuts", specified(named(element.dataset.shortcut)));
    }
    for (const hint of document.querySelectorAll("[data-shortcut-hint]")) {
        hint.hidden = choice.off;
        hint.textContent = written(named(hint.dataset.shortcutHint));
    }
    // Sentences that name keys.
    for (const said of document.querySelectorAll("[data-shortcut-said]")) said.hidden = choice.off;
}

function rows() {
    const list = dialog.querySelector("[data-shortcuts-rows]");
    const model = dialog.querySelector("template[data-shortcuts-row]").content.firstElementChild;
    dialog.querySelector("[data-shortcuts-on]").checked = !choice.off;
    list.replaceChildren(...commands().map((command, index) => {
        const row = model.cloneNode(true);
        const input = row.querySelector("input");
        input.id = `shortcut-${index}`;
        row.querySelector("label").htmlFor = input.id;
        row.querySelector("label").textContent = command.label;
        input.value = written(named(command.first));
        input.addEventListener("keydown", (event) => change(event, command, input));
        return row;
    }));
}

function change(event, command, input) {
    if (["Tab", "Escape", "Shift", "Control", "Alt", "Meta", "AltGraph"].includes(event.key)) return;
    event.preventDefault();
    const key = pressed(event);
    const rival = commands().find((other) => other.first !== command.first && named(other.first) === key);
    const said = dialog.querySelector("[data-shortcuts-taken]");
    said.textContent = rival ? said.dataset.text + rival.label : "";
    if (rival) return;
    choice.keys[command.first] = key;
    input.value = written(key);
    keep();
}

function open() {
    rows();
    dialog.showModal();
}

if (dialog) {
    document.addEventListener("keydown", (event) => {
        if (choice.off || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
        const key = pressed(event);
        if (event.target.matches?.(TYPING) && !key.startsWith("ctrl+")) return;
        const command = commands().find(({ first }) => named(first) === key);
        if (!command) return;
        event.preventDefault();
        command.run();
    });
    document.addEventListener("click", (event) => {
        if (event.target.closest('[data-dialog="shortcuts"]')) rows();
    }, true);
    dialog.querySelector("[data-shortcuts-on]").addEventListener("change", (event) => {
        choice.off = !event.target.checked;
        keep();
    });
    dialog.querySelector("[data-shortcuts-reset]").addEventListener("click", () => {
        choice = { off: false, keys: {} };
        keep();
        rows();
    });
    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-sign-out]")) sessionStorage.removeItem(STORE);
    });
    document.addEventListener("htmx:afterSettle", hints);
    hints();
    recall();
}
