// Panes: the page is fetched again when something changed, and only what differs is replaced.
// What is being typed, the focus, open details and the place one has scrolled to stay.

const PAUSE = 120; // milliseconds between two drawings when changes come thick and fast
const said = new WeakMap(); // element -> its HTML as the server last said it, before the script touched it
let enhance = () => {};
let running = null;
let again = false;

export function live(options) {
  enhance = options.enhance;
  document.querySelectorAll("[data-pane]").forEach(remember);
  enhance(document);
  document.querySelectorAll(".scroll[data-keyed]").forEach(keepAtEnd);
  settleModal();
}

// Draws what is new; calls that come while one is running share the next.
export function refresh() {
  again = true;
  running ??= (async () => {
    while (again) {
      again = false;
      await redraw();
      if (again) await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    }
  })().finally(() => { running = null; });
  return running;
}

async function redraw() {
  const answer = await fetch(location.href, { headers: { "X-Redraw": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = fresh.title;
  fresh.querySelectorAll("[data-pane]").forEach((pane) => {
    const old = document.querySelector(`[data-pane="${pane.dataset.pane}"]`);
    if (old) patch(old, pane);
  });
  settleModal();
}

function remember(pane) {
  (pane.hasAttribute("data-keyed") ? [...pane.children] : [pane]).forEach((part) => said.set(part, part.outerHTML));
}

function patch(old, fresh) {
  if (!fresh.hasAttribute("data-keyed")) {
    if (said.get(old) !== fresh.outerHTML) replace(old, fresh);
    return;
  }
  const atEnd = isAtEnd(old);
  Object.assign(old.dataset, fresh.dataset);
  const arrived = patchKeyed(old, fresh);
  if (atEnd && old.classList.contains("scroll") && arrived.changed) toEnd(old);
  arrived.added.forEach(announce);
}

function patchKeyed(old, fresh) {
  const kept = new Map([...old.children].map((part) => [part.dataset.key, part]));
  const added = [];
  let changed = false;
  let after = null;
  for (const part of [...fresh.children]) {
    let here = kept.get(part.dataset.key);
    kept.delete(part.dataset.key);
    if (!here) {
      here = document.adoptNode(part);
      said.set(here, here.outerHTML);
      after ? after.after(here) : old.prepend(here);
      enhance(here);
      added.push(here);
    } else if (said.get(here) !== part.outerHTML) {
      here = replace(here, part);
      changed = true;
    }
    if (here.previousElementSibling !== after) after ? after.after(here) : old.prepend(here);
    after = here;
  }
  kept.forEach((part) => part.remove());
  return { added, changed: changed || added.length > 0 };
}

function replace(old, fresh) {
  const focus = focusOf(old);
  const typed = typedIn(old);
  const open = [...old.querySelectorAll("details")].map((one) => one.open);
  const scrolls = [...old.querySelectorAll(".fill, .lists")].map((one) => one.scrollTop);
  const here = document.adoptNode(fresh);
  said.set(here, here.outerHTML);
  retype(here, typed);
  here.querySelectorAll("details").forEach((one, at) => { if (at in open) one.open = open[at]; });
  old.replaceWith(here);
  enhance(here);
  here.querySelectorAll(".fill, .lists").forEach((one, at) => { one.scrollTop = scrolls[at] ?? 0; });
  refocus(here, focus);
  return here;
}

// What somebody changed and the server does not know yet, by the field's name.
function typedIn(root) {
  const typed = [];
  root.querySelectorAll("input[name], textarea[name], select[name]").forEach((field) => {
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked !== field.defaultChecked) typed.push([field.name, field.value, field.checked]);
    } else if (field.tagName === "SELECT") {
      const options = [...field.options];
      if (options.some((one) => one.selected !== one.defaultSelected))
        typed.push([field.name, null, options.filter((one) => one.selected)]);
    } else if (field.type === "file" ? field.files.length : field.value !== field.defaultValue) {
      typed.push([field.name, null, field.type === "file" ? field.files : field.value]);
    }
  });
  return typed;
}

function retype(root, typed) {
  for (const [name, value, content] of typed) {
    const own = value === null ? "" : `[value="${CSS.escape(value)}"]`;
    const field = root.querySelector(`[name="${CSS.escape(name)}"]${own}`);
    if (!field) continue;
    if (value !== null) field.checked = content;
    else if (field.tagName === "SELECT") reselect(field, content);
    else if (field.type === "file") field.files = content;
    else field.value = content;
  }
}

function reselect(field, options) {
  const wanted = new Set(options.map((one) => one.value));
  const there = new Set([...field.options].map((one) => one.value));
  options.filter((one) => !there.has(one.value)).forEach((one) => field.append(one.cloneNode(true)));
  [...field.options].forEach((one) => { one.selected = wanted.has(one.value); });
}

// Where the focus is, in words that find the same thing in the new HTML.
export function focusOf(root) {
  const element = document.activeElement;
  if (!element || element === document.body || !root.contains(element)) return null;
  const { block, action, value, close } = element.dataset;
  const within = element.closest("[data-key]")?.dataset.key;
  const way = element.id && !element.id.startsWith("made-") ? `#${CSS.escape(element.id)}`
    : block !== undefined ? `[data-block="${CSS.escape(block)}"][data-action="${CSS.escape(action)}"]${value === undefined ? "" : `[data-value="${CSS.escape(value)}"]`}`
    : element.dataset.field ? `[data-field="${CSS.escape(element.dataset.field)}"]`
    : element.name ? `[name="${CSS.escape(element.name)}"][value="${CSS.escape(element.value)}"], [name="${CSS.escape(element.name)}"]`
    : element.href ? `a[href="${CSS.escape(element.getAttribute("href"))}"]`
    : close ? `[data-close="${close}"]` : null;
  const caret = ["text", "search", "textarea", "url"].includes(element.type) ? [element.selectionStart, element.selectionEnd] : null;
  return { element, way, within, caret };
}

export function refocus(root, focus) {
  if (!focus) return;
  if (focus.element.isConnected) return focus.element.focus();
  const scope = (focus.within && root.querySelector?.(`[data-key="${CSS.escape(focus.within)}"]`)) || root;
  const found = focus.way && scope.querySelector(focus.way);
  found?.focus({ preventScroll: true });
  if (found && focus.caret) found.setSelectionRange(...focus.caret);
}

function isAtEnd(pane) {
  return pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
}

// A message too long for the pane is shown from its beginning.
function toEnd(pane) {
  pane.scrollTop = pane.scrollHeight;
  const last = pane.lastElementChild;
  if (last && last.offsetHeight > pane.clientHeight) last.scrollIntoView({ block: "start" });
}

// The newest message stays in sight when the pane gets smaller, as when the traffic opens below it.
function keepAtEnd(pane) {
  let atEnd = true;
  toEnd(pane);
  pane.addEventListener("scroll", () => { atEnd = isAtEnd(pane); });
  new ResizeObserver(() => atEnd && toEnd(pane)).observe(pane);
}

function announce(part) {
  if (!part.dataset.author) return;
  const text = part.querySelector(".said")?.innerText.replace(/\s+/g, " ").slice(0, 240);
  document.getElementById("announcer").textContent = `${part.dataset.author}: ${text}`;
}

let opener = null;

// The dialog is open while there is a form; a form that comes to the top, or comes back refused, gets the focus.
function settleModal() {
  const dialog = document.getElementById("modal");
  const top = dialog.querySelector(".sheet:last-of-type");
  if (!top) {
    if (!dialog.open) return;
    dialog.close();
    refocus(document, opener);
    return;
  }
  if (!dialog.open) {
    opener = focusOf(document.body);
    dialog.showModal();
  }
  dialog.setAttribute("aria-labelledby", top.getAttribute("aria-labelledby"));
  const before = dialog.dataset.shown;
  dialog.dataset.shown = `${top.dataset.view} ${top.dataset.hash}`;
  const refused = top.querySelector("[aria-invalid='true']");
  const grown = before?.split(" ")[0] !== top.dataset.view;
  if (refused && !top.dataset.told) firstField(refused.closest("[data-input]") ?? top)?.focus();
  else if (grown || !dialog.contains(document.activeElement) || document.activeElement === dialog) focusFirst(top);
  if (refused) top.dataset.told = "yes";
}

function focusFirst(sheet) {
  const first = sheet.querySelector("[data-focus]") ?? firstField(sheet.querySelector(".fill")) ?? sheet.querySelector("footer .button");
  (first ?? sheet.querySelector(".cross")).focus();
}

function firstField(root) {
  const fields = root.querySelectorAll("input, textarea, select, button");
  return [...fields].find((field) => field.offsetParent && !field.disabled);
}
