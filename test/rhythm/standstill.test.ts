import { describe, expect, it } from 'vitest';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, beats, chart, rates, rhythms, rung, type Stretch, shift, steady } from './shift.ts';

const stillFrom: readonly Stretch[] = [{ from: 0 }, { from: 10.2, line: 'flat' }];

describe('asystole and pause', () => {
  it('says asystole when there was no QRS for 4 s, and says so within 5 s', () => {
    const said = chart(shift(20, steady(0.5, 10, 60), stillFrom)).find((line) => line.includes('+ asystole'));
    expect(said).toBe('14.0s + asystole (no QRS for 4.5 s, flat line: asystole or signal lost)');
  });

  it('speaks of the moment when the 4 s were over', () => {
    const lines = chart(shift(12, beats(0.5, [1, 1, 1, 1, 4.2, 1, 1])));
    expect(lines.filter((line) => line.includes('asystole'))).toEqual([
      '9.0s + asystole (no QRS for 4.2 s)',
      '10.0s − asystole (beats again)',
    ]);
  });

  it('does not call a silence of 3.9 s asystole, but a pause', () => {
    const made = shift(39, [...steady(0.5, 30, 60), ...beats(33.4, [1, 1, 1, 1, 1])]);
    expect(rung(made).filter((condition) => condition !== 'hr-low')).toEqual(['pause']);
  });

  it('shows no heart rate during asystole', () => {
    const shown = rates(shift(20, steady(0.5, 10, 60), stillFrom));
    expect([...shown.keys()].filter((second) => second > 14)).toEqual([]);
  });

  it('says asystole, never a technical condition, for a line without beats that was flat from the start', () => {
    expect(rung(shift(30, [], [{ from: 0, line: 'flat' }]))).toEqual(['asystole']);
  });

  it('says asystole under noise as well: quality never silences a red condition', () => {
    const made = shift(40, steady(0.5, 10, 60), [{ from: 0 }, { from: 10, line: 'noise', quality: 0.05 }]);
    expect(rung(made)).toContain('asystole');
  });

  it('ends asystole when beats have come back', () => {
    const made = shift(40, [...steady(0.5, 10, 60), ...steady(20, 20, 60)], [...stillFrom, { from: 19.5 }]);
    expect(chart(made).filter((line) => line.includes('− asystole'))).toEqual(['21.3s − asystole (beats again)']);
    expect(rhythms(made)).toEqual(['sinus-like', 'asystole', 'sinus-like']);
  });

  it('is not ended by one lonely beat', () => {
    const made = shift(40, [...steady(0.5, 10, 60), ...beats(20, [8])], [...stillFrom]);
    expect(chart(made).filter((line) => line.includes('− asystole'))).toEqual([]);
  });

  it('counts only signal that was heard: short breaks of the link neither hide nor make an asystole', () => {
    const breaks = (seen: Sighting): readonly Sighting[] => {
      const second = (seen.said - at(0)) / 1e6;
      const inBreak = second > 10.5 && second % 3 < 1;
      if (seen.tag !== 'EcgProgress' || !inBreak) return [seen];
      return second % 3 === 0 ? [{ tag: 'EcgBroken', at: seen.at, said: seen.said, why: 'gap' }] : [];
    };
    const still = shift(30, steady(0.5, 10, 60), stillFrom).flatMap(breaks);
    expect(rung(still)).toContain('asystole');
    const beating = shift(30, steady(0.5, 30, 60)).flatMap(breaks);
    expect(rung(beating)).toEqual([]);
  });
});

describe('leads or rate that change with every stretch', () => {
  const changing = (seen: Sighting): readonly Sighting[] =>
    seen.tag === 'EcgProgress' && seen.at > at(10.2)
      ? [{ tag: 'EcgBroken', at: seen.at, said: seen.said, why: 'rate changed' }, seen]
      : [seen];
  const asystole = (made: readonly Sighting[]) => chart(made).find((line) => line.includes('+ asystole'));

  it('neither hide nor delay an asystole, and the alarm says why it may be none', () => {
    const still = shift(20, steady(0.5, 10, 60), [{ from: 0 }, { from: 10.2, line: 'noise' }]);
    const [without, with_] = [asystole(still), asystole(still.flatMap(changing))];
    expect(without).toBe('14.0s + asystole (no QRS for 4.5 s)');
    expect(with_).toBe(
      '14.0s + asystole (no QRS for 4.5 s, leads or rate of the ECG keep changing: asystole or not heard)',
    );
  });

  it('are not told of a flat line, nor after beats were heard', () => {
    const flat = shift(20, steady(0.5, 10, 60), stillFrom).flatMap(changing);
    expect(asystole(flat)).toBe('14.0s + asystole (no QRS for 4.5 s, flat line: asystole or signal lost)');
    const early = shift(30, steady(0.5, 20, 60), [{ from: 0 }, { from: 20.2, line: 'noise' }]).flatMap((seen) =>
      seen.said < at(15) ? changing(seen) : [seen],
    );
    expect(asystole(early)).toBe('24.0s + asystole (no QRS for 4.5 s)');
  });
});

