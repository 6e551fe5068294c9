// Taking a ticket, its priority, assignee and labels without a reload: the server's own page, of which only the parts
// that tell of the ticket are put in place. Whatever else comes back is shown as a page, as without script.
const PARTS = ['#messages', '.facts', '#activity', '#actions', '#about'];
const work = document.getElementById('work');
let isPlain = false;
let isBusy = false;

function send(button) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', button.formAction);
    request.responseType = 'document';
    request.onload = () => (request.status === 200 ? resolve(request.responseXML) : reject(new Error(request.status)));
    request.onerror = reject;
    request.send(new FormData(work, button));
  });
}

function replaceParts(page) {
  for (const part of PARTS) {
    const before = document.querySelector(part);
    const fresh = document.adoptNode(page.querySelector(part));
    const opened = [...before.querySelectorAll('details')].map((one) => one.open);
    before.replaceWith(fresh);
    fresh.querySelectorAll('details').forEach((one, place) => { one.open = opened[place] ?? one.open; });
  }
  const fresh = page.getElementById('work');
  work.elements.version.value = fresh.elements.version.value;
  Object.assign(work.dataset, { version: fresh.dataset.version, askings: fresh.dataset.askings });
}

work.addEventListener('submit', async (event) => {
  const button = event.submitter;
  if (isPlain || !button?.hasAttribute('data-stays')) return;
  event.preventDefault();
  // A second press before the first is answered would be a conflict with oneself.
  if (isBusy) return;
  isBusy = true;
  try {
    replaceParts(await send(button));
  } catch {
    isPlain = true;
    button.click();
    return;
  } finally {
    isBusy = false;
  }
  // The focus stays at the field that was used, or else where the next step is.
  const name = button.value.replace(/:.*/, '').replace('unlabel', 'label');
  (document.querySelector(`#actions [name="${name}"]`) ?? document.querySelector('#actions .button')).focus();
});
