import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { rulesText } from '../../services/cli/rules.ts';
import { readRules } from '../../services/config/rules-file.ts';
import { readConfig, redacted } from '../../services/config.ts';
import { delayOf } from '../../stream-models/presets/preset.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { rulesByBed } from '../../stream-models/presets/site-rules.ts';
import { right } from '../right.ts';

const mistakes = (file: unknown): readonly string[] => {
  const read = readRules(typeof file === 'string' ? file : JSON.stringify(file), 'vigil');
  return E.isLeft(read) ? read.left : [];
};
const rulesOf = (file: unknown) => right(readRules(JSON.stringify(file), 'vigil'));
const adult = (limits: object): object => ({ limits: { adult: limits } });

const HOSPITAL = {
  version: '2026-11',
  site: { ...adult({ hr: { high: 125 } }), delays: { spo2: 15 } },
  units: {
    'ICU 2': {
      beds: ['icu-2-*', 'bay-7'],
      ...adult({ hr: { low: 45 }, cvp: { high: null } }),
      delays: { 'spo2-low': 5, hr: 5 },
      bounds: { adult: { hr: { high: [100, 138] }, spo2: { off: false } } },
    },
  },
};

describe("a site's rules", () => {
  it('stand layer by layer over the preset: the site’s, and over them those of the unit whose bed it is', () => {
    const rules = rulesOf(HOSPITAL);
    const of = rulesByBed(presets.vigil, rules);
    const [unit, site] = [of('icu-2-04'), of('icu-1-04')];
    expect(of('bay-7')).toBe(unit);
    expect(unit.preset.populations.adult.limits.hr).toEqual({ low: 45, high: 125, hysteresis: 2 });
    expect(unit.preset.populations.adult.limits.cvp).toEqual({ low: 0, high: undefined, hysteresis: 1 });
    expect(site.preset.populations.adult.limits.hr).toEqual({ low: 50, high: 125, hysteresis: 2 });
    expect(site.preset.populations.child).toEqual(presets.vigil.populations.child);
    const delays = (rule: typeof unit) =>
      (['spo2-low', 'spo2-high', 'hr-low'] as const).map((name) => delayOf(rule.preset, name) / 1e6);
    expect([delays(unit), delays(site)]).toEqual([
      [5, 15, 5],
      [15, 15, 0],
    ]);
    expect(unit.bounds.adult.hr).toEqual({ low: [40, 75], high: [100, 138], mayBeOff: true });
    expect(unit.bounds.adult.spo2.mayBeOff).toBe(false);
    expect([unit.label, site.label]).toEqual([
      `vigil/ICU 2@2026-11#${rules.hash.slice(0, 8)}`,
      `vigil/site@2026-11#${rules.hash.slice(0, 8)}`,
    ]);
  });

  it('leave everything that is red as the preset has it', () => {
    const { preset } = rulesByBed(presets.vigil, rulesOf(HOSPITAL))('icu-2-04');
    for (const population of ['adult', 'child', 'neonate'] as const) {
      expect(preset.populations[population].rhythm).toEqual(presets.vigil.populations[population].rhythm);
      expect(preset.populations[population].desaturationBelow).toBe(80);
    }
  });

  it.each([
    ['{', /it is not JSON/],
    [{ sites: {} }, /^the file: "sites" is not known here; there are version, site, units$/],
    [
      { site: { delays: { asystole: 5 } } },
      /^site\.delays\.asystole: ASYSTOLE is red, and nothing red is ever delayed/,
    ],
    [{ site: { delays: { vf: 0 } } }, /VFIB\/VFLUTTER is red/],
    [{ site: { delays: { 'extreme-tachy': 1 } } }, /EXTREME TACHY is red/],
    [{ site: { delays: { spo: 5 } } }, /^site\.delays\.spo: no limit is called so; there are hr, pulse, spo2/],
    [{ site: { delays: { spo2: 31 } } }, /^site\.delays\.spo2: must be seconds, 0 to 30$/],
    [{ site: adult({ hr: { low: 38 } }) }, /^site\.limits\.adult\.hr\.low is 38; the red limit beside it is 40/],
    [{ site: adult({ spo2: { low: 78 } }) }, /^site\.limits\.adult\.spo2\.low is 78; the red limit beside it is 80/],
    [{ site: adult({ hr: { low: '45' } }) }, /^site\.limits\.adult\.hr\.low: must be a number, or null/],
    [{ site: adult({ hr: { low: 119 } }) }, /low must lie below high by twice its hysteresis/],
    [{ site: adult({ hr: { lowest: 45 } }) }, /"lowest" is not known here; there are low, high, hysteresis/],
    [{ site: { limits: { grown: {} } } }, /"grown" is not known here; there are adult, child, neonate/],
    [{ site: { bounds: { adult: { hr: { high: [150, 100] } } } } }, /the least comes first/],
    [{ site: { bounds: { adult: { hr: { high: [100, 160] } } } } }, /reaches 160; the red limit beside it is 140/],
    [{ site: { bounds: { adult: { rr: { low: [9, 12] } } } } }, /unit's own limit 8 lies outside; widen it/],
    [{ units: { A: {} } }, /^units\."A"\.beds: must list the unit’s beds/],
    [{ units: { A: { beds: ['icu-*'] }, B: { beds: ['icu-04'] } } }, /may mean one bed; a bed is of one unit/],
  ])('%j is refused with its place and what to do', (file, sentence) => {
    expect(mistakes(file)).toEqual([expect.stringMatching(sentence)]);
  });

  it('are said mistake by mistake, all at once, and a mistake of the site not once more of each unit', () => {
    const file = {
      site: { ...adult({ hr: { low: 38 } }), delays: { vt: 1 } },
      units: { A: { beds: ['a'] }, B: { beds: ['b'], delays: { x: 1 } } },
    };
    const all = mistakes(file);
    expect(all.map((mistake) => mistake.split(/[: ]/)[0])).toEqual([
      'site.delays.vt',
      'site.limits.adult.hr.low',
      'units."B".delays.x',
    ]);
  });

  it('are named by one setting, and what is wrong with them stops Vigil as any other mistake', () => {
    const read = (text: string | undefined) =>
      readConfig({ VIGIL_RULES_FILE: '/etc/rules.json' }, undefined, (path) => {
        if (text === undefined) throw new Error(`no ${path}`);
        return text;
      });
    expect(read(undefined)).toEqual(
      E.left(['VIGIL_RULES_FILE /etc/rules.json cannot be read (no /etc/rules.json). Check the path and its rights.']),
    );
    expect(read('{"site":{"delays":{"vt":1}}}')).toEqual(
      E.left([
        'VIGIL_RULES_FILE /etc/rules.json: site.delays.vt: VTACH is red, and nothing red is ever delayed; take it out.',
      ]),
    );
    const config = right(read(JSON.stringify(HOSPITAL)));
    expect(redacted(config)['rules']).toMatchObject({ path: '/etc/rules.json', version: '2026-11', units: ['ICU 2'] });
  });

  it('are printed with the time to the alarm beside each delay, and a warning where HR would ring too late', () => {
    const text = rulesText(presets.vigil, { ...rulesOf(HOSPITAL), path: 'rules.json' }).join('\n');
    expect(text).toMatch(/Unit "ICU 2", beds icu-2-\*, bay-7: "vigil\/ICU 2@2026-11#/);
    expect(text).toMatch(/\nHR +\/min +45 to 125 \(2\) .* 5 s +15\.3 s\n/);
    expect(text).toMatch(/\nHR +\/min +50 to 125 \(2\) .* 0 s +9\.3 s\n/);
    expect(text).toMatch(/\nSpO₂ .* 5 and 15 s +7\.3 and 17\.3 s\n/);
    expect(text.match(/WARNING: HR would ring up to 15\.3 s after/g)).toHaveLength(1);
    expect(text).toMatch(/\nHR +40…75 \| 100…138 /);
    expect(rulesText(presets.vigil).join('\n')).not.toContain('WARNING');
  });
});
