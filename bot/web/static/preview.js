// Puts a button beside each line that is to be copied; says, while a partner chooses an accent, how well it can be read on every ground (WCAG 2.2, 1.4.3); the same sums as
// bot/sites/contrast.py, which decides when the colour is saved; and shows it on the chats of the page at once.
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
  const { grounds, needed, contrast: words, good, bad } = part.dataset;
  const accent = part.querySelector("input").value;
  const output = part.querySelector("output");
  if (!/^#[\da-f]{6}$/i.test(accent)) {
    output.textContent = "";
    return;
  }
  const worst = Math.min(...grounds.split(" ").map((ground) => contrast(accent, ground)));
  const enough = worst >= Number(needed);
  // Cut, not rounded: 4.497 is not 4.5.
  const ratio = (Math.floor(worst * 100) / 100).toFixed(2);
  output.textContent = `${words.replace("{ratio}", ratio)}. ${enough ? good : bad}`;
}

// What is chosen is shown as a site with these colours would look: on the button, and in the chat that it opens.
function dye(frame) {
  const chat = frame.contentDocument?.querySelector("explainer-chat");
  if (!chat) return;
  const chosen = Object.fromEntries([...document.querySelectorAll(".accent")].map((part) => [part.dataset.scheme, part.querySelector("input").value]));
  chat.style.setProperty("--explainer-chat-accent", chosen.light);
  chat.style.setProperty("--explainer-chat-accent-dark", chosen.dark);
  const inner = chat.shadowRoot?.querySelector("iframe");
  const root = inner?.contentDocument?.documentElement;
  if (!root) return;
  const [accent, away] = chat.scheme === "dark" ? [chosen.dark, "white"] : [chosen.light, "black"];
  root.style.setProperty("--accent", accent);
  root.style.setProperty("--accent-deep", `color-mix(in srgb, ${accent} 80%, ${away})`);
  root.style.setProperty("--accent-wash", `color-mix(in srgb, ${accent} 12%, transparent)`);
}

const frames = [...document.querySelectorAll("iframe.try")];
for (const part of document.querySelectorAll(".accent")) {
  part.addEventListener("input", () => {
    judge(part);
    frames.forEach(dye);
  });
  judge(part);
}
for (const frame of frames) {
  const follow = () => {
    frame.contentDocument?.addEventListener("explainer-chat:ready", () => dye(frame));
    dye(frame);
  };
  frame.addEventListener("load", follow);
  follow();
}

for (const line of document.querySelectorAll(".preview pre")) {
  const { copy, copied } = line.closest(".preview").dataset;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button copy", textContent: copy });
  button.setAttribute("aria-label", `${copy}: ${line.getAttribute("aria-label")}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(line.textContent);
    button.textContent = copied;
    button.setAttribute("aria-label", copied);
  });
  line.after(button);
}
