// Small helps of forms: the error summary is read first, « Afficher » for passwords, communes from a postcode.

const summary = document.querySelector("[data-error-summary]");
summary?.focus();

document.addEventListener("htmx:afterSettle", (event) => {
    event.target.querySelector?.("[data-error-summary]")?.focus();
});

document.addEventListener("click", (event) => {
    const reveal = event.target.closest("[data-reveal]");
    if (!reveal) return;
    const field = document.getElementById(reveal.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    reveal.setAttribute("aria-pressed", String(shown));
});

// <input data-communes-url="…" data-communes-for="id_commune" [data-communes-code="id_code"]>: the address
// answers [{"code": "31555", "name": "Toulouse"}]. One answer fills the field, several are proposed.
const asked = new WeakMap();

async function propose(postcode) {
    const digits = postcode.value.replace(/\s/g, "");
    if (!/^\d{5}$/.test(digits) || asked.get(postcode) === digits) return;
    asked.set(postcode, digits);
    const url = new URL(postcode.dataset.communesUrl, location.href);
    url.searchParams.set("code_postal", digits);
    let answer;
    try {
        answer = await fetch(url, { credentials: "same-origin" });
    } catch {
        asked.delete(postcode);
        return;
    }
    if (!answer.ok || asked.get(postcode) !== digits) return;
    offer(postcode, await answer.json());
}

function offer(postcode, communes) {
    const field = document.getElementById(postcode.dataset.communesFor);
    let list = document.getElementById(`${field.id}-communes`);
    if (!list) {
        list = document.createElement("datalist");
        list.id = `${field.id}-communes`;
        field.after(list);
        field.setAttribute("list", list.id);
    }
    list.replaceChildren(...communes.map(({ code, name }) => {
        const option = document.createElement("option");
        option.value = name;
        option.dataset.code = code;
        return option;
    }));
    const known = communes.some(({ name }) => name === field.value);
    if (!known) field.value = communes.length === 1 ? communes[0].name : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const said = document.querySelector(`[data-communes-said="${field.id}"]`);
    if (said) {
        const words = said.dataset;
        said.textContent = communes.length === 0 ? words.none
            : communes.length === 1 ? words.one : words.many.replace("%s", communes.length);
    }
}

document.addEventListener("input", (event) => {
    const control = event.target;
    if (control.matches("[data-communes-url]")) propose(control);
    const source = control.id && document.querySelector(`[data-communes-for="${CSS.escape(control.id)}"]`);
    const code = source && document.getElementById(source.dataset.communesCode || "");
    if (code) {
        const option = [...(control.list?.options ?? [])].find((one) => one.value === control.value);
        code.value = option?.dataset.code ?? "";
    }
});
