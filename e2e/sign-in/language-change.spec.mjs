//! What was typed and chosen in a form stays when the language changes: on every form with fields of its own kind.

import { PAGES } from '../pages.mjs';
import { speak, started } from '../person.mjs';
import { expect, test } from '../test.mjs';

const FORMS = ['choose', 'phone', 'code', 'sign-up', 'set-password', 'unlock', 'question', 'app', 'profile'];
/** What is typed: too short for a code that is sent by itself. */
const TYPED = '123';

const controls = (page) => page.getByRole('main').locator('input:not([readonly]), select');

/** Fills in every field, and takes the last choice of each. */
async function fillIn(page) {
  for (const control of await controls(page).all()) {
    if (!(await control.isVisible())) continue;
    const kind = await control.evaluate(({ type }) => type);
    if (kind === 'radio' || kind === 'checkbox') await control.check({ force: true });
    else if (kind === 'select-one') await control.selectOption({ index: await control.evaluate(({ options }) => options.length - 1) });
    else await control.fill(kind === 'date' ? '2030-01-31' : TYPED);
  }
}

const values = (page) => controls(page).evaluateAll((all) => all.map(({ id, type, value, checked }) => [id, type === 'radio' || type === 'checkbox' ? checked : value]));

for (const name of FORMS) {
  test(name, async ({ page, org }) => {
    await PAGES[name](page, org);
    await started(page);
    await fillIn(page);
    const before = await values(page);
    expect(before.length).toBeGreaterThan(0);
    const heading = page.getByRole('heading', { level: 1 });
    const english = await heading.textContent();
    await speak(page, 'de');
    await expect(heading).not.toHaveText(english);
    expect(await values(page)).toEqual(before);
  });
}
