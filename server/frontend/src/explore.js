// The graph: a drawing in SVG that can be filtered, expanded and saved, by mouse, touch and keyboard.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

import { SVG, put, putCounted, svg as element } from "./dom.js";

const WIDTH = 1120;
const MARGIN = 40;
const LONGEST = 24;
const ROUNDS = 300;

// With more nodes a drawing can't be read any more: those with the most lines are drawn.
const MOST = 60;

const nodes = new Map();
const lines = new Map();
let height = 0;
let place, canvas, around, texts, kinds, kindNames, chosen;

/** Takes nodes and lines in, as many as can be read; returns how many nodes are new, and how many are left out. */
function add(data, near) {
  const before = nodes.size;
  const weight = new Map(data.nodes.map((node) => [node.iri, node.iri === data.centre ? Infinity : 0]));
  for (const end of data.lines.flatMap((line) => [line.source, line.target])) weight.set(end, weight.get(end) + 1);
  const others = data.nodes.filter((node) => !nodes.has(node.iri));
  others.sort((one, two) => weight.get(two.iri) - weight.get(one.iri));
  for (const node of others.slice(0, MOST)) nodes.set(node.iri, { ...node, x: near?.x, y: near?.y });
  for (const { source, target, label } of data.lines) {
    if (!nodes.has(source) || !nodes.has(target)) continue;
    lines.set(`${source} ${label} ${target}`, { source: nodes.get(source), target: nodes.get(target), label });
  }
  return { count: nodes.size - before, left: Math.max(others.length - MOST, 0) };
}

function visible() {
  const wanted = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
  const shown = [...nodes.values()].filter((node) => wanted.has(node.kind));
  const there = new Set(shown);
  return { shown, between: [...lines.values()].filter((line) => there.has(line.source) && there.has(line.target)) };
}

/** Computes the places of all nodes at once: the drawing stands still, so that it can be read and pointed at. */
function arrange(shown, between) {
  height = Math.min(Math.max(22 * shown.length, 460), 1100);
  const simulation = forceSimulation(shown)
    .force("line", forceLink(between.map((line) => ({ ...line }))).distance(90).strength(0.25))
    .force("apart", forceManyBody().strength(-900))
    .force("room", forceCollide(58))
    .force("x", forceX(WIDTH / 2).strength(0.05))
    .force("y", forceY(height / 2).strength(0.09))
    .stop();
  simulation.tick(ROUNDS);
  const span = (axis) => {
    const places = shown.map((node) => node[axis]);
    return [Math.min(...places), Math.max(...places)];
  };
  for (const [axis, size, margin] of [["x", WIDTH, 3 * MARGIN], ["y", height, 1.75 * MARGIN]]) {
    const [low, high] = span(axis);
    const scale = (size - 2 * margin) / Math.max(high - low, 1);
    for (const node of shown) node[axis] = shown.length > 1 ? margin + (node[axis] - low) * scale : size / 2;
  }
  separate(shown);
}

/** Returns about how much room a node takes with its label, to both sides, above and below. */
function room(node) {
  const rows = wrapped(node.label);
  return { side: Math.max(14, 3.3 * Math.max(...rows.map((row) => row.length))), above: 14, below: 18 + 14 * rows.length };
}

/** Moves nodes whose labels would cover each other apart, the shorter way, within the drawing. */
function separate(shown) {
  const rooms = shown.map(room);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    shown.forEach((one, index) => {
      for (let other = 0; other < index; other++) {
        const [two, mine, theirs] = [shown[other], rooms[index], rooms[other]];
        const beside = mine.side + theirs.side - Math.abs(one.x - two.x);
        const along = one.y < two.y ? mine.below + theirs.above - (two.y - one.y) : theirs.below + mine.above - (one.y - two.y);
        if (beside <= 0 || along <= 0) continue;
        moved = true;
        if (beside < along) {
          const step = ((one.x < two.x ? -1 : 1) * beside) / 2;
          one.x += step;
          two.x -= step;
        } else {
          const step = ((one.y < two.y ? -1 : 1) * along) / 2;
          one.y += step;
          two.y -= step;
        }
      }
    });
    shown.forEach((node, index) => {
      const { side, above, below } = rooms[index];
      node.x = Math.min(Math.max(node.x, side), WIDTH - side);
      node.y = Math.min(Math.max(node.y, above), height - below);
    });
    if (!moved) return;
  }
}

function shape(node) {
  return document.querySelector(`#shape-${node.kind}`).cloneNode();
}

