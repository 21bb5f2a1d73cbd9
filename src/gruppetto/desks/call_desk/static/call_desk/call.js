// A guide of the distress panel, opened by its key or by a link, comes into sight.

document.addEventListener("toggle", (event) => {
    if (!event.target.matches(".distress details[open]")) return;
    const summary = event.target.querySelector("summary");
    summary.scrollIntoView({ block: "start" });
    summary.focus({ preventScroll: true });
}, true);

document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#aide-"]');
    if (!link) return;
    event.preventDefault();
    document.querySelector(link.hash).closest("details").open = true;
});