describe('what is not asystole', () => {
  it('says lead off, and no asystole, when all leads are off', () => {
    const made = shift(40, steady(0.5, 10, 60), [{ from: 0 }, { from: 10.2, line: 'flat', off: true }]);
    expect(rung(made)).toEqual(['lead-off']);
    expect(chart(made)[0]).toBe('10.5s + lead-off (all leads off)');
  });

  it('takes the monitor’s word for electrodes that are off when the waves simply stop', () => {
    const off = [131330, 131331].map(
      (code): Sighting => ({ tag: 'LeadSeen', at: at(10.2), said: at(10.2), code, off: true }),
    );
    const made = shift(40, steady(0.5, 10, 60), [{ from: 0 }, { from: 10.2, silent: true }], off);
    expect(rung(made)).toContain('lead-off');
    expect(rung(made)).not.toContain('asystole');
  });

  it('starts counting anew when the electrodes are back', () => {
    const stretches: readonly Stretch[] = [{ from: 0 }, { from: 10, off: true, line: 'flat' }, { from: 20 }];
    expect(rung(shift(40, [...steady(0.5, 10, 60), ...steady(22, 18, 60)], stretches))).toEqual(['lead-off']);
  });

  it('goes on with the other lead when one is off', () => {
    const made = shift(40, steady(0.5, 10, 60), [{ from: 0 }, { from: 10.2, line: 'flat' }]).map((seen) =>
      seen.tag === 'EcgProgress' ? { ...seen, leads: seen.leads.map((lead, i) => ({ ...lead, off: i === 0 })) } : seen,
    );
    expect(rung(made)).toEqual(['lead-off', 'hr-low', 'pause', 'asystole']);
  });

  it('says lead off for one electrode whose lead sends nothing any more, while the other lead goes on', () => {
    const seen = (second: number, off: boolean): Sighting => ({
      ...{ tag: 'LeadSeen', at: at(second), said: at(second), code: 131331, off },
    });
    const withoutSecond = (each: Sighting): Sighting =>
      each.tag === 'EcgProgress' && each.at > at(10.2) && each.at < at(20.2)
        ? { ...each, leads: each.leads.slice(0, 1) }
        : each;
    const made = shift(30, steady(0.5, 30, 60), [{ from: 0 }], [seen(10.2, true), seen(20.2, false)]);
    expect(chart(made.map(withoutSecond))).toEqual([
      '10.2s + lead-off (1 of 2 leads off)',
      '20.2s − lead-off (leads on)',
    ]);
  });

  it('says lead off anew when the last lead comes off, whoever has silenced that of the first', () => {
    const off = (from: number, to: number, lead: number) => (each: Sighting) =>
      each.tag === 'EcgProgress' && each.at > at(from) && each.at < at(to)
        ? { ...each, leads: each.leads.map((one, i) => (i === lead ? { ...one, off: true } : one)) }
        : each;
    const made = shift(60, steady(0.5, 60, 60)).map(off(10, 50, 0));
    const leadsOff = (all: readonly Sighting[]) => chart(all).filter((line) => line.includes('lead-off'));
    expect(leadsOff(made.map(off(30, 40, 1)))).toEqual([
      '10.3s + lead-off (1 of 2 leads off)',
      '30.3s − lead-off (all leads off)',
      '30.3s + lead-off (all leads off)',
      '50.0s − lead-off (leads on)',
    ]);
    // Electrodes that a monitor tells of one after the other are told of once.
    expect(leadsOff(made.map(off(12, 50, 1)))).toHaveLength(2);
  });

  it('says no signal, and no asystole, when the bed falls silent, at the latest after 10 s', () => {
    const made = shift(40, steady(0.5, 10, 60), [{ from: 0 }, { from: 10, silent: true }]);
    expect(chart(made)).toEqual(['15.0s + no-signal (nothing from the bed for 5 s)']);
  });

  it('says no signal for a line of nothing but missing samples', () => {
    const made = shift(40, steady(0.5, 10, 60), [{ from: 0 }, { from: 10, line: 'nothing' }]);
    expect(rung(made)).toEqual(['no-signal']);
    expect(rung(shift(40, [], [{ from: 0, line: 'nothing' }]))).toEqual(['no-signal']);
  });

  it('ends no signal with the next ECG', () => {
    const made = shift(
      40,
      [...steady(0.5, 10, 60), ...steady(25.5, 14, 60)],
      [{ from: 0 }, { from: 10, silent: true }, { from: 25 }],
    );
    expect(chart(made).at(-1)).toBe('25.3s − no-signal (signal again)');
  });

  it('says out of range, and no asystole, when the amplifier stands at its rail', () => {
    const made = shift(30, steady(0.5, 10, 60), [{ from: 0 }, { from: 10.2, line: 'flat', saturated: true }]);
    expect(rung(made)).toEqual(['ecg-saturated']);
  });

  it('calls noise noise after 10 s, and ends yellow rhythms then', () => {
    const bigeminy = steady(0.5, 60, 90, 'NV');
    const made = shift(40, bigeminy, [{ from: 0 }, { from: 15, quality: 0.1 }]);
    const lines = chart(made).filter((line) => /bigeminy|noise/.test(line));
    expect(lines).toEqual([
      '4.1s + bigeminy (every second beat V, 3 times)',
      '25.3s + ecg-noise (quality below 0.25 for 10 s)',
      '25.3s − bigeminy (the ECG is too noisy to tell)',
    ]);
    expect([...rates(made).keys()].filter((second) => second > 26)).toEqual([]);
  });
});

describe('the pause', () => {
  it('is seen when the RR interval was long enough only by what came after it', () => {
    expect(rung(shift(11, beats(0.5, [1, 1, 1, 1, 3.1, 1, 1, 1, 1])))).toContain('pause');
  });
  it('stays for 5 s, so that it can be seen', () => {
    const lines = chart(shift(30, beats(0.5, [1, 1, 1, 1, 3.5, ...new Array<number>(20).fill(1)])));
    expect(lines.filter((line) => line.includes('pause')).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(
      ['8.0s + pause', '13.0s − pause'],
    );
  });
});
