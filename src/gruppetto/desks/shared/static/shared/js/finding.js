// Suggestions of the search box: a combobox whose list the arrows walk through while the focus stays in the box.
// Enter without a choice sends the form, Escape closes the list; without scripts the form alone works.

const PAUSE = 200;
const SHORTEST = 2;

const form = document.querySelector("[data-finding]");
if (form) listen(form);

function listen(form) {
    const box = form.querySelector("input[type=search]");
    const list = form.querySelector(".finding-list");
    const said = form.querySelector("[data-finding-said]");
    let waiting = 0;
    let asked = null;

    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", list.id);
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels[0].textContent);

    const options = () => [...list.querySelectorAll("[role=option]")];
    const chosen = () => list.querySelector("[aria-selected=true]");

    function close() {
        clearTimeout(waiting);
        asked?.abort();
        list.hidden = true;
        list.replaceChildren();
        box.setAttribute("aria-expanded", "false");
        box.removeAttribute("aria-activedescendant");
    }

    function choose(option) {
        chosen()?.setAttribute("aria-selected", "false");
        if (!option) {
            box.removeAttribute("aria-activedescendant");
            return;
        }
        option.setAttribute("aria-selected", "true");
        box.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
    }

    function show(text) {
        const found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-said]");
        if (!found) return close();
        list.replaceChildren(...found.children);
        options().forEach((option, index) => {
            option.id = `finding-${index}`;
            option.setAttribute("aria-selected", "false");
        });
        const some = options().length > 0;
        list.setAttribute("role", some ? "listbox" : "presentation");
        list.hidden = false;
        box.setAttribute("aria-expanded", String(some));
        box.removeAttribute("aria-activedescendant");
        said.textContent = found.dataset.said;
    }

    async function ask() {
        asked?.abort();
        asked = new AbortController();
        const typed = box.value;
        try {
            const answer = await fetch(form.dataset.finding, {
                method: "POST", body: new FormData(form), signal: asked.signal, headers: { "HX-Request": "true" },
            });
            if (answer.ok && box.value === typed && document.activeElement === box) show(await answer.text());
        } catch (error) {
            // Typed on, or the line is lost: the page itself says the second, and the form still works.
            if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
        }
    }

    box.addEventListener("input", () => {
        clearTimeout(waiting);
        if (box.value.trim().length < SHORTEST) return close();
        waiting = setTimeout(ask, PAUSE);
    });

    box.addEventListener("keydown", (event) => {
        if (event.isComposing) return;
        const all = options();
        const at = all.indexOf(chosen());
        if (event.key === "Escape" && !list.hidden) {
            event.preventDefault();
            close();
        } else if (event.key === "Enter" && at >= 0) {
            event.preventDefault();
            all[at].click();
        } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
            event.preventDefault();
            // One step beyond either end is the box itself.
            const places = all.length + 1;
            const next = (at + (event.key === "ArrowDown" ? 1 : -1) + 1 + places) % places;
            choose(all[next - 1]);
        }
    });

    form.addEventListener("submit", close);
    form.addEventListener("focusout", (event) => {
        if (!form.contains(event.relatedTarget)) close();
    });
    // A pointer that presses an option leaves the focus in the box: the link is followed.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
}
