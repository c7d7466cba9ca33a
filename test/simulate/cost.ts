/** What a simulated bed costs: node test/simulate/cost.ts. No test, because it measures the machine. */
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { simulatedBed } from '../../services/simulate/simulated-bed.ts';
import { simulatedWard } from '../../services/simulate/ward.ts';
import { secondsInto } from './bed.ts';

const BEDS = 100;
const SECONDS = 60;

for (const frameMs of [250, 1000]) {
  const ward = simulatedWard({ beds: BEDS, seed: 1, start: moment(0), frameMs });
  const play = (): number => {
    let bytes = 0;
    for (const settings of ward) {
      const bed = simulatedBed(settings);
      for (const { telemetry } of bed.step(bed.start, secondsInto(settings, SECONDS))[1])
        if (telemetry) bytes += encodeTelemetry(telemetry).length;
    }
    return bytes;
  };
  play();
  const before = process.cpuUsage();
  const bytes = play();
  const { user, system } = process.cpuUsage(before);
  const perBedSecond = (user + system) / (BEDS * SECONDS);
  console.log(
    `${frameMs} ms frames: ${perBedSecond.toFixed(0)} µs CPU and ${(bytes / (BEDS * SECONDS)).toFixed(0)} bytes per bed-second`,
  );
}
