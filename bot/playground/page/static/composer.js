// The composer: commands and people are suggested while one writes, Enter sends, drafts outlive a change of page.
import { post, toast } from "./act.js";

const { base, channel } = document.body.dataset;

export function wireComposers() {
  document.querySelectorAll("[data-composer] textarea").forEach((field) => new Composer(field));
}

class Composer {
  constructor(field) {
    this.field = field;
    this.form = field.form;
    this.list = document.getElementById(field.getAttribute("aria-controls"));
    this.key = `draft ${location.pathname} ${this.form.dataset.composer} ${this.form.dataset.thread}`;
    field.value = sessionStorage.getItem(this.key) ?? "";
    field.addEventListener("input", () => this.typed());
    field.addEventListener("keydown", (event) => this.pressed(event));
    field.addEventListener("blur", () => this.show([]));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.insert(option);
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.fit();
  }

  typed() {
    sessionStorage.setItem(this.key, this.field.value);
    this.fit();
    this.show(this.matching());
  }

  fit() {
    if (CSS.supports("field-sizing", "content")) return;
    this.field.rows = Math.min(8, this.field.value.split("\n").length);
  }

  // The word before the caret that begins with a slash (at the very start only) or an @.
  word() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    return before.match(/^\/[\w-]*$/)?.[0] ?? before.match(/(?:^|\s)(@[\p{L}\w.-]*)$/u)?.[1] ?? "";
  }

  matching() {
    const word = this.word().toLowerCase();
    if (!word) return [];
    const names = (option) => [option.dataset.match, ...(option.dataset.also ?? "").split(" ").map((name) => `@${name}`)];
    return [...this.list.children].filter((option) => names(option).some((name) => name.toLowerCase().startsWith(word)));
  }

  show(matching) {
    const shown = new Set(matching);
    [...this.list.children].forEach((option) => { option.hidden = !shown.has(option); });
    this.list.hidden = matching.length === 0;
    this.field.setAttribute("aria-expanded", String(matching.length > 0));
    this.mark(matching[0] ?? null);
  }

  mark(option) {
    this.marked?.removeAttribute("aria-selected");
    this.marked = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    option ? this.field.setAttribute("aria-activedescendant", option.id) : this.field.removeAttribute("aria-activedescendant");
  }

  step(by) {
    const options = [...this.list.children].filter((option) => !option.hidden);
    const at = (options.indexOf(this.marked) + by + options.length) % options.length;
    this.mark(options[at]);
  }

  pressed(event) {
    const open = !this.list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) this.step(event.key === "ArrowDown" ? 1 : -1);
    else if (open && event.key === "Escape") this.show([]);
    else if (open && (event.key === "Tab" || (event.key === "Enter" && !this.isWhole())) && !event.shiftKey) this.insert(this.marked);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.send();
    else return;
    event.preventDefault();
  }

  // A command or a name that is written out whole is sent by Enter; the rest of one is filled in first.
  isWhole() {
    return this.word() === this.marked?.dataset.match;
  }

  insert(option) {
    const word = this.word();
    const end = this.field.selectionStart;
    this.field.setRangeText(option.dataset.insert, end - word.length, end, "end");
    this.typed();
    this.field.focus();
  }

  async send() {
    const text = this.field.value;
    if (!text.trim()) return;
    const body = new FormData(this.form);
    body.set("thread", this.form.dataset.thread ?? "");
    this.field.value = "";
    this.typed();
    body.set("_channel", channel);
    const result = await post(`${base}/say`, body);
    if (result.ok) return;
    toast(result.error);
    if (this.field.value === "") this.field.value = text;
    this.typed();
    this.show([]);
  }
}
