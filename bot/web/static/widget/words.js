// The words of the page's language, which the server has chosen from those there are and puts in place of strings.js.
import words from "./strings.js";

export const language = /^[a-z]{2,3}$/.test(document.documentElement.lang) ? document.documentElement.lang : "en";

export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// The same form as long_date in presentation.py.
export function longDate(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return iso;
  const month = say("months").split(" ")[day.getUTCMonth()];
  return say("date", { day: day.getUTCDate(), month, year: day.getUTCFullYear() });
}
