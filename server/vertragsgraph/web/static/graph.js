// The small graph of a page becomes the interactive one when somebody opens it; what that needs is loaded only then.
const details = document.querySelector(".interactive");
const star = document.querySelector(".star");
const place = details.querySelector("#graph");

async function load() {
  const address = new URL(details.dataset.module, document.baseURI);
  const [{ start }, response] = await Promise.all([import(address), fetch(details.dataset.source)]);
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  start(place, await response.json());
}

let loading;
details.addEventListener("toggle", async () => {
  if (details.open) {
    loading ??= load();
    await loading;
  }
  star.hidden = details.open;
});
