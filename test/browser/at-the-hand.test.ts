/**
 * Goal: what a nurse does reaches what was meant, with a pointer, with keys and with a screen reader, while beds rise and lists reorder.
 * Method: beds of a real Vigil ring when the test says so; a press is made at the place and in the moment at which something else comes there.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../servers/chromium.ts';
import { type Deployment, deployEmbedded } from '../servers/vigil.ts';
import { type Bedside, tellBeds } from './bedside.ts';
import { ask, until } from './question.ts';

const WITHIN = { timeout: 15_000 };
const BEDS = ['icu-01', 'icu-02', 'icu-03', 'icu-04'];
const found = await chromiumForTests();

const red = (bed: string): string => `[data-alarm-bed="${bed}"][data-condition="spo2-desaturation"]`;
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-home') ?? document.activeElement?.tagName ?? null);

describe.skipIf('skipped' in found)(
  `a hand at the console${'skipped' in found ? ` (skipped: ${found.skipped})` : ''}`,
  () => {
    let browser: Browser;
    let vigil: Deployment;
    let bedside: Bedside;
    let page: Page;

    beforeAll(async () => {
      if ('skipped' in found) return;
      browser = found.browser;
      vigil = await deployEmbedded();
      bedside = tellBeds(vigil.url, BEDS);
    });
    afterAll(async () => {
      bedside?.stop();
      await browser?.close();
      await vigil?.stop();
    });
    beforeEach(async () => {
      page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await page.goto(`http://${vigil.url}/`);
      await page.locator('[data-bed="icu-04"]').waitFor(WITHIN);
    });
    /** All beds quiet again, and nothing left of what rang. */
    afterEach(async () => {
      for (const bed of BEDS) bedside.spo2(bed, 97);
      await page.goto(`http://${vigil.url}/`);
      for (const bed of BEDS) {
        await page.locator(`[data-bed="${bed}"]`).waitFor(WITHIN);
        await expect.poll(() => stateOf(bed), WITHIN).toMatch(/latched|gone/); // what was acknowledged goes by itself
        if ((await stateOf(bed)) === 'latched') await acknowledge(bed);
        await page
          .locator(`[data-alarm-bed="${bed}"]`)
          .first()
          .waitFor({ state: 'detached', ...WITHIN });
      }
      await page.close();
    });

    const stateOf = (bed: string): Promise<string> =>
      page.locator(red(bed)).evaluateAll(([alarm]) => alarm?.getAttribute('data-state') ?? 'gone');
    const rings = async (bed: string): Promise<void> => {
      bedside.spo2(bed, 70);
      await page.locator(`${red(bed)}[data-state="on"]`).waitFor(WITHIN);
    };
    const tick = (bed: string) => page.locator(`[data-bed="${bed}"]`).getByRole('button', { name: 'Acknowledge' });
    const question = () => page.locator('dialog[data-ask="acknowledge"]');
    /** With keys, wherever the button has gone. */
    const acknowledge = async (bed: string): Promise<void> => {
      await tick(bed).focus();
      await page.keyboard.press('Enter');
      await question().waitFor();
      const name = page.locator('input[name="nurse"]');
      if ((await name.count()) > 0) await name.fill('Nurse Test');
      await page.keyboard.press('Enter');
      await question().waitFor({ state: 'detached' });
    };
    /** Presses where the tick of a bed stands, in the page, as soon as another bed's tick has come there. */
    const pressWhenAnotherComes = (bed: string): Promise<string> =>
      page.evaluate((of) => {
        const button = document.querySelector(`[data-bed="${of}"] [title="Acknowledge"]`)!;
        const { left, top, width, height } = button.getBoundingClientRect();
        const [clientX, clientY] = [left + width / 2, top + height / 2];
        return new Promise<string>((pressed) => {
          const look = (): void => {
            const there = document.elementFromPoint(clientX, clientY)?.closest('[title="Acknowledge"]');
            if (!there || there === button) return;
            looking.disconnect();
            there.dispatchEvent(
              new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1, clientX, clientY }),
            );
            pressed(there.closest('[data-bed]')?.getAttribute('data-bed') ?? '');
          };
          const looking = new MutationObserver(look);
          looking.observe(document.body, { subtree: true, childList: true });
        });
      }, bed);

    it('asks nothing about the bed that came under the pointer in the moment of the press, and says so', async () => {
      await rings('icu-02');
      const pressed = pressWhenAnotherComes('icu-02');
      bedside.spo2('icu-01', 70);
      expect(await pressed).toBe('icu-01');
      await page.getByText('The screen changed under your hand, and nothing was done.').waitFor(WITHIN);
      expect(await question().count()).toBe(0);
      await ask(tick('icu-01'));
      expect(await question().innerText()).toMatch(/icu-01/i);
      await page.keyboard.press('Escape');
    });

    it('does not take the second press of a double click for an answer to the question that the first one opened', async () => {
      await rings('icu-03');
      // Wherever the question opens: here with its answer under the pointer.
      const at = (await tick('icu-03').boundingBox())!;
      await acknowledge('icu-03');
      bedside.spo2('icu-03', 97);
      await page.locator(red('icu-03')).waitFor({ state: 'detached', ...WITHIN });
      await rings('icu-03');
      await ask(tick('icu-03'));
      const confirm = (await question().getByRole('button', { name: 'Acknowledge' }).boundingBox())!;
      const place = (await question().boundingBox())!;
      await page.keyboard.press('Escape');
      const [left, top] = [at.x + place.x - confirm.x - 20, at.y + place.y - confirm.y - 5];
      await page.addStyleTag({ content: `.ask { margin: 0; left: ${left}px; top: ${top}px; }` });
      // Where a button of the question has just stood, the first press does not count either.
      await ask(tick('icu-03'), () => tick('icu-03').dblclick());
      await page.getByText('The screen changed under your hand').waitFor(WITHIN);
      expect(await question().isVisible()).toBe(true);
      await page.keyboard.press('Escape');
    });

    it('takes a press on a phone also where the button of a bed that is scrolled out of sight lies under it', async () => {
      await page.setViewportSize({ width: 390, height: 560 });
      for (const bed of BEDS) await rings(bed);
      const ofList = page.locator('.panel').getByRole('button', { name: 'Acknowledge' }).first();
      const lies = await ofList.evaluate(async (button) => {
        const ward = document.querySelector('main.ward')!;
        const { left, top, width, height } = button.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const isThere = (one: Element): boolean => {
          const place = one.getBoundingClientRect();
          return x >= place.left && x < place.right && y >= place.top && y < place.bottom;
        };
        const isUnder = () => [...ward.querySelectorAll('button')].some(isThere);
        for (ward.scrollTop = 0; !isUnder(); ) {
          const before = ward.scrollTop;
          ward.scrollTop += 4;
          if (ward.scrollTop === before) return false;
        }
        // Until the page has looked twice where its buttons stand.
        await new Promise<void>((looked) => {
          let looks = 0;
          button.getBoundingClientRect = () => {
            looks += 1;
            if (looks === 2) looked();
            return Element.prototype.getBoundingClientRect.call(button);
          };
        });
        return isUnder();
      });
      expect(lies).toBe(true);
      await ask(ofList);
      expect(await question().count()).toBe(1);
      await page.keyboard.press('Escape');
    });

    it('flashes on one beat, however beds have changed places', async () => {
      for (const bed of ['icu-03', 'icu-02', 'icu-01']) await rings(bed);
      const beats = (): Promise<readonly number[]> =>
        page.evaluate(() => {
          const all = document.getAnimations().map((one) => one.effect?.getComputedTiming());
          return all.filter((one) => one?.duration === 500).map((one) => Math.round(500 * (one?.progress ?? -1)));
        });
      await expect.poll(async () => (await beats()).length, WITHIN).toBe(9);
      await expect.poll(async () => new Set(await beats()).size, WITHIN).toBe(1);
    });

    it('goes on from where it was when a question is called off or answered, or a bed is closed', async () => {
      await rings('icu-03');
      await tick('icu-03').focus();
      await page.keyboard.press('Enter');
      await question().getByRole('button', { name: 'Cancel' }).focus();
      await page.keyboard.press('Enter');
      await question().waitFor({ state: 'detached' });
      expect(await page.evaluate(() => document.activeElement?.getAttribute('title'))).toBe('Acknowledge');
      await acknowledge('icu-03');
      await page.locator(`${red('icu-03')}[data-state="acknowledged"]`).waitFor(WITHIN);
      await expect.poll(() => focused(page), WITHIN).toBe('icu-03');
      await until(page.locator('main[data-open="icu-03"]'), () => page.keyboard.press('Enter'));
      expect(await focused(page)).toBe('icu-03');
      await until(page.locator('main.ward'), () => page.keyboard.press('Escape'));
      await expect.poll(() => focused(page), WITHIN).toBe('icu-03');
    });

    it('names at every button that asks or acts what it is for: a screen reader lists them without what stands around', async () => {
      await rings('icu-01');
      await rings('icu-02');
      const names = await page.locator('[data-act]').evaluateAll((buttons) => buttons.map((one) => one.textContent));
      expect(names.toSorted()).toEqual([
        'Acknowledge DESAT, bed icu-01',
        'Acknowledge DESAT, bed icu-02',
        'Acknowledge, bed icu-01',
        'Acknowledge, bed icu-02',
        'Pause audio, bed icu-01',
        'Pause audio, bed icu-02',
      ]);
    });

    it('asks for a name anew where somebody else signs', async () => {
      await rings('icu-03');
      await acknowledge('icu-03');
      bedside.spo2('icu-03', 97);
      await page.locator(red('icu-03')).waitFor({ state: 'detached', ...WITHIN });
      await rings('icu-03');
      await tick('icu-03').focus();
      await page.keyboard.press('Enter');
      await question().getByText('Nurse Test').waitFor();
      await question().getByRole('button', { name: 'someone else' }).focus();
      await page.keyboard.press('Enter');
      const name = page.locator('input[name="nurse"]');
      await expect.poll(() => name.evaluate((input) => document.activeElement === input), WITHIN).toBe(true);
      expect(await name.inputValue()).toBe('');
      await page.keyboard.press('Escape');
    });

    it('closes a question that nobody answers for a minute, which darkens the ward, and says that nothing was done', async () => {
      await page.addInitScript(() => {
        const { setTimeout: usual } = window;
        const soon = (act: TimerHandler, ms?: number, ...given: unknown[]) =>
          usual(act, ms === 60_000 ? 1_000 : ms, ...given);
        Object.assign(window, { setTimeout: soon });
      });
      await page.reload();
      await rings('icu-03');
      await tick('icu-03').focus();
      await page.keyboard.press('Enter');
      await question().waitFor();
      await question().waitFor({ state: 'detached', ...WITHIN });
      await page.getByText('Acknowledge, bed icu-03: not answered for a minute, and nothing was done.').waitFor(WITHIN);
      expect(await page.locator(`${red('icu-03')}[data-state="on"]`).count()).toBe(1);
    });

    it('tells a screen reader of an alarm that begins again in the same words, and of one behind an open question', async () => {
      const said = page.locator('.page > [data-announced="high"] p');
      await rings('icu-01');
      await expect.poll(() => said.allInnerTexts(), WITHIN).toEqual(['icu-01: high priority, DESAT SpO₂ 70 < 80']);
      await acknowledge('icu-01');
      bedside.spo2('icu-01', 97);
      await page.locator(red('icu-01')).waitFor({ state: 'detached', ...WITHIN });
      // A region whose text stays the same says nothing: the second one must be an addition.
      const added = page.evaluate(
        () =>
          new Promise<number>((done) => {
            const region = document.querySelector('.page > [data-announced="high"]')!;
            new MutationObserver((changes) => done(changes.flatMap((one) => [...one.addedNodes]).length)).observe(
              region,
              {
                childList: true,
                characterData: true,
                subtree: true,
              },
            );
          }),
      );
      await rings('icu-01');
      expect(await added).toBe(1);
      await tick('icu-01').focus();
      await page.keyboard.press('Enter');
      await question().waitFor();
      bedside.spo2('icu-02', 70);
      const behind = page.locator('dialog [data-announced="high"] p');
      await expect.poll(() => behind.allInnerTexts(), WITHIN).toEqual(['icu-02: high priority, DESAT SpO₂ 70 < 80']);
      await page.keyboard.press('Escape');
    });
  },
);
