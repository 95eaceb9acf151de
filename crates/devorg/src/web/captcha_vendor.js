// A stand-in for the scripts of hCaptcha and reCAPTCHA: the same calls, and a token without a puzzle.
(() => {
  const { src } = document.currentScript;
  const { pathname, searchParams } = new URL(src);
  const isGoogle = pathname.includes('/recaptcha/');
  const widgets = [];

  const api = {
    render(container, options) {
      widgets.push({ ...options });
      return widgets.length - 1;
    },
    async execute(id = 0) {
      const { sitekey, callback, 'error-callback': onError } = widgets[id];
      const address = new URL(isGoogle ? '/captcha/recaptcha/token' : '/captcha/hcaptcha/token', src);
      const { token, error } = await (await fetch(address, { method: 'POST', body: sitekey })).json();
      if (token) {
        widgets[id].token = token;
        callback?.(token);
      } else {
        onError?.(error);
      }
      return { response: token, key: String(id) };
    },
    reset: (id = 0) => void delete widgets[id]?.token,
    getResponse: (id = 0) => widgets[id]?.token ?? '',
    getRespKey: (id = 0) => String(id),
    setData() {},
    close() {},
    remove() {},
    ready: (act) => act(),
  };
  const name = isGoogle ? 'grecaptcha' : 'hcaptcha';
  globalThis[name] = api;
  globalThis[searchParams.get('onload')]?.();
})();
