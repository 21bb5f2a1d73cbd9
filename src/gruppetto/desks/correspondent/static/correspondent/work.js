// The correspondent's desk: the time spent, shown to who spends it; one's own acts are no news; an answer proposed.

// --- time ---------------------------------------------------------------------------------------------
// Counted while the page is in sight and somebody is at it; sent with each act, and when one leaves.

const STILL_MS = 5 * 60 * 1000;
const TICK_MS = 1000;

let timer = null;
let lastSign = Date.now();
let paused = false;

const written = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes}\u00a0min\u00a0${String(seconds % 60).padStart(2, "0")}\u00a0s`
        : `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}\u00a0min`;
};

function adopt() {
    const place = document.querySelector("[data-timer]");
    if (timer && timer.url !== place?.dataset.timer) leave();
    if (!place) {
        timer = null;
        return;
    }
    const before = Number(place.dataset.spent);
    if (timer?.url === place.dataset.timer) timer = { ...timer, place, before };
    else timer = { place, before, url: place.dataset.timer, token: place.dataset.token, seconds: 0 };
    show();
}

function show() {
    timer.place.querySelector("[data-timer-shown]").textContent = written(timer.before + timer.seconds);
    const button = timer.place.querySelector("[data-timer-pause]");
    button.setAttribute("aria-pressed", String(paused));
}

function leave() {
    if (!timer?.seconds) return;
    const sent = new FormData();
    sent.append("csrfmiddlewaretoken", timer.token);
    sent.append("seconds", timer.seconds);
    navigator.sendBeacon(timer.url, sent);
    timer.before += timer.seconds;
    timer.seconds = 0;
}

setInterval(() => {
    const here = document.visibilityState === "visible" && Date.now() - lastSign < STILL_MS;
    if (!timer || paused || !here) return;
    timer.seconds += 1;
    show();
}, TICK_MS);

for (const sign of ["keydown", "pointermove", "pointerdown", "scroll", "touchstart"]) {
    document.addEventListener(sign, () => { lastSign = Date.now(); }, { capture: true, passive: true });
}
document.addEventListener("click", (event) => {
    if (!timer || !event.target.closest("[data-timer-pause]")) return;
    paused = !paused;
    show();
});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
window.addEventListener("pagehide", leave);
document.addEventListener("htmx:afterSettle", adopt);

// --- one's own acts -----------------------------------------------------------------------------------

const MINE = "gruppetto:acted:";
const RECENT_MS = 5000;
const TOPICS = ["intervention.opened", "intervention.moved", "intervention.noted", "intervention.told"];

document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.act) return;
    sessionStorage.setItem(MINE + form.dataset.act, String(Date.now()));
    const field = form.querySelector("[data-seconds]");
    if (field && timer) {
        field.value = timer.seconds;
        timer.before += timer.seconds;
        timer.seconds = 0;
    }
}, true);

// The answer brings the line of the list when that line is on this page: one opens a request from elsewhere too.
document.addEventListener("htmx:configRequest", (event) => {
    const id = event.target.dataset?.act;
    if (id && document.getElementById(`item-${id}`)) event.detail.headers["X-Gruppetto-Listed"] = "1";
});

function heard(event) {
    const { id } = JSON.parse(event.data);
    // A colleague may act just after us: what happened is always read again, only the count leaves our act out.
    const story = document.querySelector(`[data-story="${CSS.escape(id)}"]`);
    if (story) htmx.trigger(story, "refresh");
    if (Date.now() - Number(sessionStorage.getItem(MINE + id) || 0) < RECENT_MS) event.stopImmediatePropagation();
}

// Before the shared listener, which counts the news.
document.addEventListener("htmx:sseOpen", (event) => {
    for (const topic of TOPICS) event.detail.source.addEventListener(topic, heard);
}, true);

// --- an answer proposed -------------------------------------------------------------------------------
// The catalogue has words for each outcome: they are put in the box as long as nobody wrote others there.

document.addEventListener("change", (event) => {
    if (!event.target.matches("[name=outcome]")) return;
    const says = JSON.parse(event.target.form.dataset.says || "{}");
    const box = event.target.form.querySelector("[name=text]");
    const proposed = Object.values(says);
    if (box && (!box.value.trim() || proposed.includes(box.value))) box.value = says[event.target.value] ?? "";
});

adopt();
