// A canned reply goes in where the cursor is, without another page; and nothing typed is lost by closing the tab.
const box = document.getElementById('reply-text');
const canned = document.getElementById('canned');

canned?.addEventListener('submit', (event) => {
  event.preventDefault();
  const { text } = canned.elements.canned.selectedOptions[0].dataset;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.focus();
});

const before = box.value;
let sending = false;
box.form.addEventListener('submit', () => { sending = true; });
window.addEventListener('beforeunload', (event) => {
  if (!sending && box.value !== before) event.preventDefault();
});
