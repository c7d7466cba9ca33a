/** Which beds are this screen's own, and what people call it: who has chosen beds is asked first when one of them rings. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { byBedName } from '../logic/ward/bed-order.ts';
import { useConsole, useOrder, useSoundAwake } from './use-console.ts';

const MyBedsDialog = ({ close }: { readonly close: () => void }) => {
  const { screen } = useConsole();
  const order = useOrder();
  const awake = useSoundAwake();
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(screen.told().name);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(screen.told().beds));
  useEffect(() => dialog.current?.showModal(), []);
  const beds = [...new Set([...order, ...chosen])].sort(byBedName);
  const toggle = (bed: string): void => {
    const next = new Set(chosen);
    if (!next.delete(bed)) next.add(bed);
    setChosen(next);
  };
  const leave = (): void => dialog.current?.close();
  const keep = (): void => {
    screen.choose(name.trim(), [...chosen]);
    leave();
  };
  return (
    <dialog ref={dialog} className="ask" aria-labelledby="my-beds-heading" onClose={close} data-my-beds>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <h2 id="my-beds-heading">My beds</h2>
        <p className="ask-note">
          Alarms of the beds chosen here sound here first, and elsewhere when nobody answers. Beds that no screen has
          chosen sound everywhere; with none chosen, this screen hears all. Every screen shows every alarm.
        </p>
        {awake ? null : (
          <p className="ask-warning" role="alert">
            The sound of this screen is off. Until it is on, the beds count as not chosen.
          </p>
        )}
        <label className="ask-name">
          Name of this screen
          <input
            name="screen"
            maxLength={60}
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <fieldset className="my-beds">
          <legend className="unseen">Beds of this screen</legend>
          {beds.map((bed) => (
            <label key={bed}>
              <input type="checkbox" checked={chosen.has(bed)} onChange={() => toggle(bed)} /> {bed}
            </label>
          ))}
        </fieldset>
        <div className="ask-buttons">
          <button type="button" className="act" onClick={leave}>
            Cancel
          </button>
          <button type="submit" className="act act-main">
            Keep
          </button>
        </div>
      </form>
    </dialog>
  );
};

export const MyBeds = () => {
  const { screen } = useConsole();
  const [asked, setAsked] = useState(false);
  const count = useSyncExternalStore(screen.subscribe, () => screen.told().beds.length);
  return (
    <>
      <button type="button" className="sound" title="Beds whose alarms sound here first" onClick={() => setAsked(true)}>
        My beds: {count === 0 ? 'all' : count}
      </button>
      {asked ? <MyBedsDialog close={() => setAsked(false)} /> : null}
    </>
  );
};
