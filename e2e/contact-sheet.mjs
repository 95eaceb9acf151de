//! Several pictures side by side in one, each under its title.

const WIDTH = 400;

/** Draws `pictures` in `page` and writes a screenshot to `file`. */
export async function contactSheet(page, pictures, file) {
  const figures = pictures.map(
    ({ title, picture }) => `<figure><figcaption>${title}</figcaption><img src="data:image/png;base64,${picture.toString('base64')}"></figure>`,
  );
  await page.goto('about:blank');
  await page.setViewportSize({ width: pictures.length * (WIDTH + 8) + 8, height: 200 });
  await page.setContent(`<style>
    body { display: flex; gap: 8px; margin: 0; padding: 8px; background: #ddd; font: 14px system-ui, sans-serif; }
    figure { margin: 0; } figcaption { padding-bottom: 4px; } img { display: block; width: ${WIDTH}px; }
  </style>${figures.join('')}`);
  await page.screenshot({ path: file, fullPage: true });
}
