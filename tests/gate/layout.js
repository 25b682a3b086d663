() => {
  const boxes = [...document.querySelectorAll('figure svg text')].map((text) => [text, text.getBoundingClientRect()])
    .filter(([, box]) => box.width);
  const wrong = [];
  for (const [text, box] of boxes) {
    const frame = text.ownerSVGElement.getBoundingClientRect();
    if (box.right > frame.right + 1.5 || box.left < frame.left - 1.5
      || box.top < frame.top - 1.5 || box.bottom > frame.bottom + 1.5) wrong.push(`clipped: ${text.textContent}`);
  }
  // Lines of text as they are set, of the drawing and of the page around it.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('script, style, title, desc, option, select, .skip')) continue;
    const shown = parent.getBoundingClientRect();
    if (shown.width < 2 || shown.height < 2 || !parent.checkVisibility()) continue;  // for screen readers alone
    const owner = parent.closest('text') ?? parent;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) lines.push([owner, node.data.trim(), box]);
  }
  for (const [at, [owner, text, box]] of lines.entries()) {
    const scrolls = owner.closest('details, .table, [tabindex]');
    if (!scrolls && (box.left < -1.5 || box.right > document.documentElement.clientWidth + 1.5)) {
      wrong.push(`leaves the page: ${text}`);
    }
    for (const [other, before, place] of lines.slice(0, at)) {
      if (other === owner || other.contains(owner) || owner.contains(other)) continue;
      const across = Math.min(box.right, place.right) - Math.max(box.left, place.left);
      const down = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
      if (across > 1 && down > 0.4 * Math.min(box.height, place.height)) wrong.push(`${text} covers ${before}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('wider than the screen');
  const small = boxes.filter(([, box]) => box.height < 12).map(([text]) => text.textContent);
  if (small.length) wrong.push(`smaller than 12 px: ${small[0]}`);
  const light = (colour) => colour.match(/\d+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0.05);
  const page = light(getComputedStyle(document.body).backgroundColor);
  for (const text of document.querySelectorAll('figure svg text, h1, h2, h3, p, li, td, th, dt, dd, caption')) {
    const { fill, color } = getComputedStyle(text);
    const own = light(text.tagName === 'text' ? fill : color);
    if (Math.max(own, page) / Math.min(own, page) < 4.45) wrong.push(`unreadable: ${text.textContent}`);
  }
  const drawing = [...document.querySelectorAll('figure svg')].find((svg) => svg.getBoundingClientRect().width);
  return [wrong, drawing.getBoundingClientRect().bottom];
}
