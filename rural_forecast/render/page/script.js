"use strict";
// Readings under the pointer or the slider, the intervals and the axis to choose. The page says everything without it.
for (const figure of document.querySelectorAll("figure.picture")) {
  const controls = figure.querySelector(".controls");
  controls.hidden = !controls.querySelector("fieldset");
  const chosen = (name) => controls.querySelector(`input[name$="-${name}"]:checked`)?.value;
  let refresh = () => {};
  const draw = () => {
    const scale = chosen("scale"), level = chosen("level");
    for (const drawing of figure.querySelectorAll(".drawing")) {
      drawing.hidden = (scale && drawing.dataset.scale !== scale) || (level && drawing.dataset.level !== level);
    }
    refresh();
  };
  controls.addEventListener("change", draw);
  draw();
  const reading = figure.querySelector(".reading");
  if (!reading) continue;
  const said = [...figure.querySelectorAll(".readings li")];
  const slider = reading.querySelector("input");
  const output = reading.querySelector("output");
  const show = (place, pointed = true) => {
    const { dataset } = said[place];
    const level = Number(chosen("level") ?? 100);
    const parts = [...said[place].children].filter((part) => Number(part.dataset.level) <= level);
    const text = `${dataset.head}: ${parts.map((part) => part.textContent).join("; ")}`;
    slider.value = place;
    slider.setAttribute("aria-valuetext", text);
    output.textContent = text;
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
  refresh = () => show(Number(slider.value), false);
  refresh();
}
const folded = () => document.querySelectorAll("details");
addEventListener("beforeprint", () => folded().forEach((one) => { one.dataset.was = one.open; one.open = true; }));
addEventListener("afterprint", () => folded().forEach((one) => { one.open = one.dataset.was === "true"; }));
