/** docs/gateway.md says what is so: its tables are the code's, and its example is taken. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { MDC, PRIVATE, signalCodes, unitsOf } from '../../schemas/codes.ts';
import { rejectionCodes } from '../../schemas/rejection.ts';
import { decodeTelemetryJson } from '../../schemas/telemetry.ts';
import { closing, overloaded } from '../../services/gateway/answer.ts';
import { staleAfter } from '../../stream-models/vocabulary/stale-after.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/gateway.md'), 'utf8');
const [example] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text!);

/** Said by Vigil, never sent to it; laboratory values have a page of their own. */
const SAID_BY_VIGIL: readonly number[] = [PRIVATE.rhythm, PRIVATE.ecgLeast, PRIVATE.ecgMost];
const isSent = ({ code, kind }: (typeof signalCodes)[number]): boolean =>
  kind !== 'laboratory' && !SAID_BY_VIGIL.includes(code);

describe('the page for gateways', () => {
  it('lists every signal of a monitor with its code, name, LOINC and units, and nothing else', () => {
    const rows = page.split('\n').filter((line) => /^\| .* \| \d{6,} \| `/.test(line));
    expect(rows).toEqual(
      signalCodes.filter(isSent).map(({ label, code, name, loinc, dimension, ucum }) => {
        const units = Object.keys(unitsOf[dimension]).map((unit) =>
          unit === ucum ? `**\`${unit}\`**` : `\`${unit}\``,
        );
        return `| ${label} | ${code} | \`${name}\` | ${loinc ?? ''} | ${units.join(' ')} |`;
      }),
    );
  });

  it('says for how long a number counts', () => {
    const said: readonly (readonly [string, readonly number[], number])[] = [
      ['heart rate 5 s', [MDC.ecgHeartRate], 5],
      ['SpO₂, pulse and arterial pressure 10 s', [MDC.spo2, MDC.pulseRate, MDC.abpSystolic, MDC.abpMean], 10],
      ['respiration, CVP and CO₂ 15 s', [MDC.respRate, MDC.respRateCo2, MDC.cvpMean, MDC.etco2], 15],
      ['cuff 20 min', [MDC.nibpSystolic, MDC.nibpMean], 1_200],
      ['temperature 4 h', [MDC.temperature], 14_400],
    ];
    for (const [words, codes, span] of said) {
      expect(page).toContain(words);
      expect(codes.map((code) => staleAfter(code) / 1e6)).toEqual(codes.map(() => span));
    }
  });

  it('names every code by which a frame may be refused or sent back', () => {
    const said = new Set([...page.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code));
    const answered = [...rejectionCodes, overloaded.code, closing.code];
    expect(answered.filter((code) => !said.has(code))).toEqual([]);
  });

  it('has an example that is taken as it stands there', () => {
    expect(decodeTelemetryJson(JSON.parse(example!))).toMatchObject(
      E.right({ leads: [{ off: true }], deviceAlerts: [{ text: '***ASYSTOLE', present: true }] }),
    );
  });
});
