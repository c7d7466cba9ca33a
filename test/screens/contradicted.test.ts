/** What operators are told of beds that contradict others, or themselves. */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { AssignmentSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { makeWard } from '../../services/screens/ward.ts';
import { at, frame } from '../gateway/frames.ts';

const wardOf = (...told: readonly { bed: string; source: string; patient?: string; second?: number }[]) => {
  const ward = makeWard();
  for (const { bed, source, patient, second = 1 } of told) {
    const assignment = patient === undefined ? undefined : create(AssignmentSchema, { patient });
    const heard = { ...frame({ sequence: second, device: second, source, hr: 70 }), bed, gatewayTimeUs: at(second) };
    ward.hear(bed, { tag: 'Frame', frame: assignment === undefined ? heard : { ...heard, assignment } });
  }
  return ward;
};

describe('beds that are contradicted', () => {
  it('are counted where a patient is named on two of them', () => {
    const ward = wardOf(
      { bed: 'icu-04', source: 'a', patient: 'p-1' },
      { bed: 'icu-07', source: 'b', patient: 'p-1' },
      { bed: 'icu-09', source: 'c', patient: 'p-2' },
    );
    expect(ward.contradicted(at(2))).toEqual({ patientTwice: 2, severalDevices: 0 });
    // A bed that left the wall hours ago contradicts nobody.
    expect(ward.contradicted(at(2 + 2 * 3_600))).toEqual({ patientTwice: 0, severalDevices: 0 });
  });

  it('are counted where two gateways speak for one, while both do', () => {
    const ward = wardOf({ bed: 'icu-04', source: 'gateway a' }, { bed: 'icu-04', source: 'gateway b' });
    expect(ward.contradicted(at(2))).toEqual({ patientTwice: 0, severalDevices: 1 });
    expect(ward.contradicted(at(60))).toEqual({ patientTwice: 0, severalDevices: 0 });
  });
});
