// Lists one types into: a native select stays the truth, a combobox before it filters, asks the bot, and shows chips.
import { gather } from "./act.js";

const ASKING_PAUSE = 180; // milliseconds without a key after which the bot is asked
const base = document.body.dataset.base;
let made = 0;

export function enhancePickers(root) {
  root.querySelectorAll("select[data-picker]").forEach((select) => select.hidden || new Picker(select));
}

class Picker {
  constructor(select) {
    this.select = select;
    this.many = select.multiple;
    this.asks = select.dataset.suggest !== undefined;
    this.build();
    this.draw();
  }

  build() {
    const id = `made-${(made += 1)}`;
    const { select } = this;
    this.field = make("input", { type: "text", role: "combobox", autocomplete: "off", id, "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", "aria-label": select.getAttribute("aria-label"), "data-field": select.name });
    ["aria-describedby", "aria-invalid", "aria-required", "data-focus"].forEach((name) => select.hasAttribute(name) && this.field.setAttribute(name, select.getAttribute(name)));
    this.list = make("ul", { role: "listbox", id: `${id}-list`, hidden: "", "aria-label": select.getAttribute("aria-label") });
    this.box = make("div", { class: "box" }, this.field);
    this.whole = make("div", { class: "picker" }, this.box, this.list);
    select.hidden = true;
    select.removeAttribute("data-focus");
    select.after(this.whole);
    select.form.querySelector(`label[for="${select.id}"]`)?.setAttribute("for", id);
    this.box.addEventListener("click", (event) => event.target === this.box && this.field.focus());
    this.field.addEventListener("input", () => this.search());
    this.field.addEventListener("click", () => this.list.hidden && this.search());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  chosen() {
    return [...this.select.selectedOptions].filter((option) => option.value);
  }

  draw() {
    this.box.querySelectorAll(".chip").forEach((chip) => chip.remove());
    const chosen = this.chosen();
    if (this.many) chosen.forEach((option) => this.field.before(this.chip(option)));
    else this.field.value = chosen[0]?.text ?? "";
    this.field.placeholder = chosen.length ? "" : this.select.dataset.placeholder;
  }

  chip(option) {
    const cross = make("button", { type: "button", "aria-label": `Remove ${option.text}` });
    cross.textContent = "×";
    cross.addEventListener("click", () => { this.drop(option); this.field.focus(); });
    const chip = make("span", { class: "chip" });
    chip.append(option.text, cross);
    return chip;
  }

  search() {
    clearTimeout(this.timer);
    const typed = this.many || this.field.value !== this.chosen()[0]?.text ? this.field.value.trim() : "";
    if (!this.asks) return this.offer(this.filtered(typed));
    const least = Number(this.select.dataset.suggest);
    if (typed.length < least) return this.note(`Type at least ${least} letters`);
    if (this.list.hidden) this.note("Searching…");
    this.timer = setTimeout(() => this.ask(typed), ASKING_PAUSE);
  }

  filtered(typed) {
    const fits = (option) => option.value && option.text.toLowerCase().includes(typed.toLowerCase());
    const group = (option) => option.closest("optgroup")?.label ?? "";
    return [...this.select.options].filter(fits).map((option) => ({ value: option.value, text: option.text, group: group(option) }));
  }

  async ask(typed) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const body = gather(this.select, { _block: this.select.dataset.block, _action: this.select.dataset.action, _value: typed });
    const answer = await fetch(`${base}/suggest`, { method: "POST", body }).then((reply) => reply.json()).catch(() => null);
    if (turn !== this.turn || document.activeElement !== this.field) return;
    if (!answer?.ok) return this.note(answer?.error ?? "No answer");
    this.offer(answer.options);
  }

  note(text) {
    const note = make("li", { class: "note", role: "presentation" });
    note.textContent = text;
    this.list.replaceChildren(note);
    this.open(true);
  }

  offer(options) {
    const taken = new Set(this.many ? this.chosen().map((option) => option.value) : []);
    const free = options.filter((option) => !taken.has(option.value));
    if (!free.length) return this.note("Nothing found");
    let group = "";
    this.list.replaceChildren(...free.flatMap((option, at) => {
      const head = option.group && option.group !== group ? [this.heading(option.group)] : [];
      group = option.group;
      return [...head, this.option(option, at)];
    }));
    this.open(true);
    this.mark(this.list.querySelector("[role=option]"));
  }

  heading(text) {
    const head = make("li", { role: "presentation" });
    head.textContent = text;
    return head;
  }

  option(option, at) {
    const line = make("li", { role: "option", class: "item", id: `${this.list.id}-${at}`, "data-value": option.value });
    line.textContent = option.text;
    if (option.description) line.append(Object.assign(document.createElement("small"), { textContent: option.description }));
    line.label = option.text;
    return line;
  }

  open(shown) {
    this.list.hidden = !shown;
    this.field.setAttribute("aria-expanded", String(shown));
    if (!shown) this.mark(null);
    const room = innerHeight - this.box.getBoundingClientRect().bottom;
    this.whole.classList.toggle("up", shown && room < 240 && this.box.getBoundingClientRect().top > 260);
    if (shown) this.list.scrollIntoView({ block: "nearest" });
  }

  mark(option) {
    this.marked?.removeAttribute("aria-selected");
    this.marked = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    option ? this.field.setAttribute("aria-activedescendant", option.id) : this.field.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !open) this.search();
    else if (step) this.step(step);
    else if (event.key === "Enter" && open && this.marked) this.choose(this.marked);
    else if (event.key === "Enter") { /* a list is chosen from, it never submits the form */ }
    else if (event.key === "Escape" && open) { this.open(false); event.stopPropagation(); }
    else if (event.key === "Backspace" && this.many && !this.field.value) this.drop(this.chosen().at(-1));
    else return;
    event.preventDefault();
  }

  step(by) {
    const options = [...this.list.querySelectorAll("[role=option]")];
    if (options.length) this.mark(options[(options.indexOf(this.marked) + by + options.length) % options.length]);
  }

  choose(line) {
    const { value } = line.dataset;
    const most = Number(this.select.dataset.max) || Infinity;
    if (this.many && this.chosen().length >= most) return this.note(`At most ${most} can be chosen`);
    const there = [...this.select.options].find((option) => option.value === value);
    const option = there ?? new Option(line.label, value);
    if (!there) this.select.append(option);
    option.selected = true;
    if (this.many) this.field.value = "";
    this.changed();
  }

  drop(option) {
    if (!option) return;
    option.selected = false;
    this.changed();
  }

  changed() {
    this.open(false);
    this.draw();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Leaving a single choice empty means none; leaving it half typed brings back what was chosen.
  leave() {
    clearTimeout(this.timer);
    this.open(false);
    const chosen = this.chosen()[0];
    if (!this.many && chosen && !this.field.value) { this.select.value = ""; this.changed(); }
    else if (this.many) this.field.value = "";
    else this.draw();
  }
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => value !== null && element.setAttribute(name, value));
  element.append(...children);
  return element;
}
