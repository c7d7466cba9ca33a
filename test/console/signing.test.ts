import { describe, expect, it } from 'vitest';
import { readSigned, signsNow } from '../../dashboards/console/src/logic/page/signing.ts';

const MINUTE_US = 60e6;
const ada = { name: 'Ada', atUs: 1_780_000_000e6 };

describe('the name in which an act is signed without asking', () => {
  it('is that of the last act, until nobody has acted for as long as the site says', () => {
    const asked = (minutes: number) => signsNow(ada, ada.atUs + minutes * MINUTE_US, 15 * MINUTE_US);
    expect([asked(0), asked(14.9), asked(15), asked(600)]).toEqual(['Ada', 'Ada', '', '']);
    // A clock of Vigil that was set back tells nothing of how long it has been.
    expect(asked(-60)).toBe('');
  });
  it('is kept as long as the page where a site, or a Vigil of before, says nothing', () => {
    expect(signsNow(ada, ada.atUs + 600 * MINUTE_US, undefined)).toBe('Ada');
    expect(signsNow(undefined, ada.atUs, undefined)).toBe('');
  });
  it('outlives a reload of the page, and is asked for where what was kept cannot be read', () => {
    expect(readSigned(JSON.stringify(ada))).toEqual(ada);
    expect([undefined, '', 'Ada', '{"name":1}', 'null'].map(readSigned)).toEqual(Array(5).fill(undefined));
  });
});
