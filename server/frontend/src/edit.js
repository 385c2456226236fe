// The editor: words that are marked in the text come into the form, which is looked at by the server whenever a value is there.
const PAUSE = 1500; // milliseconds after which the gate is asked
const ANSWERS = [200, 204, 409, 422, 507];

const form = document.querySelector("#entry");
const gate = document.querySelector("#gate");
const text = document.querySelector(".text [role=radiogroup]");
const kept = `entry ${form.action}`;
let touched = 0; // counts what was typed, so that no answer comes over something newer
let asked; // the question to the gate that has no answer yet
let timer;

const field = (name) => form.elements.namedItem(name);
const body = (button) => new URLSearchParams(new FormData(form, button));
const told = (words) => {
  document.querySelector("#told").textContent = words;
};
const heard = (words) => {
  document.querySelector("#heard").textContent = words; // by those who don't see what has changed
};

/** Returns the answer to what is entered; what is no page of the editor is no answer. */
async function send(address, content, signal) {
  const answer = await fetch(address, { method: "POST", body: content, headers: { "X-Part": "form" }, signal });
  if (!ANSWERS.includes(answer.status)) throw new Error(answer.statusText);
  return answer;
}

/** Keeps what is entered until it is written, even where the window is closed. */
function keep() {
  sessionStorage.setItem(kept, body().toString());
}

/** Puts a new state of the form in the place of the one that is shown, and the cursor where it was. */
function show(markup) {
  const { name, value, selectionStart, selectionEnd } = document.activeElement ?? {};
  const open = new Set([...form.querySelectorAll("details[open] > summary")].map((each) => each.textContent));
  form.innerHTML = markup;
  for (const each of form.querySelectorAll("details > summary")) each.parentElement.open ||= open.has(each.textContent);
  const again = name && [...form.elements].find((each) => each.name === name && (each.type !== "radio" || each.value === value));
  again?.focus({ preventScroll: true });
  if (again && typeof selectionStart === "number") again.setSelectionRange(selectionStart, selectionEnd);
}

/** Asks the server what the form says as it is now. */
async function look(button) {
  const now = ++touched;
  try {
    const answer = await send(form.action, body(button));
    const markup = await answer.text();
    if (now === touched) show(markup);
    told("");
    heard(form.querySelector(".question, .fault") ? form.dataset.asked : "");
  } catch {
    told(form.dataset.lost);
  }
  keep();
  ask();
}

/** Asks the gate, once nothing has been entered for a while. */
function ask() {
  clearTimeout(timer);
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  timer = setTimeout(async () => {
    gate.setAttribute("aria-busy", "true");
    gate.dataset.busy = form.dataset.checking;
    try {
      const answer = await send(`${location.pathname}/gate`, body(), signal);
      if (answer.status !== 200) return;
      gate.innerHTML = await answer.text();
      heard(gate.querySelector(".summary").textContent);
    } catch (error) {
      if (error.name !== "AbortError") told(form.dataset.lost);
    } finally {
      if (!signal.aborted) gate.removeAttribute("aria-busy");
    }
  }, PAUSE);
}

async function write(button) {
  touched++;
  try {
    const answer = await send(form.action, body(button));
    if (answer.redirected) {
      sessionStorage.removeItem(kept);
      location.assign(answer.url);
      return;
    }
    show(await answer.text());
    (form.querySelector("[role=alert], .fault, .question input") ?? form).scrollIntoView({ block: "center" });
    ask();
  } catch {
    told(form.dataset.lost);
  }
}

/** Returns the place in the text, in code points, at which a selection begins; undefined outside of it. */
function placeOf(range) {
  const node = range.startContainer;
  const sentence = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-start]");
  if (!sentence) return undefined;
  const before = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, range.startOffset) : "";
  return Number(sentence.dataset.start) + [...before].length;
}

function choose(words, place) {
  field("words").value = words;
  field("at").value = place;
  look();
}

text.addEventListener("change", ({ target }) => {
  choose(target.nextElementSibling.textContent, target.value);
});
document.addEventListener("pointerup", () => {
  const selection = getSelection();
  if (selection.isCollapsed || !text.contains(selection.anchorNode)) return;
  const place = placeOf(selection.getRangeAt(0));
  const words = selection.toString().trim();
  if (place !== undefined && words) choose(words, place);
});
text.addEventListener("click", (event) => {
  if (event.detail && !getSelection().isCollapsed) event.preventDefault(); // words were marked; the sentence isn't meant
});
form.addEventListener("input", () => {
  touched++;
  keep();
});
form.addEventListener("change", () => look());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.value === "write") write(button);
  else look(button);
});

const before = sessionStorage.getItem(kept);
if (before && !location.search.includes("written=")) {
  send(form.action, before)
    .then((answer) => answer.text())
    .then(show)
    .catch(() => told(form.dataset.lost));
} else if (before) sessionStorage.removeItem(kept);
ask();
