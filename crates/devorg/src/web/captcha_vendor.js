// A stand-in for the scripts of hCaptcha and reCAPTCHA: the same calls, and a token without a puzzle.
(() => {
  const { src } = document.currentScript;
  const query = new URL(src).searchParams;
  const isGoogle = src.includes('/captcha/recaptcha/');
  const widgets = [];

  const api = {
    render(container, options) {
      widgets.push({ ...options });
      return widgets.length - 1;
    },
    async execute(id = 0) {
      const { sitekey, callback, 'error-callback': onError } = widgets[id];
      const response = await fetch(new URL(isGoogle ? '/captcha/recaptcha/token' : '/captcha/hcaptcha/token', src), { method: 'POST', body: sitekey });
      const { token, error } = await response.json();
      if (token) callback(token);
      else onError?.(error);
    },
    reset() {},
    ready: (act) => act(),
  };
  globalThis[isGoogle ? 'grecaptcha' : 'hcaptcha'] = api;
  globalThis[query.get('onload')]?.();
})();
