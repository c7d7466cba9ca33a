/** One bed on the ward: name, gravest alarm, ECG sweep, heart rate and the vital signs, each with its age. */
import { memo } from 'react';
import { signalOf } from '../../../../schemas/codes.ts';
import type { LiveBed } from '../../../../schemas/live.ts';
import { flashes, graverFirst, isShown } from '../logic/alarms/alarm-look.ts';
import { HEART_RATE, RESP_RATE, SPO2, TEMPERATURE } from '../logic/numbers/readings.ts';
import { ageText, isSilent } from '../logic/time/age.ts';
import { contradictionText } from '../logic/ward/contradictions.ts';
import { AlarmChip } from './alarm-chip.tsx';
import { BedButtons } from './bed-buttons.tsx';
import { BedName } from './bed-name.tsx';
import { OwnLimits } from './limits/own-limits.tsx';
import { HeartRate, PressureReading, Reading, ScoreReading } from './reading.tsx';
import { Strip } from './strip.tsx';
import { useBed, useConsole, useNow } from './use-console.ts';

/** What lies over the sweep when there is nothing to sweep. */
export const NoSignal = ({ bed }: { readonly bed: LiveBed }) => {
  const { waves } = useConsole();
  const silent = useNow((nowUs) =>
    isSilent(bed.lastFrameUs, nowUs) ? (bed.lastFrameUs === null ? 'never' : ageText(nowUs - bed.lastFrameUs)) : '',
  );
  // The lead that is drawn is off: said where its trace would be. Another one: said in the corner.
  const leadOff = useNow((nowUs) => {
    const lead = waves.lead(bed.bed, nowUs);
    return bed.leadsOff.length > 0 && (lead === undefined || bed.leadsOff.includes(lead));
  });
  if (silent !== '')
    return (
      <div className="no-signal" data-nodata>
        <b>NO DATA</b>
        <span>{silent === 'never' ? 'nothing heard yet' : `last heard ${silent} ago`}</span>
      </div>
    );
  if (bed.leadsOff.length === 0) return null;
  return (
    <div className={leadOff ? 'no-signal' : 'no-signal no-signal-lead'} data-leadoff>
      <b>LEAD OFF</b>
      <span>{bed.leadsOff.map((code) => signalOf(code)?.label ?? String(code)).join(', ')}</span>
    </div>
  );
};

/** What contradicts itself about the bed; nothing where all agree. */
export const Contradiction = ({ bed, place }: { readonly bed: LiveBed; readonly place: 'tile' | 'bed' }) => {
  const { ward } = useConsole();
  const text = useNow((nowUs) => contradictionText(bed, ward.alsoOn(bed.bed), nowUs));
  return text === '' ? null : (
    <p className={`${place}-contradiction`} data-contradiction>
      {text}
    </p>
  );
};

export const Vitals = ({ bed }: { readonly bed: LiveBed }) => (
  <div className="vitals">
    <Reading name="spo2" label="SpO₂" unit="%" tone="spo2" numerics={bed.numerics} codes={SPO2} />
    <Reading name="rr" label="RR" unit="/min" tone="resp" numerics={bed.numerics} codes={RESP_RATE} />
    <PressureReading numerics={bed.numerics} />
    <Reading name="temp" label="Temp" unit="°C" tone="temp" numerics={bed.numerics} codes={TEMPERATURE} />
    <ScoreReading bed={bed} />
  </div>
);

const Tile = ({ name }: { readonly name: string }) => {
  const { open } = useConsole();
  const bed = useBed(name);
  const silent = useNow((nowUs) => bed !== undefined && isSilent(bed.lastFrameUs, nowUs));
  const alarms = (bed?.alarms ?? []).filter(isShown).sort(graverFirst);
  const gravest = alarms[0];
  const flashing = gravest !== undefined && flashes(gravest);
  if (bed === undefined) return null;
  return (
    <article
      className="tile"
      aria-label={`Bed ${name}`}
      data-bed={name}
      data-gravest={gravest?.priority ?? 'none'}
      data-state={gravest?.state ?? 'none'}
      data-flashing={flashing}
      data-silent={silent}
    >
      <header className="tile-head">
        <button type="button" className="tile-name" data-open-bed={name} data-home={name} onClick={() => open(name)}>
          <BedName of={name} />
          <span className="unseen">: open bed</span>
        </button>
        <span className="tile-patient" dir="auto">
          {bed.patient ?? 'no patient'}
        </span>
        <div className="tile-alarms">
          {gravest === undefined ? null : <AlarmChip key={gravest.alarm} alarm={gravest} />}
          {alarms.length > 1 ? <span className="tile-more">+{alarms.length - 1}</span> : null}
        </div>
        <BedButtons bed={bed} words={false} />
      </header>
      <div className="tile-wave">
        <Strip bed={name} lineWidth={1.5} />
        <NoSignal bed={bed} />
        <Contradiction bed={bed} place="tile" />
        <OwnLimits bed={bed} place="tile" />
      </div>
      <HeartRate bed={bed} codes={HEART_RATE} />
      <Vitals bed={bed} />
    </article>
  );
};

export const BedTile = memo(Tile);
