//! Runs in the page before its own scripts: finds the first field to fill in, and records when a letter is in it.

(() => {
  const LETTER = 'm';
  const PATIENCE_MS = 1000;
  const long = { count: 0, total: 0, end: 0 };
  let asked = -Infinity;
  let landed;

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      long.count += 1;
      long.total += duration;
      long.end = Math.max(long.end, startTime + duration);
    }
  }).observe({ type: 'longtask', buffered: true });

  addEventListener(
    'input',
    ({ isTrusted, target }) => {
      if (!isTrusted || target.value !== LETTER) return;
      landed = performance.now();
      asked = -Infinity;
    },
    true,
  );

  requestAnimationFrame(watch);

  globalThis.yardstickFigures = () => ({
    landed,
    holds: holds(field()),
    long,
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    now: performance.now(),
  });
  globalThis.yardstickPassword = () => {
    const password = inputs().find(({ type }) => type === 'password');
    return password && middle(password);
  };

  // If a script removes the letter, or another field gets it, it is typed again, and only the last one counts.
  function watch(now) {
    const empty = field();
    if (empty && !holds(empty) && now - asked > PATIENCE_MS) {
      asked = now;
      globalThis.yardstickAsks(JSON.stringify(middle(empty)));
    }
    requestAnimationFrame(watch);
  }

  function holds(input) {
    return input?.value === LETTER && document.activeElement === input;
  }

  /** On a sign-in page, the first text field is the username. */
  function field() {
    return inputs().find(({ type }) => type === 'text' || type === 'email');
  }

  function inputs() {
    return [...document.querySelectorAll('input')].filter((input) => !input.disabled && !input.readOnly && isInSight(input));
  }

  /** Visible: it has a size, it is painted, and a click in its middle reaches it. */
  function isInSight(input) {
    if (!input.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const { x, y } = middle(input);
    const hit = document.elementFromPoint(x, y);
    return hit === input || [...input.labels].some((label) => label.contains(hit));
  }

  function middle(input) {
    const { left, top, width, height } = input.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  }
})();
