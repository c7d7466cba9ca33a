/**
 * Goal: the interval beside a risk is measured of this very network, holds the number, and says more where the number says more.
 * Method: any levels and any risks, and those that ship.
 */
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RiskSchema, RiskState } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { moment } from '../../schemas/units.ts';
import { liveRisk } from '../../services/screens/live-risk.ts';
import { openDeteriorationModel } from '../../services/stays/deterioration-model.ts';
import { intervalAt, type RiskLevel, risingLevels } from '../../stream-models/deterioration/risk-interval.ts';
import { riskLevels } from '../../stream-models/deterioration/risk-levels.ts';
import { riskMessage, tooEarly } from '../../stream-models/deterioration/say-risk.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const levelsAny: fc.Arbitrary<readonly RiskLevel[]> = fc
  .array(fc.record({ risk: share, low: share, high: share }), { minLength: 1, maxLength: 20 })
  .map((levels) => risingLevels(levels.toSorted((a, b) => a.risk - b.risk)));
const levelsShipped = fc.constant(riskLevels.levels);

describe.each([
  ['any levels', levelsAny],
  ['the levels that ship', levelsShipped],
])('the interval of a risk, by %s', (_, levels) => {
  it('holds the risk, inside of 0 to 1', () => {
    fc.assert(
      fc.property(levels, share, (of, risk) => {
        const { low, high } = intervalAt(of, risk);
        return 0 <= low && low <= risk && risk <= high && high <= 1;
      }),
    );
  });

  it('never falls where the risk rises', () => {
    fc.assert(
      fc.property(levels, share, share, (of, a, b) => {
        const [less, more] = [intervalAt(of, Math.min(a, b)), intervalAt(of, Math.max(a, b))];
        // Sums of floating point on one line may differ in their last digit.
        return less.low <= more.low + 1e-12 && less.high <= more.high + 1e-12;
      }),
    );
  });

  it('holds the level that was measured there', () => {
    fc.assert(
      fc.property(levels, (of) =>
        of.every(({ risk, low, high }, i) => {
          if (risk === of[i - 1]?.risk || risk === of[i + 1]?.risk) return true;
          const said = intervalAt(of, risk);
          return said.low <= low + 1e-12 && said.high >= high - 1e-12;
        }),
      ),
    );
  });
});

describe('the levels that ship', () => {
  it('were measured for the network that ships, and rise', async () => {
    const model = await openDeteriorationModel();
    await model.close();
    expect(riskLevels.model).toBe(model.sha256);
    expect(risingLevels(riskLevels.levels)).toEqual(riskLevels.levels);
    const risks = riskLevels.levels.map(({ risk }) => risk);
    expect(risks).toEqual(risks.toSorted((a, b) => a - b));
    expect(risks.length).toBeGreaterThan(10);
  });
});

describe('a risk of a network of which nothing was measured', () => {
  it('is the same number without an interval', () => {
    const kept = { at: moment(0), state: 'value' as const, probability: 0.1, missing: [], basis: [] };
    const { interval: _, ...measured } = riskMessage(kept, { threshold: 0.03, model: 'm', levels: riskLevels.levels });
    expect(riskMessage(kept, { threshold: 0.03, model: 'm' })).toEqual(measured);
  });
});

describe('a risk that an earlier Vigil kept in its memory', () => {
  it('is said again without what it leans on', () => {
    const kept = { at: moment(0), state: 'value' as const, probability: 0.1, missing: [], basis: [] };
    const { probability, interval, causes } = riskMessage(kept, {
      threshold: 0.03,
      model: 'm',
      levels: riskLevels.levels,
    });
    expect({ probability, causes }).toEqual({ probability: 0.1, causes: [] });
    expect(interval!.low <= 0.1 && interval!.high >= 0.1).toBe(true);
  });
});

describe('a risk without a number', () => {
  it('has no interval on the log, nor on a screen', () => {
    const teller = { threshold: 0.03, model: 'm', levels: riskLevels.levels };
    expect(riskMessage(tooEarly(moment(0)), teller).interval).toBeUndefined();
    const interval = { low: 0.1, high: 0.3 };
    const said = (state: RiskState, probability?: number) =>
      liveRisk(create(RiskSchema, { name: 'sepsis', state, interval, ...(probability && { probability }) }), 0);
    expect(said(RiskState.VALUE, 0.25).interval).toEqual({
      low: expect.closeTo(0.1, 6),
      high: expect.closeTo(0.3, 6),
    });
    expect(said(RiskState.INSUFFICIENT).interval).toBeUndefined();
    expect(said(RiskState.VALUE).interval).toBeUndefined();
    // Of another Vigil: what does not hold its number is no interval.
    expect(said(RiskState.VALUE, 0.5)).not.toHaveProperty('interval');
  });
});
