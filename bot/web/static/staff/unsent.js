// What is typed in the page's form is kept on the server as it is typed, so that it is there again on any device and
// after the session has ended.
const WAIT_MS = 800;
const work = document.getElementById('work');
const saved = document.getElementById('saved');
const address = work.dataset.keep || work.action;
const fields = [...work.elements].filter((field) => field.matches('textarea, input:not([type="hidden"], [type="checkbox"])'));
const now = () => JSON.stringify(fields.map((field) => field.value));
let timer = 0;
let kept = now();
let leaving = false;

async function keep() {
  clearTimeout(timer);
  const typed = now();
  if (typed === kept || leaving) return;
  try {
    const response = await fetch(address, { method: 'POST', body: new FormData(work), keepalive: true });
    if (response.status === 204) {
      kept = typed;
      saved.textContent = 'Not sent; kept just now';
    } else if (response.status === 401) saved.textContent = 'You are signed out. Sign in again in another tab, and type on here.';
    else saved.textContent = 'What you type is not kept.';
  } catch {
    saved.textContent = 'What you type is not kept: the server does not answer. It is tried again as you type on.';
  }
}

for (const field of fields) {
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT_MS);
  });
}
document.addEventListener('visibilitychange', () => { if (document.hidden) keep(); });
window.addEventListener('pagehide', keep);
// Whatever a button sends has all fields in it.
work.addEventListener('submit', (event) => {
  if (event.defaultPrevented) return;
  clearTimeout(timer);
  leaving = true;
});
