/** What is shown when the page itself has failed: nobody may take an empty page, or a trace that stands still, for a quiet ward. */
const BEGIN_ANEW_AFTER_MS = 5_000;

/** Only where Vigil gives the page: a browser's own page of an address that does not answer says nothing of monitors, and stays. */
const beginAnew = async (): Promise<void> => {
  const isThere = await fetch(location.pathname, { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isThere) location.reload();
  else beginLater();
};
const beginLater = (): void => {
  window.setTimeout(() => void beginAnew(), BEGIN_ANEW_AFTER_MS);
};

const line = (tag: string, text: string): HTMLElement =>
  Object.assign(document.createElement(tag), { textContent: text });

/** Once; the page is loaded again after a few seconds, or as soon as Vigil answers. */
const showFailure = (): void => {
  if (document.querySelector('.failure') !== null) return;
  const failure = Object.assign(document.createElement('div'), { className: 'failure' });
  failure.setAttribute('role', 'alert');
  failure.append(
    line('b', 'THIS SCREEN HAS FAILED'),
    line(
      'p',
      'Look at the bedside monitors. It begins anew by itself as soon as Vigil answers; its sound must be enabled again then.',
    ),
  );
  document.body.append(failure);
  beginLater();
};

/** Whatever nobody caught, in a view, a frame or a drawing. What a browser only remarks upon carries no error. */
export const tellFailures = (): void =>
  window.addEventListener('error', ({ error }) => {
    if (error !== null && error !== undefined) showFailure();
  });
