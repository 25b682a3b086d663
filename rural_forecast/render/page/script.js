"use strict";
// Readings under the pointer or the slider, levels to hide, the axis to choose. The page says everything without it.
for (const figure of document.querySelectorAll("figure.picture")) {
  const controls = figure.querySelector(".controls");
  controls.hidden = !controls.querySelector("fieldset");
  controls.addEventListener("change", (event) => {
    const { type, value, checked } = event.target;
    if (type === "radio") {
      for (const drawing of figure.querySelectorAll(".drawing")) drawing.hidden = drawing.dataset.scale !== value;
    } else {
      for (const band of figure.querySelectorAll(`[data-level="${value}"]`)) band.classList.toggle("off", !checked);
    }
  });
  const reading = figure.querySelector(".reading");
  if (!reading) continue;
  const said = [...figure.querySelectorAll(".readings li")];
  const slider = reading.querySelector("input");
  const output = reading.querySelector("output");
  const show = (place, pointed = true) => {
    const { textContent, dataset } = said[place];
    slider.value = place;
    slider.setAttribute("aria-valuetext", textContent);
    output.textContent = textContent;
    for (const hit of figure.querySelectorAll(".hit")) {
      if (hit.dataset.year !== dataset.year) continue;
      const guide = hit.parentNode.querySelector(".guide");
      guide.setAttribute("x1", hit.dataset.x);
      guide.setAttribute("x2", hit.dataset.x);
      guide.classList.toggle("on", pointed);
    }
  };
  reading.hidden = false;
  slider.addEventListener("input", () => show(Number(slider.value)));
  for (const hit of figure.querySelectorAll(".hit")) {
    const place = said.findIndex((item) => item.dataset.year === hit.dataset.year);
    for (const kind of ["pointerenter", "pointerdown"]) hit.addEventListener(kind, () => show(place));
  }
  show(said.length - 1, false);
}
const folded = () => document.querySelectorAll("details");
addEventListener("beforeprint", () => folded().forEach((one) => { one.dataset.was = one.open; one.open = true; }));
addEventListener("afterprint", () => folded().forEach((one) => { one.open = one.dataset.was === "true"; }));
