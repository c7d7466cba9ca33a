/** Which limits apply at a bed: the unit's, the patient's own, who set them and until when; and where they are set. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { LiveBed } from '../../../../../schemas/live.ts';
import type { LiveLimit } from '../../../../../schemas/live-limits.ts';
import { neverByHolding, useForgotten } from '../../hand/forgotten.ts';
import { memory } from '../../live/memory.ts';
import { unitText } from '../../logic/numbers/readings.ts';
import { ageText } from '../../logic/time/age.ts';
import { dayText, momentText } from '../../logic/time/clock-text.ts';
import { appliedRange, unitRange } from '../../logic/ward/limits-words.ts';
import { Announcer } from '../announcer.tsx';
import { useConsole, useNow } from '../use-console.ts';
import { LimitForm } from './limit-form.tsx';

const Row = ({ limit, change }: { readonly limit: LiveLimit; readonly change: () => void }) => {
  const own = limit.patient;
  const today = useNow(dayText);
  return (
    <tr data-limit={limit.measure} data-own={own !== undefined}>
      <th scope="row">
        {limit.label} <small>{unitText(limit.unit)}</small>
      </th>
      <td>{unitRange(limit)}</td>
      <td>
        <b>{own === undefined ? '' : appliedRange(limit)}</b>
      </td>
      <td>
        {own === undefined ? null : (
          <>
            {own.by}, {momentText(own.atUs, today).slice(0, -3)} until {momentText(own.untilUs, today).slice(0, -3)}
            {own.reason === '' ? null : <i> {own.reason}</i>}
          </>
        )}
      </td>
      <td>
        <button type="button" data-act className="act" onClick={change}>
          Change<span className="unseen"> {limit.label}</span>
        </button>
      </td>
    </tr>
  );
};

const Table = ({ bed, change }: { readonly bed: LiveBed; readonly change: (limit: LiveLimit) => void }) => {
  const { limits } = bed;
  const age = useNow((nowUs) => (limits === undefined ? '' : ageText(nowUs - limits.atUs)));
  if (limits === undefined) return <p className="ask-note">Asking Vigil which limits apply …</p>;
  return (
    <>
      <p className="ask-note">
        {limits.population}, rules {limits.rules}, {age === 'now' ? 'said now' : `said ${age} ago`}
      </p>
      <table className="limit-table">
        <thead>
          <tr>
            <th scope="col">Limit</th>
            <th scope="col">Unit's</th>
            <th scope="col">Patient's</th>
            <th scope="col">Set by</th>
            <th scope="col">
              <span className="unseen">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {limits.limits.map((limit) => (
            <Row key={limit.measure} limit={limit} change={() => change(limit)} />
          ))}
        </tbody>
      </table>
    </>
  );
};

/** Asked of Vigil as long as nobody has said. */
const useAsked = (bed: LiveBed): void => {
  const { acts } = useConsole();
  const isKnown = bed.limits !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each bed of which nothing is known
  useEffect(() => {
    if (!isKnown) acts.do({ kind: 'show-limits', bed: bed.bed, by: memory.signed()?.name || 'a console' });
  }, [bed.bed, isKnown]);
};

const LimitsDialog = ({ bed, close }: { readonly bed: LiveBed; readonly close: () => void }) => {
  const { acts } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  const [changing, setChanging] = useState<LiveLimit>();
  /** The one who was shown: a form that stands open while another comes into the bed is hers no more. */
  const [patient] = useState(bed.patient);
  const leave = (): void => dialog.current?.close();
  useEffect(() => dialog.current?.showModal(), []);
  useAsked(bed);
  useEffect(() => {
    if (bed.patient !== patient) dialog.current?.close();
  }, [bed.patient, patient]);
  useForgotten(() => {
    leave();
    acts.say(`Limits, bed ${bed.bed}: not answered for a minute, and nothing was done.`);
  });
  return (
    <dialog
      ref={dialog}
      className="ask limits"
      aria-labelledby="limits-heading"
      onClose={close}
      onKeyDown={neverByHolding}
      data-limits={bed.bed}
    >
      <h2 id="limits-heading">
        Limits, bed {bed.bed} <small dir="auto">{bed.patient ?? 'patient not assigned'}</small>
      </h2>
      {changing === undefined ? (
        <>
          <Table bed={bed} change={setChanging} />
          <div className="ask-buttons">
            <button type="button" className="act" onClick={leave}>
              Close
            </button>
          </div>
        </>
      ) : (
        <LimitForm bed={bed} limit={changing} cancel={() => setChanging(undefined)} done={leave} />
      )}
      <Announcer onlyNew />
    </dialog>
  );
};

/** Opens the limits of a bed. */
export const LimitsButton = ({ bed }: { readonly bed: LiveBed }) => {
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <button type="button" data-act className="act" onClick={() => setOpen(true)}>
        Limits
      </button>
      {isOpen ? <LimitsDialog key={bed.bed} bed={bed} close={close} /> : null}
    </>
  );
};
