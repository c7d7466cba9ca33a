/**
 * Asks and answers at a console as a hand does. A test is quicker than a hand: what it presses where another button was a moment ago does not
 * count, and is pressed again.
 */
import type { Locator } from 'playwright-core';

/** Longer than the page needs to open or close a question, and than it holds back a hand that is on its way. */
const WITHIN_MS = 600;

const becomes = (seen: Locator, state: 'visible' | 'detached'): Promise<boolean> =>
  seen.waitFor({ state, timeout: WITHIN_MS }).then(
    () => true,
    () => false,
  );

/** Does something, as often as it takes, until something is seen. */
export const until = async (seen: Locator, act: () => Promise<void>): Promise<void> => {
  do await act();
  while (!(await becomes(seen, 'visible')));
};

/** Presses a button, once or as `press` does, until its question stands open. */
export const ask = (button: Locator, press: () => Promise<void> = () => button.click()): Promise<void> =>
  until(button.page().locator('dialog'), press);

/** Presses the answer of the open question until it is closed. */
export const answer = async (question: Locator): Promise<void> => {
  await question.waitFor();
  do await question.locator('button[type="submit"]').click();
  while (!(await becomes(question, 'detached')));
};
