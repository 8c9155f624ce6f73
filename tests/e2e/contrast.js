// Texts that do not stand out: colours as computed, over the backgrounds beneath them.
() => {
  const parse = (text) => {
    const numbers = text.match(/[\d.]+/g).map(Number);
    const [red, green, blue, alpha = 1] = numbers;
    return { red, green, blue, alpha };
  };
  const over = (top, below) => Object.fromEntries(["red", "green", "blue"].map((part) =>
    [part, top[part] * top.alpha + below[part] * (1 - top.alpha)]).concat([["alpha", 1]]));
  const light = (colour) => {
    const [red, green, blue] = ["red", "green", "blue"].map((part) => {
      const share = colour[part] / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    let colour = dark ? { red: 18, green: 18, blue: 18, alpha: 1 } : { red: 255, green: 255, blue: 255, alpha: 1 };
    for (const layer of layers.reverse()) colour = over(layer, colour);
    return colour;
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const said = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    const hint = node.matches("textarea:placeholder-shown");
    if ((!said && !hint) || !node.checkVisibility() || node.closest(":disabled, option, .unseen, .skip, noscript")) continue;
    const ground = behind(node);
    const style = getComputedStyle(node, hint ? "::placeholder" : null);
    const [one, two] = [light(over(parse(style.color), ground)), light(ground)];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${node.tagName}.${node.className}: ${node.textContent.slice(0, 40)}`);
  }
  return poor;
}
