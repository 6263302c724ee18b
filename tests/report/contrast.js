// Returns every text on the page that is harder to read than WCAG AA allows (4.5 to 1).
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

function rgb(css) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = css;
  canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data;
}

function luminance(css) {
  const [r, g, b] = [...rgb(css)].slice(0, 3)
    .map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function behind(node) {
  for (let n = node; n; n = n.parentElement) {
    const colour = getComputedStyle(n).backgroundColor;
    if (rgb(colour)[3] > 0) return colour;
  }
  return getComputedStyle(document.body).backgroundColor;
}

function colours(node) {
  const style = getComputedStyle(node);
  if (!(node instanceof SVGTextElement)) return [style.color, behind(node)];
  const name = [...node.classList].find((c) => c.startsWith('on-'));
  const bar = name && node.parentElement.querySelector(`.${name.replace('on-', 'fill-')}`);
  return [style.fill, bar ? getComputedStyle(bar).fill : behind(node)];
}

const low = new Set();
document.querySelectorAll('details').forEach((d) => { d.open = true; });
for (const node of document.querySelectorAll('body *')) {
  const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const unseen = node.closest('script, noscript, style, option, title') || !node.getClientRects().length;
  if (!own || unseen) continue;
  const [light, dark] = colours(node).map(luminance).sort((x, y) => y - x);
  const ratio = (light + 0.05) / (dark + 0.05);
  const where = `${node.tagName}.${node.getAttribute('class') || ''} ${node.textContent.slice(0, 20)}`;
  if (ratio < 4.5) low.add(`${ratio.toFixed(2)} ${where}`);
}
return [...low];
