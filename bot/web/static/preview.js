// Says, while a partner chooses an accent, how well it can be read on every ground (WCAG 2.2, 1.4.3); the same sums as
// bot/sites/contrast.py, which decides when the colour is saved.
function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function judge(part) {
  const { grounds, needed, contrast: words, good, bad, option } = part.dataset;
  const accent = part.querySelector("input").value;
  if (!/^#[\da-f]{6}$/i.test(accent)) {
    part.querySelector("output").textContent = "";
    return;
  }
  const worst = Math.min(...grounds.split(" ").map((ground) => contrast(accent, ground)));
  const enough = worst >= Number(needed);
  // Cut, not rounded: 4.497 is not 4.5.
  const ratio = (Math.floor(worst * 100) / 100).toFixed(2);
  part.querySelector("output").textContent = `${words.replace("{ratio}", ratio)}. ${enough ? good : bad}`;
  part.querySelector("code").textContent = enough ? `${option} '${accent}'` : "";
}

for (const part of document.querySelectorAll(".accent")) {
  part.addEventListener("input", () => judge(part));
  judge(part);
}
