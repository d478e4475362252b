// The page's script: what one presses goes to the server, and the panes follow what the server then says.
import { live, refresh } from "./live.js";
import { wireActions } from "./act.js";
import { wireComposers } from "./composer.js";
import { wireMenus } from "./menus.js";
import { enhancePickers } from "./picker.js";
import { enhanceTables } from "./tables.js";

const RUNNING_CLOCK = 30_000; // milliseconds after which the clock and "2 minutes ago" are drawn anew

function wireDrawer() {
  const button = document.getElementById("drawer");
  const sidebar = document.getElementById("sidebar");
  const show = (open) => {
    sidebar.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    if (open) sidebar.querySelector("a, button").focus();
  };
  button.addEventListener("click", () => show(!sidebar.classList.contains("open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !sidebar.classList.contains("open")) return;
    show(false);
    button.focus();
  });
  document.addEventListener("click", (event) => {
    if (!sidebar.contains(event.target) && !button.contains(event.target)) show(false);
  });
}

function wireTraffic() {
  const drawer = document.getElementById("traffic");
  const button = document.getElementById("traffic-toggle");
  const show = (open) => {
    drawer.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    sessionStorage.setItem("traffic", open ? "open" : "");
  };
  show(sessionStorage.getItem("traffic") === "open");
  button.addEventListener("click", () => show(drawer.hidden));
  document.getElementById("traffic-close").addEventListener("click", () => {
    show(false);
    button.focus();
  });
}

// A page out of sight listens to nothing: browsers hold only six connections to one place.
function listen() {
  let events = null;
  const open = () => {
    events = new EventSource("/events");
    events.addEventListener("changed", () => refresh());
  };
  document.addEventListener("visibilitychange", () => {
    events.close();
    if (document.hidden) return;
    open();
    refresh();
  });
  setInterval(() => document.hidden || refresh(), RUNNING_CLOCK);
  open();
}

live({ enhance: (root) => [enhancePickers, enhanceTables].forEach((enhance) => enhance(root)) });
wireMenus();
wireActions();
wireComposers();
wireDrawer();
wireTraffic();
listen();
document.body.dataset.ready = "yes";
