/** A front whose line to the log is cut writes, when the line comes back, the Silence that it had begun to write: of a bed that lives. */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { START } from '../ecg/synthetic-ecg.ts';
import { badFrames, conditionsSaid, STILL_FROM_S } from './hostile-bed.ts';

const silence = (second: number, of: { readonly by?: string; readonly sequence?: number } = {}): Telemetry => {
  const atUs = START + second * 1e6;
  return create(TelemetrySchema, {
    ...{ bed: 'icu-01', source: of.by === undefined ? 'vigil-gateway' : 'nurse', sequence: of.sequence ?? 1 },
    ...{ deviceTimeUs: atUs, gatewayTimeUs: atUs },
    silence: { sinceUs: of.by === undefined ? atUs - 3e6 : 0, takenAwayBy: of.by ?? '' },
  });
};
/** The frames of a bed that fares badly, with others behind the frame that ends at a second. */
const withBehind = (second: number, ...late: readonly Telemetry[]): readonly Telemetry[] =>
  badFrames().flatMap((frame, i) => (i + 1 === second ? [frame, ...late] : [frame]));

describe('a Silence that comes late from the log', () => {
  it.each([12, STILL_FROM_S + 5, STILL_FROM_S + 15])(
    'of a bed that lives, at %d s, changes no word of what is said of the bed',
    async (second) => {
      const undisturbed = await conditionsSaid(badFrames());
      expect(undisturbed).toContain('asystole');
      expect(await conditionsSaid(withBehind(second, silence(second - 11)))).toEqual(undisturbed);
    },
  );

  it('is told with its bed, and how far it lay behind', async () => {
    const told: string[] = [];
    const stage = analysisStage({
      ...{ preset: presets.vigil, network: undefined },
      onLateSilence: (bed, behindS) => told.push(`${bed} ${behindS} s`),
    });
    const records = withBehind(15, silence(4), silence(3)).map(
      (frame, i): LogRecord => ({
        ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: 'icu-01', value: encodeTelemetry(frame) },
        appendedAt: moment(frame.gatewayTimeUs),
      }),
    );
    await stage.step([{ bed: 'icu-01', memory: stage.start('icu-01'), records }]);
    expect(told).toEqual(['icu-01 11 s', 'icu-01 12 s']);
  });

  it('behind one that another front told changes nothing either', async () => {
    const told = (late: readonly Telemetry[]) => [...badFrames(), silence(44), ...late, silence(45), silence(50)];
    const undisturbed = await conditionsSaid(told([]));
    expect(undisturbed).toContain('no-signal');
    expect(await conditionsSaid(told([silence(41, { sequence: 9 })]))).toEqual(undisturbed);
  });

  it('that a nurse wrote sets no clock back', async () => {
    const undisturbed = await conditionsSaid(badFrames());
    expect(await conditionsSaid(withBehind(30, silence(12, { by: 'A. Nurse' })))).toEqual(undisturbed);
  });

  it('is of a clock that was set back where the next goes on from it', async () => {
    const back = (second: number) => silence(second - 3_600, { sequence: second });
    const said = await conditionsSaid([...badFrames(), back(41), back(42), back(43), back(50)]);
    expect(said).toContain('no-signal');
  });
});
