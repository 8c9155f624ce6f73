// Controls and landmarks without a name.
() => [...document.querySelectorAll("button, input, select, textarea, a, [role=dialog], [role=tabpanel], nav, section, img")]
  .filter((node) => node.checkVisibility())
  .filter((node) => {
    const labelled = (node.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
    const words = [node.getAttribute("aria-label"), ...[node, ...node.querySelectorAll("img")].map((one) => one.alt), ...labelled,
      ...[...(node.labels ?? [])].map((label) => label.textContent)];
    if (!["SECTION", "NAV"].includes(node.tagName)) words.push(node.textContent);
    return !words.some((text) => text?.trim()) && !(node.tagName === "SECTION" && !node.id);
  })
  .map((node) => node.outerHTML.slice(0, 120))
