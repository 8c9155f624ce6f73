// Owns how nodes are made and kept: text goes in as text, never as markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  attach: "M8 12.5 14.6 6a3 3 0 0 1 4.3 4.3l-8.4 8.3a5 5 0 0 1-7-7L11.3 4",
  send: "M4 12 20 4l-5 16-3.5-6.5L4 12z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  back: "M15 5l-7 7 7 7",
  down: "M6 9l6 7 6-7",
  pin: "M12 21s-6-5.6-6-11a6 6 0 1 1 12 0c0 5.4-6 11-6 11zm0-9a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  file: "M7 3h7l4 4v14H7zM14 3v4h4M10 13h5M10 17h5",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  step: "M6 5l9 7-9 7zM18 5v14",
  close: "M6 6l12 12M18 6 6 18",
  slash: "M15 4 9 20",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  album: "M7 7h13v12H7zM4 16V4h13M7 16l4-4 4 4 2-2 3 3",
  voice: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3",
  device: "M4 6h6l2 2h8v11H4z",
  reply: "M10 7 5 12l5 5M5 12h8a6 6 0 0 1 6 6",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  trash: "M6 7h12M10 7V5h4v2M8 7l1 12h6l1-12",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

// Brings a parent's children in line with a list: what did not change stays, with its focus and its scroll.
export function reconcile(parent, items, keyOf, build) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const sign = JSON.stringify(item);
    let node = known.get(key);
    known.delete(key);
    if (node && node.dataset.sign === sign) {
      if (node === at) at = at.nextElementSibling;
      else parent.insertBefore(node, at);
      continue;
    }
    const fresh = build(item);
    fresh.dataset.key = key;
    fresh.dataset.sign = sign;
    if (node) {
      const focused = node.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
      if (node === at) at = at.nextElementSibling;
      node.replaceWith(fresh);
      if (focused !== undefined) (fresh.querySelector(`[data-focus="${CSS.escape(focused)}"]`) ?? parent).focus();
      if (fresh.nextElementSibling !== at) parent.insertBefore(fresh, at);
    } else {
      parent.insertBefore(fresh, at);
    }
  }
  for (const node of known.values()) node.remove();
}

// Arrow keys, Home and End move among siblings.
export function arrows(container, selector) {
  container.addEventListener("keydown", (event) => {
    const all = [...container.querySelectorAll(selector)].filter((node) => !node.disabled);
    const at = all.indexOf(document.activeElement);
    if (at < 0) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    let next = null;
    if (step) next = all[(at + step + all.length) % all.length];
    if (event.key === "Home") next = all[0];
    if (event.key === "End") next = all.at(-1);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
