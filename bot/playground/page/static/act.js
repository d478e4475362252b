// What people press, choose and submit: sent to the server as a form, with everything typed around it.
import { refresh } from "./live.js";

const TYPING_PAUSE = 400; // milliseconds without a key after which "on_character_entered" is sent
const base = document.body.dataset.base;
let message = null; // the message whose menu is open
let toastTimer = 0;

export async function post(path, body) {
  const answer = await fetch(path, { method: "POST", body }).catch(() => null);
  const said = answer?.headers.get("content-type")?.includes("json") ? await answer.json() : null;
  const result = said ?? { ok: false, error: "The playground did not answer." };
  await refresh();
  return result;
}

export function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 8000);
}

// The form around something, and whose it is: a view's or a message's.
export function gather(element, extra) {
  const form = element.closest("[data-form]");
  const body = new FormData(form);
  const { ts, channel, whisper } = form.closest("[data-ts]")?.dataset ?? {};
  const where = form.dataset.view ? { _view: form.dataset.view } : { _ts: ts, _channel: channel, _whisper: whisper ?? "" };
  Object.entries({ ...where, ...extra }).forEach(([name, value]) => body.set(name, value));
  return body;
}

async function busily(button, work) {
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

async function press(element, value) {
  if (!(await agreed(element))) {
    if (element.dataset.dispatch === "change") element.closest("form").reset();
    return;
  }
  const extra = { _block: element.dataset.block, _action: element.dataset.action, _value: value ?? element.dataset.value ?? "" };
  const body = gather(element, extra);
  element.closest("[popover]")?.hidePopover();
  const result = await busily(element.matches(".button") ? element : null, () => post(`${base}/act`, body));
  if (result && !result.ok) toast(result.error);
}

function agreed(element) {
  const asked = element.closest(".control, .ticks")?.querySelector("template[data-confirm]");
  if (!asked) return true;
  const dialog = document.getElementById("confirm");
  const [no, yes] = dialog.querySelectorAll("button");
  dialog.querySelector("h2").textContent = asked.dataset.title;
  dialog.querySelector(".text").replaceChildren(asked.content.cloneNode(true));
  [no.textContent, yes.textContent] = [asked.dataset.no, asked.dataset.yes];
  yes.className = asked.dataset.danger === "True" ? "button danger" : "button primary";
  dialog.returnValue = "no";
  dialog.showModal();
  yes.focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

async function submit(form) {
  const button = form.querySelector("[type=submit]");
  delete form.dataset.told;
  const result = await busily(button, () => post(`${base}/submit`, gather(form, {})));
  if (!result || result.ok) return;
  const shown = document.querySelector(`#modal [data-view="${form.dataset.view}"] [data-failure]`);
  if (result.error && shown) shown.textContent = result.error;
}

async function close(form, all) {
  const body = new FormData();
  body.set("_view", form.dataset.view);
  body.set("_all", all ? "yes" : "");
  const result = await post(`${base}/close`, body);
  if (!result.ok) toast(result.error);
}

async function shortcut(button) {
  const body = new FormData();
  body.set("_callback", button.dataset.shortcut);
  if (button.closest("#message-menu")) {
    body.set("_channel", message.dataset.channel);
    body.set("_ts", message.dataset.ts);
  }
  button.closest("[popover]").hidePopover();
  const result = await post(`${base}/shortcut`, body);
  if (!result.ok) toast(result.error);
}

// Having joined, one may write: the composer is not a pane, so the page is loaded again.
async function join(button) {
  const body = new FormData();
  body.set("_channel", document.body.dataset.channel);
  const result = await busily(button, () => post(`${base}/join`, body));
  if (result?.ok) location.reload();
  else if (result) toast(result.error);
}

async function moveClock(form, button) {
  const body = new FormData();
  body.set("step", button.value);
  const result = await busily(button, () => post(`${base}/clock`, body));
  if (result && !result.ok) toast(result.error);
}

function onClick(event) {
  const wired = event.target.closest("[data-dispatch='click']");
  if (wired) return press(wired);
  const closing = event.target.closest("[data-close]");
  if (closing) return close(closing.form, closing.dataset.close === "all");
  const named = event.target.closest("[data-shortcut]");
  if (named) return shortcut(named);
  const menu = event.target.closest("[data-message-menu]");
  if (menu) openMessageMenu(menu);
  const joining = event.target.closest("[data-join]");
  if (joining) return join(joining);
  const answer = event.target.closest("#confirm button");
  if (answer) document.getElementById("confirm").close(answer.value);
}

function openMessageMenu(button) {
  message = button.closest("[data-ts]");
  const menu = document.getElementById("message-menu");
  const link = menu.querySelector("[data-thread-link]");
  link.hidden = Boolean(button.closest(".thread"));
  link.href = `${base}/${message.dataset.channel}?thread=${message.dataset.root}`;
  menu.opener = button;
  menu.togglePopover();
}

let pause = 0;

function onInput(event) {
  if (event.target.dataset?.dispatch !== "character") return;
  clearTimeout(pause);
  pause = setTimeout(() => press(event.target, event.target.value), TYPING_PAUSE);
}

function onKey(event) {
  const field = event.target;
  if (event.key === "Enter" && field.dataset?.dispatch === "enter" && field.tagName === "INPUT") {
    event.preventDefault();
    press(field, field.value);
  }
}

function wireModal() {
  const dialog = document.getElementById("modal");
  const top = () => dialog.querySelector(".sheet:last-of-type");
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !top()) return;
    event.preventDefault();
    close(top(), false);
  });
  dialog.addEventListener("cancel", (event) => event.target === dialog && event.preventDefault());
}

export function wireActions() {
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", (event) => event.target.dataset?.dispatch === "change" && press(event.target, event.target.value));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-form], [data-clock]")) return;
    event.preventDefault();
    if (form.matches("[data-clock]")) moveClock(form, event.submitter);
    else if (form.closest("#modal")) submit(form);
  });
  wireModal();
  const { tab, opens } = document.body.dataset;
  if (opens) {
    const body = new FormData();
    body.set("tab", tab === "home" ? "home" : "messages");
    post(`${base}/opens`, body);
  }
}
