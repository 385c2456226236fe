// Keeps a page of a preview at the state of the sources: asks again and again what is to be said of them, and loads the page
// anew where there is another state. Who reads goes on at the same place; who has begun to fill in a form is asked first.
// Asking, not an open stream: browsers keep six connections to a server, and a reader may have more pages open than that.
const notice = document.querySelector("#preview");
const findings = notice.querySelector(".findings");
const told = notice.querySelector(".told");
const KEY = "preview-place";
const PAUSE = 300;
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
let filled = false;

function leave() {
  const focused = [...document.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
  const opened = [...document.querySelectorAll("main details")].map((item) => item.open);
  const place = { address: location.href, top: scrollY, focused, same: document.activeElement.outerHTML, opened };
  sessionStorage.setItem(KEY, JSON.stringify(place));
  location.reload();
}

function come() {
  const place = JSON.parse(sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  if (place?.address !== location.href) return;
  const details = document.querySelectorAll("main details");
  if (details.length === place.opened.length) for (const [number, item] of details.entries()) item.open = place.opened[number];
  const all = [...document.querySelectorAll(FOCUSABLE)];
  const same = (item) => item?.outerHTML === place.same;
  const focused = same(all[place.focused]) ? all[place.focused] : (all.find(same) ?? all[place.focused]);
  focused?.focus({ preventScroll: true });
  scrollTo({ top: place.top, behavior: "instant" });
}

function offer() {
  if (told.querySelector("button")) return;
  const button = document.createElement("button");
  button.textContent = told.dataset.load;
  button.addEventListener("click", leave);
  told.replaceChildren(`${told.dataset.fresh} `, button);
}

async function look() {
  const response = await fetch(notice.dataset.source, { cache: "no-store" });
  if (!response.ok) throw new Error(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("#preview");
  notice.querySelector(".state").textContent = fresh.querySelector(".state").textContent;
  const said = fresh.querySelector(".findings");
  if (said.textContent !== findings.textContent) findings.replaceChildren(...said.childNodes);
  if (fresh.dataset.release === notice.dataset.release) told.replaceChildren();
  else if (filled) offer();
  else leave();
}

async function keep() {
  try {
    if (!document.hidden) await look();
  } catch {
    told.textContent = told.dataset.lost;
  }
  setTimeout(keep, PAUSE);
}

come();
document.addEventListener("input", () => (filled = true));
keep();
