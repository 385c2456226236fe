// What axe complains of, a line each. Most of its time it works out contrasts: of elements that look the same a few are enough.
async ({ tags, coloursOnly, sampled }) => {
  const EACH = 4;
  const SAMPLE = "data-sample";
  const looks = new Map();

  // All that the contrast of a text hangs on: its own colours and letters, and what is behind it.
  const behind = (element) => {
    if (!element) return "";
    if (!looks.has(element)) {
      const { backgroundColor, backgroundImage, clipPath, filter, mixBlendMode, opacity, position } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, clipPath, filter, mixBlendMode, opacity, position];
      looks.set(element, `${behind(element.parentElement)}/${own}`);
    }
    return looks.get(element);
  };
  const look = (element) => {
    const { color, fill, fontSize, fontWeight, textDecorationLine, textShadow } = getComputedStyle(element);
    return `${[element.localName, color, fill, fontSize, fontWeight, textDecorationLine, textShadow]}${behind(element)}`;
  };
  const hasText = (element) =>
    element.matches("input, select, textarea")
    || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const known = (window.looksExamined ??= new Set());
  const found = new Set();
  const mark = () => {
    const alike = new Map();
    for (const element of document.querySelectorAll("body, body *")) {
      element.removeAttribute(SAMPLE);
      if (!hasText(element) || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const key = look(element);
      if (coloursOnly && known.has(key)) continue;
      if (!alike.has(key)) alike.set(key, []);
      alike.get(key).push(element);
    }
    for (const [key, all] of alike) {
      found.add(key);
      const few = Math.min(EACH, all.length);  // the first, the last, and some in between
      for (let n = 0; n < few; n++) all[Math.round((n * (all.length - 1)) / Math.max(1, few - 1))].setAttribute(SAMPLE, "");
    }
  };

  if (sampled) mark();
  if (sampled && coloursOnly && !found.size) return [];
  axe.configure({ rules: [{ id: "color-contrast", selector: sampled ? `[${SAMPLE}]` : "*" }] });
  const colours = axe.getRules(tags).filter((rule) => rule.tags.includes("cat.color")).map((rule) => rule.ruleId);
  const runOnly = coloursOnly ? { type: "rule", values: colours } : { type: "tag", values: tags };
  // What passes would be told at length: working it out and handing it over takes three times as long as the examination.
  const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], selectors: false });
  if (!violations.length) for (const key of found) known.add(key);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`));
}
