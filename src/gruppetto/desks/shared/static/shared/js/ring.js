// The optional sound of a call: off until asked for, two soft tones, repeated while [data-ringing] is on screen.

const STORE = "gruppetto:ring";
const EVERY_MS = 3000;

let sound = null;
let timer = 0;

const wanted = () => localStorage.getItem(STORE) === "on";

function tone(start, hertz) {
    const oscillator = sound.createOscillator();
    const volume = sound.createGain();
    oscillator.frequency.value = hertz;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.12, start + 0.04);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
    oscillator.connect(volume).connect(sound.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.5);
}

function play() {
    sound ??= new AudioContext();
    tone(sound.currentTime, 523);
    tone(sound.currentTime + 0.3, 659);
}

function look() {
    const rings = wanted() && document.querySelector("[data-ringing]");
    if (rings && !timer) {
        play();
        timer = setInterval(play, EVERY_MS);
    } else if (!rings && timer) {
        clearInterval(timer);
        timer = 0;
    }
}

function showChoice() {
    for (const button of document.querySelectorAll("[data-ring-toggle]")) {
        button.setAttribute("aria-pressed", String(wanted()));
    }
}

document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-ring-toggle]")) return;
    localStorage.setItem(STORE, wanted() ? "off" : "on");
    showChoice();
    if (wanted()) play();
    look();
});
document.addEventListener("htmx:afterSettle", look);

showChoice();
look();
