// Elements from plain values. Text goes in as text only.
export function element(name, attributes = {}, children = []) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function button(text, act, attributes = {}) {
  const node = element("button", { type: "button", ...attributes }, [text]);
  node.addEventListener("click", act);
  return node;
}

// A link that a script could hide in is shown as plain text.
export function link(href, children, attributes = {}) {
  const safe = /^(https?:\/\/|mailto:|tel:|sms:|\/(?![/\\])|#)/i.test(href) && !/[\u0000-\u0020\u007f]/.test(href);
  return safe ? element("a", { href, ...attributes }, children) : element("span", {}, children);
}

// A field with its label; the name of the field tells the two together.
export function field(name, label, control) {
  control.id = name;
  return element("div", { class: "field" }, [element("label", { for: name }, [label]), control]);
}