/** Returns a label as at most three lines. */
function wrapped(label) {
  const rows = [""];
  for (const word of label.split(" ")) {
    const longer = `${rows.at(-1)} ${word}`.trim();
    if (longer.length <= LONGEST || !rows.at(-1)) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows.length > 3 ? [rows[0], rows[1], `${rows[2]} …`] : rows;
}

/** Returns the attribute that says in which language a label is, where that isn't the page's. */
function spoken(node) {
  return node.lang && node.lang !== document.documentElement.lang ? { lang: node.lang } : {};
}

function caption(node) {
  const text = element("text", { "text-anchor": "middle", ...spoken(node) });
  text.append(...wrapped(node.label).map((row, index) => element("tspan", { x: 0, y: 26 + 14 * index }, row)));
  return text;
}

function drawNode(node, count) {
  const name = putCounted(texts.node, { label: node.label, kind: kindNames[node.kind], count });
  const form = shape(node);
  form.removeAttribute("id");
  const group = element(
    "g",
    { class: `node ${node.kind}`, transform: `translate(${node.x} ${node.y})`, role: "button", tabindex: -1, "aria-label": name },
    element("title", spoken(node), node.label),
    form,
    caption(node),
  );
  group.addEventListener("focus", () => choose(node));
  group.addEventListener("click", () => {
    group.focus();
    expand(node);
  });
  group.addEventListener("keydown", (event) => keyboard(event, node));
  node.group = group;
  return group;
}

function draw() {
  const { shown, between } = visible();
  arrange(shown, between);
  const counts = new Map(shown.map((node) => [node, between.filter((line) => line.source === node || line.target === node).length]));
  const drawing = element("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "group", "aria-label": texts.drawing });
  for (const line of between) {
    const { source, target, label } = line;
    line.drawn = element(
      "line",
      { class: "line", x1: source.x, y1: source.y, x2: target.x, y2: target.y },
      element("title", {}, put(texts.line, { source: source.label, name: label, target: target.label })),
    );
    drawing.append(line.drawn);
  }
  drawing.append(...shown.map((node) => drawNode(node, counts.get(node))));
  canvas.replaceChildren(drawing);
  const first = shown.includes(chosen) ? chosen : shown[0];
  first?.group.setAttribute("tabindex", 0);
  return { shown, between };
}

function choose(node) {
  const { shown, between } = visible();
  for (const other of shown) other.group?.setAttribute("tabindex", other === node ? 0 : -1);
  chosen = node;
  const near = new Set([node]);
  for (const line of between) {
    const touches = line.source === node || line.target === node;
    line.drawn?.classList.toggle("near", touches);
    if (touches) near.add(line.source).add(line.target);
  }
  for (const other of shown) other.group?.classList.toggle("far", !near.has(other));
  const link = document.createElement("a");
  link.href = node.href;
  link.textContent = texts.open;
  const more = document.createElement("button");
  more.type = "button";
  more.textContent = texts.expand;
  more.addEventListener("click", () => expand(node));
  const label = Object.assign(document.createElement("span"), { textContent: node.label, ...spoken(node) });
  around.replaceChildren(label, ` (${kindNames[node.kind]}) `, link, " ", more);
}

async function expand(node) {
  const response = await fetch(`${place.dataset.more}&iri=${encodeURIComponent(node.iri)}`);
  if (!response.ok) return;
  const { count, left } = add(await response.json(), node);
  if (count) draw();
  node.group.focus();
  choose(node);
  around.append(` ${putCounted(texts.added, { count })}`);
  tell(left);
}

function tell(left) {
  if (left) around.append(` ${putCounted(texts.left, { count: left })}`);
}

/** Goes to the nearest node in the direction of an arrow key; Enter and Space expand. */
function keyboard(event, node) {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    expand(node);
    return;
  }
  const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const direction = directions[event.key];
  if (!direction) return;
  event.preventDefault();
  const [dx, dy] = direction;
  const distance = (other) => {
    const along = (other.x - node.x) * dx + (other.y - node.y) * dy;
    const aside = Math.abs((other.x - node.x) * dy) + Math.abs((other.y - node.y) * dx);
    return along > 1 ? along + 2 * aside : Infinity;
  };
  const others = visible().shown.filter((other) => other !== node && distance(other) < Infinity);
  others.sort((one, two) => distance(one) - distance(two));
  others[0]?.group.focus();
}

/** Returns the drawing as a document of its own: what the style sheet says is written into its elements. */
function standalone() {
  const drawing = canvas.querySelector("svg");
  const copy = drawing.cloneNode(true);
  const originals = [...drawing.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((part, index) => {
    const style = getComputedStyle(originals[index]);
    for (const name of ["fill", "stroke", "stroke-width", "paint-order", "font-family", "font-size", "font-weight"]) {
      part.setAttribute(name, style.getPropertyValue(name));
    }
    for (const name of ["tabindex", "role"]) part.removeAttribute(name);
  });
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("width", WIDTH);
  copy.setAttribute("height", height);
  const paper = getComputedStyle(document.body).backgroundColor;
  copy.prepend(element("rect", { width: WIDTH, height: height, fill: paper }));
  return new XMLSerializer().serializeToString(copy);
}

function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

function asAddress(text) {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

async function savePng() {
  const image = new Image();
  image.src = asAddress(standalone());
  await image.decode();
  const sheet = document.createElement("canvas");
  sheet.width = 2 * WIDTH;
  sheet.height = 2 * height;
  sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
  save(sheet.toDataURL("image/png"), "graph.png");
}

function buttons() {
  const bar = document.createElement("p");
  for (const [text, action] of [[texts.svg, () => save(asAddress(standalone()), "graph.svg")], [texts.png, savePng]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", action);
    bar.append(button, " ");
  }
  return bar;
}

/** Draws nodes and lines in a place made for it; to be called once on a page. */
export function start(where, data) {
  place = where;
  canvas = place.querySelector(".canvas");
  around = place.querySelector(".around");
  texts = JSON.parse(place.dataset.texts);
  kinds = [...place.querySelectorAll("input[name=kind]")];
  kindNames = Object.fromEntries(kinds.map((box) => [box.value, box.dataset.name]));
  const { left } = add(data);
  chosen = nodes.get(data.centre);
  place.hidden = false;
  for (const box of kinds) box.addEventListener("change", draw);
  place.append(buttons());
  draw();
  tell(left);
}

const given = document.querySelector("#graph-data");
if (given) start(document.querySelector("#graph"), JSON.parse(given.textContent));
