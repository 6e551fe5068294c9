// Tells the loader on the page around why there is no chat, so that it stands on the console at once.
const { why } = document.querySelector("main").dataset;
window.parent.postMessage({ namespace: "explainer-chat", version: 1, type: "refused", why }, "*");
