// An alert of the browser when an urgent ticket comes, for who has allowed it; it holds no words of anybody.
const ON = 'staff-alerts';
const KNOWN = 'staff-urgent';
const button = document.getElementById('alerts');
const isOn = () => 'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(ON) === 'yes';

function paint() {
  if (!button) return;
  button.hidden = !('Notification' in window) || Notification.permission === 'denied';
  button.textContent = isOn() ? 'Urgent alerts are on' : 'Alert me of urgent ones';
  button.setAttribute('aria-pressed', String(isOn()));
}

button?.addEventListener('click', async () => {
  if (isOn()) localStorage.setItem(ON, 'no');
  else if ((await Notification.requestPermission()) === 'granted') localStorage.setItem(ON, 'yes');
  paint();
});
paint();

// Of several pages that are open, the first that sees it tells.
export function watchUrgent(urgent) {
  const known = localStorage.getItem(KNOWN);
  if (String(urgent) === known) return;
  localStorage.setItem(KNOWN, String(urgent));
  if (known === null || urgent <= Number(known) || !isOn()) return;
  const alert = new Notification('An urgent ticket waits', { body: `${urgent} in all`, tag: 'urgent' });
  alert.onclick = () => { window.focus(); location.href = '/staff/?priority=urgent'; };
}
