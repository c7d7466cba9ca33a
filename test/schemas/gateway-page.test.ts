/** docs/gateway.md says what is so: its tables are the code's, and its example is taken. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { PRIVATE, signalCodes, unitsOf } from '../../schemas/codes.ts';
import { rejectionCodes } from '../../schemas/rejection.ts';
import { decodeTelemetryJson } from '../../schemas/telemetry.ts';
import { closing, overloaded } from '../../services/gateway/answer.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/gateway.md'), 'utf8');
const [example] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text!);

/** Said by Vigil, never sent to it; laboratory values have a page of their own. */
const isSent = ({ code, kind }: (typeof signalCodes)[number]): boolean =>
  kind !== 'laboratory' && code !== PRIVATE.rhythm;

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
