/** An assignment whose time is still to come, as of a register whose clock is ahead: all parts of Vigil name the same patient. */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { AssignmentSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { emptyPicture, stepPicture } from '../../services/screens/bed-picture.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';
import { at, frame } from '../gateway/frames.ts';

/** A second of ECG with each frame; from the fifth on another patient, who is said to come `aheadS` later. */
const frames = (aheadS: number) =>
  Array.from({ length: 20 }, (_, i) => {
    const second = i + 1;
    const told = frame({ sequence: second, device: second, ecgMs: 1_000, hr: 70 });
    const fromUs = second < 5 ? at(0) : at(5 + aheadS);
    const assignment = create(AssignmentSchema, { patient: second < 5 ? 'p1' : 'p2', fromUs });
    return { ...told, gatewayTimeUs: told.deviceTimeUs, assignment };
  });

describe('an assignment of a time to come', () => {
  it.each([0, 60, 7_200])(
    'counts from the frame that tells it (%i s ahead), in analysis as on the screens',
    (aheadS) => {
      let memory = startObserving;
      let picture = emptyPicture('icu-01');
      for (const one of frames(aheadS)) {
        [memory] = observe(memory, one);
        picture = stepPicture(picture, { tag: 'Frame', frame: one });
      }
      expect([memory.patient, picture.bed.patient]).toEqual(['p2', 'p2']);
      // At most that of the newest frame, whose ECG has not been heard to its end yet.
      expect(memory.waiting.filter(({ tag }) => tag === 'AssignmentSeen').length).toBeLessThanOrEqual(1);
    },
  );
});
