//! After an answer is refused, the focus is in the first field that is wrong: on every form.

import { PAGES } from './pages.mjs';
import { started } from './person.mjs';
import { expect, test } from './test.mjs';

/** The pages with a form, by what leads there. */
const FORMS = ['sign-in', 'choose', 'message-type', 'phone', 'code', 'sign-up', 'reset', 'set-password', 'unlock', 'question', 'app', 'expired-password', 'profile', 'access-code', 'call'];
const INVALID = '[aria-invalid=true]:not(fieldset), fieldset[aria-invalid=true] input';
const MESSAGE = { class: 'ERROR', message: 'Not like this.' };

const main = (page) => page.getByRole('main');
const submit = (page) => main(page).locator('[type=submit]').click();

/** Keeps the latest response with a step. */
function watch(page) {
  const seen = {};
  page.on('response', (response) => {
    if (/\/api\/idx(\/(authenticate|proceed|register|recover-password|unlock-account))?$/.test(response.url())) seen.last = response.json();
  });
  return seen;
}

/** The inputs of a step that a person fills in, with their ids in the page. */
function inputsOf(inputs = [], above = []) {
  return inputs
    .filter(({ visible, mutable }) => visible !== false && mutable !== false)
    .flatMap((input) => (input.form ? inputsOf(input.form.value, [...above, input.name]) : [{ input, id: [...above, input.name].join('.') }]));
}

/** Those of them that the page shows. */
async function shown(page, transaction) {
  const all = inputsOf(transaction.nextStep.inputs);
  const visible = await Promise.all(all.map(({ id }) => field(page, id).count()));
  return all.filter((_, at) => visible[at] > 0);
}

const field = (page, id) => main(page).locator(`[id="${id}"], [name="${id}"]`);

/** Fills in everything, so that the page itself finds nothing wrong. */
async function fillIn(page) {
  for (const control of await main(page).locator('input:visible:not([readonly]), select:visible').all()) {
    const [kind, value] = await control.evaluate(({ type, value }) => [type, value]);
    if (kind === 'radio') {
      if (!(await control.evaluate(({ form, name }) => form.elements[name].value))) await control.check({ force: true });
    } else if (kind === 'select-one') {
      if (!value) await control.selectOption({ index: 1 });
    } else if (kind !== 'checkbox') await control.fill(kind === 'date' ? '2030-01-31' : '12345');
  }
}

for (const name of FORMS) {
  test(`${name}: the page's own errors and the org's`, async ({ page, org }) => {
    const seen = watch(page);
    await PAGES[name](page, org);
    await started(page);
    await expect.poll(() => seen.last !== undefined).toBe(true);
    const transaction = await seen.last;
    let wrong = [];
    await page.route('**/api/idx/proceed', async (route) => {
      const json = structuredClone(transaction);
      for (const { input, id } of inputsOf(json.nextStep.inputs)) if (wrong.includes(id)) input.messages = [MESSAGE];
      await route.fulfill({ json: { ...json, messages: [MESSAGE] } });
    });

    await submit(page);
    await expect(main(page).getByText(MESSAGE.message).or(main(page).locator(INVALID)).first()).toBeVisible();
    if (await main(page).locator(INVALID).count()) await expect(main(page).locator(INVALID).first()).toBeFocused();

    const inputs = await shown(page, transaction);
    // The last field alone, then the last two: the first of those that are wrong gets the focus, not the first of the form.
    for (const count of [1, 2].filter((count) => count <= inputs.length)) {
      await fillIn(page);
      wrong = inputs.slice(-count).map(({ id }) => id);
      await submit(page);
      await expect(main(page).locator(INVALID).first()).toBeFocused();
      await expect(field(page, wrong[0]).first()).toBeFocused();
    }
  });
}

test('an error of a checkbox is beside it, and goes when the person ticks it', async ({ page, org }) => {
  const seen = watch(page);
  await PAGES['sign-in'](page, org);
  await started(page);
  await expect.poll(() => seen.last !== undefined).toBe(true);
  const json = structuredClone(await seen.last);
  json.nextStep.inputs.find(({ name }) => name === 'rememberMe').messages = [MESSAGE];
  await page.route('**/api/idx/proceed', (route) => route.fulfill({ json: { ...json, messages: [MESSAGE] } }));
  const checkbox = page.getByRole('checkbox', { name: 'Keep me signed in' });
  await expect(checkbox).toHaveAttribute('aria-invalid', 'false');
  await fillIn(page);
  await submit(page);
  await expect(checkbox).toBeFocused();
  await expect(checkbox).toHaveAttribute('aria-invalid', 'true');
  await expect(checkbox).toHaveAccessibleDescription(MESSAGE.message);
  await expect(main(page).getByText(MESSAGE.message)).toHaveCount(1);
  await page.keyboard.press('Space');
  await expect(main(page).getByText(MESSAGE.message)).toHaveCount(0);
});
