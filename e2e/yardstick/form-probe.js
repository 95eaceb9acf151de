//! Runs in the page before its own scripts: records the first frame in which a person can type a username, and the first one
//! in which a form is there that the page did not come with.

(() => {
  const noted = (globalThis.formProbe = {});
  requestAnimationFrame(watch);

  function watch() {
    const seen = [...document.querySelectorAll('input')].filter(isUsable);
    if (seen.some(({ type }) => type === 'text')) noted.usableMs ??= performance.now();
    if (seen.some((input) => input.type === 'password' && !input.closest('[data-early]'))) noted.programMs ??= performance.now();
    if (noted.programMs === undefined) requestAnimationFrame(watch);
  }

  /** Visible: a click in its middle reaches it. */
  function isUsable(input) {
    const { left, top, width, height } = input.getBoundingClientRect();
    return width > 0 && !input.disabled && document.elementFromPoint(left + width / 2, top + height / 2) === input;
  }
})();
