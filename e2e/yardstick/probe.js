//! Runs in the page before its own scripts: finds the first field to fill in, and records when a letter is in it, what moves
//! meanwhile, and how soon the page reacts.

(() => {
  const LETTER = 'm';
  const PATIENCE_MS = 1000;
  const long = { count: 0, total: 0, end: 0 };
  let asked = -Infinity;
  let landed;
  let shift = 0;
  let slowestMs = 0;
  let firstPlace;

  // No counter of Chromium includes the memory of WebAssembly, and its inspector hangs when it is asked for these objects.
  const memories = new Set();
  const note = (memory) => memories.add(new WeakRef(memory)) && memory;
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, { construct: (...made) => note(Reflect.construct(...made)) });
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const instantiate = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await instantiate.apply(WebAssembly, given);
      Object.values((made.instance ?? made).exports).filter((one) => one instanceof WebAssembly.Memory).forEach(note);
      return made;
    };
  }

  // Also right after an input, where a person sees it as much.
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) shift += value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) if (interactionId) slowestMs = Math.max(slowestMs, duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });

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
    shift,
    buttonMoves: firstPlace && distance(firstPlace, button()),
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    now: performance.now(),
  });
  /** The bytes of every WebAssembly memory in use. A module may export the one that it was given. */
  globalThis.yardstickMemory = () => {
    const inUse = new Set([...memories].map((memory) => memory.deref()).filter(Boolean));
    return [...inUse].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  };
  /** The longest interaction, once it has been drawn. */
  globalThis.yardstickInteraction = () => new Promise((drawn) => requestAnimationFrame(() => setTimeout(() => drawn(slowestMs))));
  globalThis.yardstickPassword = () => {
    const password = inputs().find(({ type }) => type === 'password');
    return password && middle(password);
  };

  // If a script removes the letter, or another field gets it, it is typed again, and only the last one counts.
  function watch(now) {
    firstPlace ??= button() && middle(button());
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

  /** The button that sends the form. */
  function button() {
    return [...document.querySelectorAll('button, [type=submit]')].find((one) => one.type === 'submit' && one.offsetHeight > 0);
  }

  function distance({ x, y }, element) {
    const now = middle(element);
    return Math.hypot(now.x - x, now.y - y);
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
