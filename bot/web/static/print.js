// The page for the appointment prints itself when asked to.
const print = document.querySelector("button.print");
print.hidden = false;
print.addEventListener("click", () => window.print());
