// data_table blocks: sorted by a column's head, and turned page by page.

export function enhanceTables(root) {
  root.querySelectorAll("[data-table]").forEach((whole) => {
    if (whole.dataset.wired) return;
    whole.dataset.wired = "yes";
    new DataTable(whole);
  });
}

class DataTable {
  constructor(whole) {
    this.whole = whole;
    this.body = whole.querySelector("tbody");
    this.rows = [...this.body.rows];
    this.size = Number(whole.dataset.pageSize) || this.rows.length;
    this.page = 0;
    whole.querySelectorAll("[data-sort]").forEach((button) => button.addEventListener("click", () => this.sort(button)));
    whole.querySelectorAll("[data-page]").forEach((button) => button.addEventListener("click", () => this.turn(Number(button.dataset.page))));
    this.draw();
  }

  pages() {
    return Math.max(1, Math.ceil(this.rows.length / this.size));
  }

  turn(by) {
    this.page = Math.min(this.pages() - 1, Math.max(0, this.page + by));
    this.draw();
  }

  sort(button) {
    const head = button.closest("th");
    const up = head.getAttribute("aria-sort") !== "ascending";
    const { sort, numeric } = button.dataset;
    const key = (row) => row.cells[sort]?.dataset.key ?? "";
    const order = numeric === "True" ? (a, b) => Number(key(a)) - Number(key(b)) : (a, b) => key(a).localeCompare(key(b), "en-GB");
    this.rows.sort((a, b) => (up ? order(a, b) : order(b, a)));
    this.whole.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    this.page = 0;
    this.draw();
  }

  draw() {
    this.body.replaceChildren(...this.rows);
    const first = this.page * this.size;
    this.rows.forEach((row, at) => { row.hidden = at < first || at >= first + this.size; });
    const last = Math.min(this.rows.length, first + this.size);
    this.whole.querySelector(".pages [role=status]").textContent = `${first + 1}–${last} of ${this.rows.length}`;
    this.whole.querySelector("[data-page='-1']").disabled = this.page === 0;
    this.whole.querySelector("[data-page='1']").disabled = this.page === this.pages() - 1;
  }
}
