// The texts of the account page in the person's language. English is in the scripts; the other languages are files of their own.

/** A function that says an English text in this language, with values in place of each `{}`. */
export async function speaker(language) {
  const texts = language === "en" ? {} : await read(language);
  return (english, ...values) => {
    const parts = (texts[english] ?? english).split("{}");
    return parts.reduce((text, part, index) => text + (values[index - 1] ?? "") + part);
  };
}

async function read(language) {
  try {
    return await (await fetch(new URL(`/account/text/${language}.json`, import.meta.url))).json();
  } catch {
    return {};
  }
}

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** A moment in words, such as "2 hours ago", with the date and the time as its title. */
export function moment(at, language) {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  const time = document.createElement("time");
  time.dateTime = at.toISOString();
  time.title = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(at);
  const count = unit === "second" ? 0 : Math.round(seconds / length);
  time.textContent = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(count, unit);
  return time;
}
