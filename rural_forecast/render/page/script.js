"use strict";
// What is folded on a screen is open in print.
const folded = () => document.querySelectorAll("details");
addEventListener("beforeprint", () => folded().forEach((one) => { one.dataset.was = one.open; one.open = true; }));
addEventListener("afterprint", () => folded().forEach((one) => { one.open = one.dataset.was === "true"; }));
