// Single keys: whatever on the page says with data-key that it is done by a key. They can be switched off (WCAG 2.1.4).
const OFF = 'staff-keys-off';
const box = document.getElementById('keys-on');

if (box) {
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener('change', () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, 'yes')));
}

const isTyping = (target) => target.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]');

function press(element) {
  const closed = element.parentElement.closest('details:not([open])');
  if (closed && !element.matches('summary')) closed.open = true;
  if (element.matches('textarea, select, input:not([type="radio"])')) return element.focus();
  element.click();
  return undefined;
}

// Further keys, each with what it does; one that gives false leaves the key to the page.
export function listen(more = {}) {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && isTyping(event.target)) event.target.blur();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (box && !box.checked) return;
    const own = Object.hasOwn(more, event.key) ? more[event.key] : null;
    const found = own ? null : [...document.querySelectorAll('[data-key]')].find((one) => one.dataset.key === event.key);
    if (!own && !found) return;
    event.preventDefault();
    if (own) own();
    else press(found);
  });
}
