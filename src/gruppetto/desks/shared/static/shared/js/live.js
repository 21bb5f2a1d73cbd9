// Live pages. The stream says only {topic, id, at}; the page asks again through its own permissions. It begins
// with what was told since the page was asked for; "reread" says that something was missed: every pane reads again.
//
// <section hx-get="…" hx-trigger="refresh" data-live="calls interventions">  is read again at the first event
//   at once, then at most every 100 ms; it waits while somebody is typing in it.
// <div class="news" data-news="interventions" hidden><button …><span data-news-count></span> …</button></div>
//   only counts; the list is changed when the button is pressed, never under the pointer.

const PAUSE_MS = 100;
const BACK_SHOWN_MS = 6000;
const TYPED = "input:not([type=hidden]), textarea, select";

const line = document.querySelector("[data-connection]");
let backTimer = 0;

function show(state) {
    if (!line || line.dataset.connection === state) return;
    const wasLost = line.dataset.connection === "lost";
    line.dataset.connection = state;
    clearTimeout(backTimer);
    for (const name of ["lost", "over"]) line.querySelector(`[data-when=${name}]`).hidden = state !== name;
    const back = line.querySelector("[data-when=back]");
    back.hidden = !(state === "live" && wasLost);
    if (!back.hidden) backTimer = setTimeout(() => { back.hidden = true; }, BACK_SHOWN_MS);
    document.dispatchEvent(new CustomEvent("gruppetto:connection", { detail: { state, wasLost } }));
}

const waiting = new WeakMap();

function ask(pane) {
    if (waiting.has(pane)) {
        waiting.get(pane).again = true;
        return;
    }
    const turn = { again: false };
    waiting.set(pane, turn);
    if (pane.contains(document.activeElement) && document.activeElement.matches(TYPED)) {
        const again = () => { waiting.delete(pane); ask(pane); };
        // After the focus has landed: the next field may be in the same pane.
        pane.addEventListener("focusout", () => setTimeout(again), { once: true });
        return;
    }
    htmx.trigger(pane, "refresh");
    setTimeout(() => {
        waiting.delete(pane);
        if (turn.again) ask(pane);
    }, PAUSE_MS);
}

const listens = (element, name, topic) => element.dataset[name].split(" ").includes(topic);

// When this page was asked for: what was written before may be told again, and is no news.
const heard = document.body.getAttribute("sse-connect")?.split("?")[1];
const askedAt = Number(new URLSearchParams(heard).get("depuis"));

const rereadAll = () => document.querySelectorAll("[data-live]").forEach(ask);

function told(topic, { id, at }) {
    for (const pane of document.querySelectorAll("[data-live]")) {
        if (listens(pane, "live", topic)) ask(pane);
    }
    for (const news of document.querySelectorAll("[data-news]")) {
        if (!listens(news, "news", topic) || at < askedAt) continue;
        const known = new Set((news.dataset.ids || "").split(" ").filter(Boolean));
        known.add(id);
        news.dataset.ids = [...known].join(" ");
        news.querySelector("[data-news-count]").textContent = known.size;
        news.querySelector("[data-news-one]").hidden = known.size !== 1;
        news.querySelector("[data-news-many]").hidden = known.size === 1;
        news.hidden = false;
    }
}

let stream = null;
let tuned = new Set();

// Panes that arrive later may speak of new topics.
function tune() {
    if (!stream) return;
    for (const element of document.querySelectorAll("[data-live], [data-news]")) {
        for (const topic of `${element.dataset.live || ""} ${element.dataset.news || ""}`.split(" ")) {
            if (!topic || tuned.has(topic)) continue;
            tuned.add(topic);
            stream.addEventListener(topic, (event) => told(topic, JSON.parse(event.data)));
        }
    }
}

document.addEventListener("htmx:sseOpen", (event) => {
    const { source } = event.detail;
    if (source !== stream) {
        stream = source;
        tuned = new Set();
        source.addEventListener("over", () => show("over"));
        source.addEventListener("reread", rereadAll);
    }
    tune();
    show("live");
});
const lost = () => line?.dataset.connection === "over" || show("lost");
document.addEventListener("htmx:sseError", lost);
document.addEventListener("htmx:sendError", lost);
window.addEventListener("offline", lost);
window.addEventListener("online", () => {
    if (!document.body.hasAttribute("sse-connect")) show("live");
});

document.addEventListener("htmx:afterSettle", tune);

document.addEventListener("htmx:afterRequest", (event) => {
    const news = event.target.closest?.("[data-news]");
    if (news && event.detail.successful) {
        news.dataset.ids = "";
        news.hidden = true;
    }
});

// The server does not take a pane that reads itself again for somebody at the keyboard.
document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.triggeringEvent?.type === "refresh") event.detail.headers["X-Gruppetto-By-Itself"] = "1";
});
