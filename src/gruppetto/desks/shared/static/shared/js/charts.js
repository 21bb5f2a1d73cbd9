// Charts: the picture of the table that stands beside it. Each point leads to its rows. Loaded by pages that have one.

const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(name).trim();
const colours = [1, 2, 3, 4].map((n) => token(`--g-chart-${n}`));
// Lines differ by dash and mark as well as by colour.
const dashes = [[], [6, 4], [2, 3], [10, 4, 2, 4]];
const marks = ["circle", "rect", "triangle", "rectRot"];

function draw(figure) {
    const place = figure.querySelector(".chart-canvas");
    if (place.classList.contains("drawn")) return;
    place.classList.add("drawn");
    const data = JSON.parse(figure.dataset.chart);
    const number = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: data.decimals });
    const write = (value) => (data.unit ? `${number.format(value)} ${data.unit}` : number.format(value));
    const canvas = place.querySelector("canvas");
    new Chart(canvas, {
        type: data.kind,
        data: {
            labels: data.labels,
            datasets: data.series.map(({ name, values }, index) => ({
                label: name,
                data: values,
                borderColor: colours[index],
                backgroundColor: colours[index],
                borderWidth: data.kind === "line" ? 2 : 0,
                borderDash: dashes[index],
                pointStyle: marks[index],
                pointRadius: 3,
                pointHoverRadius: 6,
                maxBarThickness: 40,
                spanGaps: false,
            })),
        },
        options: {
            animation: false,
            responsive: true,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false },
            scales: {
                x: { grid: { display: false }, border: { color: token("--g-edge") } },
                y: {
                    beginAtZero: true,
                    border: { display: false },
                    grid: { color: token("--g-line") },
                    ticks: { maxTicksLimit: 6, callback: (value) => number.format(value) },
                },
            },
            plugins: {
                legend: {
                    display: data.series.length > 1,
                    position: "bottom",
                    labels: { usePointStyle: true, boxWidth: 8, boxHeight: 8, padding: 16 },
                },
                tooltip: { callbacks: { label: (item) => `${item.dataset.label}\u00a0: ${write(item.parsed.y)}` } },
            },
            onHover: (event, points) => canvas.classList.toggle("clickable", data.links.length > 0 && points.length > 0),
            onClick: (event, points) => {
                const link = points.length && data.links[points[0].index];
                if (link) location.assign(link);
            },
        },
    });
}

function drawAll() {
    if (!document.querySelector("[data-chart]")) return;
    Chart.defaults.font.family = token("--g-font");
    Chart.defaults.font.size = 14;
    Chart.defaults.color = token("--g-ink");
    document.querySelectorAll("[data-chart]").forEach(draw);
}

// Canvas text is measured once: wait for the letters.
document.fonts.ready.then(drawAll);
document.addEventListener("htmx:afterSettle", drawAll);
