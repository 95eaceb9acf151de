//! Runs in the page before its own scripts: records the first frame in which a person can type a username, and a password.

(() => {
  const noted = (globalThis.formProbe = {});
  requestAnimationFrame(watch);

  function watch() {
    const seen = [...document.querySelectorAll('input')].filter(isUsable);
    if (seen.some(({ type }) => type === 'text')) noted.usableMs ??= performance.now();
    if (seen.some(({ type }) => type === 'password')) noted.programMs ??= performance.now();
    if (noted.programMs === undefined) requestAnimationFrame(watch);
  }

  /** Visible: a click in its middle reaches it. */
  function isUsable(input) {
    const { left, top, width, height } = input.getBoundingClientRect();
    return width > 0 && !input.disabled && document.elementFromPoint(left + width / 2, top + height / 2) === input;
  }
})();
