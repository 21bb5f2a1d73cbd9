// Choosing rows of the list: one, a range (Shift), the page; "x" for the row under the keyboard. The rows stay chosen
// when the list is read again.

let last = null;
let kept = new Set();

const form = () => document.querySelector("[data-worklist]");
const picks = () => [...(form()?.querySelectorAll("[data-pick]") ?? [])];

function told(aloud) {
    const chosen = picks().filter((one) => one.checked).length;
    const all = form()?.querySelector("[data-pick-all]");
    if (!all) return;
    all.checked = chosen > 0 && chosen === picks().length;
    all.indeterminate = chosen > 0 && !all.checked;
    form().querySelector("[data-picked]").textContent = chosen ? `(${chosen})` : "";
    const said = form().querySelector("[data-picked-said]");
    if (aloud) said.textContent = chosen ? `${said.dataset.some} ${chosen}` : said.dataset.none;
}

function adopt() {
    for (const element of form()?.querySelectorAll("[data-pick-all], [data-pick-here]") ?? []) element.hidden = false;
    for (const one of picks()) one.checked ||= kept.has(one.value);
    kept = new Set();
    last = null;
    told(false);
}

function range(from, to, checked) {
    const all = picks();
    const [first, end] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
    if (first >= 0) for (const one of all.slice(first, end + 1)) one.checked = checked;
}

document.addEventListener("click", (event) => {
    const pick = event.target.closest?.("[data-pick]");
    if (pick) {
        if (event.shiftKey && last) range(last, pick, pick.checked);
        last = pick;
        told(true);
    } else if (event.target.closest?.("[data-pick-all]")) {
        for (const one of picks()) one.checked = event.target.checked;
        told(true);
    } else if (event.target.closest?.("[data-pick-here]")) {
        const row = document.activeElement.closest("[data-row]") ?? document.querySelector("[data-worklist] [data-row]");
        row?.querySelector("[data-pick]").click();
    }
});

document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "list") kept = new Set(picks().filter((one) => one.checked).map((one) => one.value));
});
document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "list") adopt();
});

adopt();
