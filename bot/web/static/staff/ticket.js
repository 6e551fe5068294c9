// One ticket, better with script: keys, canned replies by "/", things to quote, and who else is here.
// What stays on the page is caught before what is typed is taken to be sent.
import './staying.js';
import './unsent.js';
import { listen } from './keys.js';
import { watchUrgent } from './alerting.js';

const EVERY_MS = 5000;
const TYPING_MS = 6000;
const work = document.getElementById('work');
const reply = document.getElementById('reply-text');
const note = document.getElementById('note');
const canned = document.getElementById('canned');
const search = document.getElementById('canned-search');
const around = document.getElementById('around');

function insert(text) {
  document.getElementById('mode-reply').checked = true;
  const before = reply.value.slice(0, reply.selectionStart);
  const gap = before && !before.endsWith('\n') ? '\n\n' : '';
  reply.setRangeText(gap + text, reply.selectionStart, reply.selectionEnd, 'end');
  reply.dispatchEvent(new Event('input', { bubbles: true }));
  reply.focus();
}

// Which box is written in.
function show(mode) {
  document.getElementById(`mode-${mode}`).checked = true;
  (mode === 'note' ? note : reply).focus();
}
for (const mode of ['reply', 'note']) document.getElementById(`mode-${mode}`).addEventListener('click', () => show(mode));

// Canned replies.
const items = () => [...document.querySelectorAll('#canned-list li')];
const shown = () => items().filter((item) => !item.hidden).map((item) => item.querySelector('a'));

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of items()) item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
}

function openCanned() {
  show('reply');
  canned.open = true;
  if (search) {
    search.value = '';
    filter();
    search.focus();
  }
}

function closeCanned() {
  canned.open = false;
  reply.focus();
}

if (search) {
  search.hidden = false;
  search.addEventListener('input', filter);
  canned.addEventListener('keydown', (event) => {
    const all = shown();
    const place = all.indexOf(document.activeElement);
    if (event.key === 'Escape') closeCanned();
    else if (event.key === 'Enter' && event.target === search) all[0]?.click();
    else if (event.key === 'ArrowDown') all[Math.min(place + 1, all.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') (place > 0 ? all[place - 1] : search).focus();
    else return;
    event.preventDefault();
  });
  document.getElementById('canned-list').addEventListener('click', (event) => {
    const chosen = event.target.closest('a');
    if (!chosen) return;
    event.preventDefault();
    canned.open = false;
    insert(chosen.dataset.text);
  });
}

reply.addEventListener('keydown', (event) => {
  const before = reply.value.slice(0, reply.selectionStart);
  if (event.key === '/' && (before === '' || before.endsWith('\n'))) {
    event.preventDefault();
    openCanned();
  }
});
for (const box of [reply, note]) {
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    work.requestSubmit(box.closest('.as-reply, .as-note').querySelector('[data-send]'));
  });
}

// Things to quote come after the page, which need not wait for them.
function fetchSuggestions() {
  const place = document.getElementById('suggestions');
  const request = new XMLHttpRequest();
  request.open('GET', place.dataset.from);
  request.responseType = 'document';
  request.onload = () => {
    const found = request.status === 200 && request.responseXML.getElementById('suggested');
    if (!found) return;
    place.querySelector('div').replaceWith(document.adoptNode(found));
    for (const button of place.querySelectorAll('[data-insert]')) {
      button.hidden = false;
      button.addEventListener('click', () => insert(button.dataset.insert));
    }
  };
  request.send();
}

// Who else is here, and whether the family wrote meanwhile.
let typedAt = -Infinity;
for (const box of [reply, note]) box.addEventListener('input', () => { typedAt = performance.now(); });

function tell({ others, version, askings }) {
  const said = others.map(({ name, typing }) => `${name} is ${typing ? 'writing here' : 'looking at this'}`);
  const again = askings > Number(work.dataset.askings);
  const changed = version !== Number(work.dataset.version);
  if (said.join() + again + changed === around.dataset.said) return;
  around.dataset.said = said.join() + again + changed;
  around.replaceChildren(said.join(', '));
  if (!again && !changed) return;
  const link = document.createElement('a');
  link.href = location.pathname + location.search;
  link.textContent = 'Show it';
  const what = again ? 'The family wrote while you had this open. ' : 'A colleague changed this. ';
  around.append(said.length ? '. ' : '', what, link);
}

async function look() {
  if (document.hidden) return;
  const body = new FormData();
  body.set('csrf_token', work.elements.csrf_token.value);
  body.set('typing', performance.now() - typedAt < TYPING_MS ? 'yes' : 'no');
  try {
    const response = await fetch(work.dataset.here, { method: 'POST', body });
    if (response.status !== 200) return;
    const found = await response.json();
    tell(found);
    watchUrgent(found.urgent);
  } catch {
    // The server is away for a moment; the next look finds it again.
  }
}

window.addEventListener('pagehide', () => {
  const body = new FormData();
  body.set('csrf_token', work.elements.csrf_token.value);
  body.set('left', 'yes');
  navigator.sendBeacon(work.dataset.here, body);
});

document.getElementById('ahead').value = -new Date().getTimezoneOffset();
listen({ '/': openCanned });
fetchSuggestions();
look();
setInterval(look, EVERY_MS);
// What has to be looked at again is looked at first.
document.getElementById('doubts')?.scrollIntoView({ block: 'center' });
