// A canned reply goes in where the cursor is, without another page.
import './unsent.js';

const box = document.getElementById('reply-text');
const canned = document.getElementById('canned');

canned?.addEventListener('submit', (event) => {
  event.preventDefault();
  const { text } = canned.elements.canned.selectedOptions[0].dataset;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input'));
  box.focus();
});
// What has to be looked at again is looked at first.
document.getElementById('doubts')?.scrollIntoView({ block: 'center' });
