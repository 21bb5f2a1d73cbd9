// Who else has this request open: the page says « still here » while it is in sight, and « gone » when it is not.
// Also: the buttons that call a colleague by name into a note.

const BEAT_MS = 10_000;
const TYPES_MS = 8_000;

const page = [...crypto.getRandomValues(new Uint8Array(16))].map((byte, index) =>
    ([4, 6, 8, 10].includes(index) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
const headers = () => ({
    ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"),
    "X-Gruppetto-By-Itself": "1",
});

let open = "";
let typed = 0;
let timer = 0;

const place = () => document.querySelector("[data-presence]");

function send(url, more, leaving = false) {
    const body = new URLSearchParams({ page, ...more });
    return fetch(url, { method: "POST", body, headers: headers(), credentials: "same-origin", keepalive: leaving });
}

function leave() {
    clearTimeout(timer);
    if (open) send(open, { gone: "1" }, true).catch(() => {});
    open = "";
}

async function beat() {
    clearTimeout(timer);
    const url = document.visibilityState === "visible" ? place()?.dataset.presence ?? "" : "";
    if (open && open !== url) leave();
    if (!url) return;
    open = url;
    timer = setTimeout(beat, BEAT_MS);
    try {
        const answer = await send(url, Date.now() - typed < TYPES_MS ? { typing: "1" } : {});
        if (answer.ok && open === url) show((await answer.json()).said);
    } catch {
        show("");
    }
}

function show(said) {
    const here = place();
    if (!here) return;
    const words = here.querySelector("[data-presence-said]");
    if (words.textContent !== said) words.textContent = said;
    here.hidden = !said;
}

document.addEventListener("input", (event) => {
    if (!event.target.closest?.("#detail")) return;
    const first = Date.now() - typed > TYPES_MS;
    typed = Date.now();
    if (first) beat();
});
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? beat() : leave()));
window.addEventListener("pagehide", leave);
document.addEventListener("htmx:afterSettle", () => { if (place()?.dataset.presence !== open) beat(); });

document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-call]");
    if (!button) return;
    const box = button.form.querySelector("textarea");
    const before = box.value.slice(0, box.selectionStart);
    const gap = before && !/\s$/.test(before) ? " " : "";
    box.setRangeText(`${gap}${button.dataset.call} `, box.selectionStart, box.selectionEnd, "end");
    // A colleague is called among us, never in what the person is told.
    const inside = button.form.querySelector("[name=text_kind][value=internal]");
    if (inside) inside.checked = true;
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
});

beat();
