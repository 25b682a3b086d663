"use strict";
// Readings under the pointer or the slider. The page says everything without it.
for (const figure of document.querySelectorAll("figure.picture")) {
  const reading = figure.querySelector(".reading");
  if (!reading) continue;
  const said = [...figure.querySelectorAll(".readings li")];
  const slider = reading.querySelector("input");
  const output = reading.querySelector("output");
  const show = (place, pointed = true) => {
    const { dataset } = said[place];
    const text = `${dataset.head}: ${said[place].textContent}`;
    slider.value = place;
    slider.setAttribute("aria-valuetext", text);
    output.textContent = text;
    for (const hit of figure.querySelectorAll(".hit")) hit.classList.toggle("on", pointed && hit.dataset.year === dataset.year);
  };
  reading.hidden = false;
  slider.addEventListener("input", () => show(Number(slider.value)));
  for (const hit of figure.querySelectorAll(".hit")) {
    const place = said.findIndex((item) => item.dataset.year === hit.dataset.year);
    for (const kind of ["pointerenter", "pointerdown"]) hit.addEventListener(kind, () => show(place));
  }
  show(Number(slider.value), false);
}
const folded = () => document.querySelectorAll("details");
addEventListener("beforeprint", () => folded().forEach((one) => { one.dataset.was = one.open; one.open = true; }));
addEventListener("afterprint", () => folded().forEach((one) => { one.open = one.dataset.was === "true"; }));
