// The queue, better with script: new tickets appear by themselves, and it can be worked through with the keyboard.
import { watchUrgent } from './alerting.js';
import { listen } from './keys.js';

const EVERY_MS = 1000;
const table = document.getElementById('queue');
const form = document.getElementById('rows-form');
const title = document.title;
const all = document.getElementById('all');

const rows = () => [...table.tBodies[0].rows].filter((row) => row.dataset.id);
const boxOf = (row) => row.querySelector('input[type="checkbox"]');

// The server's own rows, parsed by the browser as a document: nothing is ever built from strings here.
function fetchPage() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', location.href);
    request.responseType = 'document';
    request.onload = () => (request.status === 200 ? resolve(request.responseXML) : reject(new Error(request.status)));
    request.onerror = reject;
    request.send();
  });
}

function replaceRows(page) {
  const fresh = page.getElementById('queue');
  if (!fresh) return;
  // With the version that was on the screen when it was ticked: what a colleague did since must not be done over.
  const ticked = new Map(rows().filter((row) => boxOf(row).checked).map((row) => [row.dataset.id, boxOf(row).value]));
  const known = new Set(rows().map((row) => row.dataset.id));
  const current = table.querySelector('tr.current')?.dataset.id;
  const focused = document.activeElement.closest?.('tr')?.dataset.id;
  const selector = document.activeElement.matches?.('input') ? 'input' : 'a';
  table.tBodies[0].replaceWith(document.adoptNode(fresh.tBodies[0]));
  table.dataset.tick = fresh.dataset.tick;
  for (const row of rows()) {
    const seen = ticked.get(row.dataset.id);
    boxOf(row).checked = seen !== undefined;
    row.classList.toggle('changed', seen !== undefined && seen !== boxOf(row).value);
    if (seen !== undefined) boxOf(row).value = seen;
    row.classList.toggle('current', row.dataset.id === current);
    row.classList.toggle('fresh', !known.has(row.dataset.id));
    if (row.dataset.id === focused) row.querySelector(selector).focus();
  }
  document.getElementById('total').textContent = page.getElementById('total').textContent;
  // Only the numbers: a view that has the focus keeps it.
  const fresher = page.querySelectorAll('#views .many');
  document.querySelectorAll('#views .many').forEach((many, place) => { many.textContent = fresher[place]?.textContent ?? many.textContent; });
  count();
}

async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch('/staff/queue/tick', { headers: { Accept: 'application/json' } });
    if (response.status === 401) return location.reload();
    const { tick, urgent, looking } = await response.json();
    document.title = urgent ? `(${urgent}) ${title}` : title;
    if (String(tick) !== table.dataset.tick) replaceRows(await fetchPage());
    for (const row of rows()) row.querySelector('.looking').textContent = looking[row.dataset.id] ?? '';
    watchUrgent(urgent);
  } catch {
    // The server is away for a moment; the next look finds it again.
  }
}

// How many a button would be pressed for.
function count() {
  const ticked = rows().filter((row) => boxOf(row).checked).length;
  document.getElementById('selected').textContent = ticked ? `${ticked} selected:` : 'Selected:';
  all.checked = ticked > 0 && ticked === rows().length;
  all.indeterminate = ticked > 0 && !all.checked;
}

function move(step) {
  const list = rows();
  if (!list.length) return;
  const now = list.findIndex((row) => row.classList.contains('current'));
  const next = list[Math.min(Math.max(now + step, 0), list.length - 1)];
  list.forEach((row) => row.classList.toggle('current', row === next));
  // At once, so that who holds the key down is never on a row that cannot be seen.
  next.querySelector('a').focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}

// What is done by key is done to what is ticked, or else to the row one is on.
function act(name) {
  const current = table.querySelector('tr.current');
  if (!rows().some((row) => boxOf(row).checked)) {
    if (!current) return;
    boxOf(current).checked = true;
  }
  form.requestSubmit(form.querySelector(`button[value="${name}"]`));
}

function selectAll(checked) {
  for (const row of rows()) boxOf(row).checked = checked;
  count();
}
all.hidden = false;
all.addEventListener('change', () => selectAll(all.checked));

listen({
  j: () => move(1),
  k: () => move(-1),
  x: () => { const row = table.querySelector('tr.current'); if (row) boxOf(row).checked = !boxOf(row).checked; count(); },
  A: () => selectAll(!all.checked),
  o: () => table.querySelector('tr.current a')?.click(),
  t: () => act('take'),
  e: () => act('resolve'),
  z: () => act('snooze:24'),
  d: () => act('noise'),
});

form.addEventListener('change', count);
setInterval(look, EVERY_MS);
document.addEventListener('visibilitychange', look);
