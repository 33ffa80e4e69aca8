"use strict";
const view = document.getElementById("view");
const picture = view.querySelector("svg");
const facts = document.getElementById("facts");
const whole = picture.viewBox.baseVal;
const all = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
let box = { ...all };

// The part of the picture that fills the window, whatever the window's form.
function show() {
  picture.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
}

function unitsPerPixel() {
  return Math.max(box.width / view.clientWidth, box.height / view.clientHeight);
}

function move(x, y) {
  const scale = unitsPerPixel();
  box.x -= x * scale;
  box.y -= y * scale;
  show();
}

// Zooms so that what is under the point (in pixels of the window) stays there.
function zoom(factor, x = view.clientWidth / 2, y = view.clientHeight / 2) {
  const width = Math.min(Math.max(box.width * factor, 60), all.width * 8);
  const by = width / box.width;
  const scale = unitsPerPixel();
  const left = (view.clientWidth - box.width / scale) / 2;
  const top = (view.clientHeight - box.height / scale) / 2;
  box.x += (x - left) * scale * (1 - by);
  box.y += (y - top) * scale * (1 - by);
  box.width *= by;
  box.height *= by;
  show();
}

function showAll() {
  box = { ...all };
  show();
}

function switchShade() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}

view.addEventListener("wheel", event => {
  event.preventDefault();
  zoom(Math.exp(Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 60) / 300), event.clientX, event.clientY);
}, { passive: false });

// One finger or the mouse moves, two fingers also zoom.
const held = new Map();
view.addEventListener("pointerdown", event => {
  held.set(event.pointerId, event);
  view.classList.add("held");
});
view.addEventListener("pointermove", event => {
  const before = held.get(event.pointerId);
  if (!before) return;
  // Not before it moves, so that a click can reach a node.
  view.setPointerCapture(event.pointerId);
  const other = [...held.values()].find(one => one.pointerId !== event.pointerId);
  if (other) {
    const apart = one => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    zoom(Math.max(apart(before), 1) / Math.max(apart(event), 1), other.clientX, other.clientY);
  } else {
    move(event.clientX - before.clientX, event.clientY - before.clientY);
  }
  held.set(event.pointerId, event);
});
for (const end of ["pointerup", "pointercancel"]) {
  view.addEventListener(end, event => {
    held.delete(event.pointerId);
    view.classList.toggle("held", held.size > 0);
  });
}

const keys = {
  ArrowLeft: () => move(60, 0),
  ArrowRight: () => move(-60, 0),
  ArrowUp: () => move(0, 60),
  ArrowDown: () => move(0, -60),
  "+": () => zoom(1 / 1.25),
  "=": () => zoom(1 / 1.25),
  "-": () => zoom(1.25),
  0: showAll,
  t: switchShade,
  Escape: () => { facts.textContent = ""; },
};
document.addEventListener("keydown", event => {
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    act();
  }
});

for (const [id, act] of [["closer", keys["+"]], ["further", keys["-"]], ["all", showAll], ["shade", switchShade]]) {
  document.getElementById(id).addEventListener("click", act);
}

// What is known of a node stands in its title; with the focus on it, or a click, it is shown.
for (const body of picture.querySelectorAll(".body")) {
  body.setAttribute("tabindex", "0");
  const tell = () => { facts.textContent = body.querySelector("title").textContent; };
  body.addEventListener("focus", tell);
}
