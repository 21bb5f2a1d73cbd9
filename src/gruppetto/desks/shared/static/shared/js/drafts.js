// Drafts: <form data-draft-url="…"> sends the fields that changed, 800 ms after the last key. Without a
// connection they stay in this tab (sessionStorage) and leave by themselves; sign-out forgets them. What a form was
// submitted with is forgotten once a page answers that it was taken; an error page gives it back to its form.

const PAUSE_MS = 800;
const RETRY_MS = 5000;
const PREFIX = "gruppetto:draft:";
const SUBMITTED = "gruppetto:submitted:";
const NEVER = "[type=password], [type=file], [type=hidden], [data-draft-never]";

const drafts = new Map();

class Draft {
    constructor(form) {
        this.form = form;
        this.url = form.dataset.draftUrl;
        this.key = PREFIX + this.url;
        this.timer = 0;
        this.sending = false;
        this.resume();
    }

    resume() {
        this.pending = JSON.parse(sessionStorage.getItem(this.key) || "{}");
        if (Object.keys(this.pending).length) {
            this.restore();
            this.send();
        }
    }

    restore() {
        for (const [name, values] of Object.entries(this.pending)) {
            for (const control of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
                if (control.matches(NEVER)) continue;
                if (control.matches("[type=checkbox], [type=radio]")) control.checked = values.includes(control.value);
                else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
                else control.value = values[0];
            }
        }
    }

    changed(control) {
        if (!control.name || control.matches(NEVER)) return;
        const values = new FormData(this.form).getAll(control.name);
        this.pending[control.name] = values.length ? values : [""];
        sessionStorage.setItem(this.key, JSON.stringify(this.pending));
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.send(), PAUSE_MS);
    }

    show(state) {
        const place = this.form.querySelector("[data-draft-state]");
        if (!place) return;
        place.dataset.draftState = state;
        for (const words of place.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== state;
        if (state === "saved") {
            place.querySelector("[data-draft-time]").textContent =
                new Date().toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Paris" })
                    .replace(/^0?(\d+):/, "$1\u00a0h\u00a0");
        }
    }

    async send({ leaving = false } = {}) {
        const names = Object.keys(this.pending);
        if (this.sending || !names.length) return;
        clearTimeout(this.timer);
        this.sending = true;
        this.show("saving");
        const sent = JSON.stringify(this.pending);
        const body = new URLSearchParams();
        for (const name of names) for (const value of this.pending[name]) body.append(name, value);
        let status = 0;
        try {
            const answer = await fetch(this.url, {
                method: "POST",
                body,
                headers: JSON.parse(document.body.getAttribute("hx-headers") || "{}"),
                credentials: "same-origin",
                redirect: "error",
                keepalive: leaving,
            });
            status = answer.status;
        } catch {
            status = 0;
        }
        this.sending = false;
        if (status >= 200 && status < 300) this.accepted(JSON.parse(sent));
        else if (status >= 400 && status < 500 && status !== 429) this.show("refused");
        else {
            this.show("kept");
            this.timer = setTimeout(() => this.send(), RETRY_MS);
        }
    }

    accepted(sent) {
        for (const [name, values] of Object.entries(sent)) {
            if (JSON.stringify(this.pending[name]) === JSON.stringify(values)) delete this.pending[name];
        }
        if (Object.keys(this.pending).length) {
            sessionStorage.setItem(this.key, JSON.stringify(this.pending));
            this.send();
        } else {
            sessionStorage.removeItem(this.key);
            this.show("saved");
        }
    }

    submit() {
        const kept = sessionStorage.getItem(this.key);
        if (kept) sessionStorage.setItem(SUBMITTED + this.url, kept);
        this.forget();
    }

    forget() {
        clearTimeout(this.timer);
        this.pending = {};
        sessionStorage.removeItem(this.key);
    }
}

function find() {
    for (const [form] of drafts) if (!form.isConnected) drafts.delete(form);
    for (const form of document.querySelectorAll("form[data-draft-url]")) {
        if (!drafts.has(form)) drafts.set(form, new Draft(form));
    }
}

function keys(prefix) {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
}

function settle() {
    const refused = document.querySelector("dl.trouble");
    for (const key of keys(SUBMITTED)) {
        const draft = PREFIX + key.slice(SUBMITTED.length);
        if (refused && !sessionStorage.getItem(draft)) sessionStorage.setItem(draft, sessionStorage.getItem(key));
        sessionStorage.removeItem(key);
    }
}

function everyDraft(act) {
    for (const draft of drafts.values()) act(draft);
}

document.addEventListener("input", (event) => drafts.get(event.target.form)?.changed(event.target));
document.addEventListener("change", (event) => drafts.get(event.target.form)?.changed(event.target));
document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) {
        for (const key of [...keys(PREFIX), ...keys(SUBMITTED)]) sessionStorage.removeItem(key);
    } else if (!event.target.hasAttribute("hx-post")) {
        drafts.get(event.target)?.submit();
    }
});
document.addEventListener("htmx:afterRequest", (event) => {
    // The form itself: its answer may have replaced it, and the event then comes from what is around.
    if (event.detail.successful) drafts.get(event.detail.requestConfig?.elt)?.forget();
});
document.addEventListener("htmx:afterSettle", find);
document.addEventListener("gruppetto:connection", (event) => {
    if (event.detail.state === "live") everyDraft((draft) => draft.send());
});
window.addEventListener("online", () => everyDraft((draft) => draft.send()));
window.addEventListener("pagehide", () => everyDraft((draft) => draft.send({ leaving: true })));
window.addEventListener("pageshow", (event) => {
    if (event.persisted) everyDraft((draft) => draft.resume());
});

settle();
find();
