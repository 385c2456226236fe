// Shows hits while somebody types: the page's own results are fetched and put in place; without this, the form is sent.
const form = document.querySelector("form.search.large");
const field = form.querySelector("input[type=search]");
let waiting, running;

async function refresh() {
  running?.abort();
  running = new AbortController();
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form));
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, signal: running.signal });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelector("#results").replaceChildren(...page.querySelector("#results").childNodes);
    document.title = page.title;
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 150);
});
